import { describe, expect, test } from 'vitest';
import { cleanText, partsOf, readLine } from './log-line';
import type { LogLine } from './log-line';
import { transactionsIn } from './transaction-ids';

const read = (text: string, before?: LogLine) => readLine('peer0.alpha.test', text, 'a:0', before);

describe('a line', () => {
  test('of a genuine node, colours and all', () => {
    const line = read(
      '\u001b[34m2026-11-22 11:52:41.124 UTC 0157 INFO\u001b[0m [orderer.consensus.etcdraft] \u001b[34;1mpropose\u001b[0m -> Created block [2] channel=wallet-channel',
    );
    expect(line).toMatchObject({
      level: 'info',
      time: Date.parse('2026-11-22T11:52:41.124Z'),
      continues: false,
    });
    expect(partsOf(line)).toEqual({
      logger: 'orderer.consensus.etcdraft',
      body: 'propose -> Created block [2] channel=wallet-channel',
      functionLength: 7,
      sequence: '0157',
    });
  });

  test.each([
    ['DEBU', 'debug'],
    ['WARN', 'warn'],
    ['ERRO', 'error'],
    ['PANI', 'error'],
    ['FATA', 'error'],
  ])('of level %s', (written, level) => {
    expect(read(`2026-11-22 11:52:41.124 UTC 0157 ${written} [x] f -> y`).level).toBe(level);
  });

  test('of a contract, as fabric-shim writes it and as the contract itself does', () => {
    const shim = read(
      '2026-11-22T11:52:35.257Z \u001b[31merror\u001b[39m [c-api:lib/handler.js]      it failed  ',
    );
    expect(shim).toMatchObject({ level: 'error', time: Date.parse('2026-11-22T11:52:35.257Z') });
    expect(partsOf(shim)).toMatchObject({ logger: 'c-api:lib/handler.js', body: 'it failed  ' });
    const own = read('2026-11-22T11:52:35.257Z contract charging 1.0 serves charging_1.0:9967');
    expect(own.level).toBe('info');
    expect(partsOf(own)).toMatchObject({
      logger: null,
      body: 'contract charging 1.0 serves charging_1.0:9967',
    });
  });

  test('that continues a message has its time and level', () => {
    const head = read('2026-11-22 11:52:41.124 UTC 0157 WARN [nodeCmd] serve -> Starting peer:');
    const more = read(' Version: v2.5.4', head);
    expect(more).toMatchObject({ level: 'warn', time: head.time, continues: true });
    expect(partsOf(more).body).toBe(' Version: v2.5.4');
    expect(read(' OS/Arch: linux/amd64', more)).toMatchObject({ level: 'warn', continues: true });
  });

  test.each([
    'panic: runtime error: index out of range',
    'TypeError: x is not a function',
    'goroutine 1 [running]:',
  ])('without any format that says the end of a program is an error: %s', (text) => {
    expect(read(text, read('2026-11-22 11:52:41.124 UTC 0157 INFO [x] f -> y')).level).toBe('error');
  });

  test('without a format and with nothing before it is shown as it is', () => {
    const line = read('(node:26322) DeprecationWarning: start() is not needed');
    expect(line).toMatchObject({ level: 'info', continues: false, time: Number.NaN });
    expect(partsOf(line).body).toBe(line.text);
  });

  test('of binary garbage can be shown', () => {
    expect(cleanText('a\u0000b\u001bc\td\u007f\u202e\ufffd')).toBe('a␀b␛c    d␡�\ufffd');
    expect(cleanText('a\tb\u0000', '\t')).toBe('a\tb␀');
    expect(cleanText('\u001b]0;title\u0007\u001b[1;31mred\u001b[0m')).toBe('red');
  });
});

describe('transactions in a line', () => {
  const id = 'a1b2c3d4'.repeat(8);
  const ids = (text: string) => transactionsIn(text).map((mention) => mention.id);

  test('are found by what stands before them', () => {
    expect(ids(`finished chaincode: qscc duration: 0ms channel=c txID=a1b2c3d4`)).toEqual(['a1b2c3d4']);
    expect(ids(`[parking-channel][a1b2c3d4] endorsing`)).toEqual(['a1b2c3d4']);
    expect(ids(`transaction ${id} is invalid`)).toEqual([id]);
    expect(ids(`"txid":"${id}" and ${id}`)).toEqual([id]);
    expect(ids(`[parking-channel-a1b2c3d4] Calling chaincode Invoke()`)).toEqual(['a1b2c3d4']);
  });

  test('are not hashes, packages, or other numbers', () => {
    expect(ids(`serves parking_1.0:${id} on 127.0.0.1`)).toEqual([]);
    expect(ids(`block hash=${id} hash [${id}]`)).toEqual([]);
    expect(ids(`node a1b2c3d4 started 12345678`)).toEqual([]);
    expect(ids(`${id}ff x${id}`)).toEqual([]);
  });
});
