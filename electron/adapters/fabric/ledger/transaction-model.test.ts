import { readFileSync } from 'node:fs';
import path from 'node:path';
import { common } from '@hyperledger/fabric-protos';
import { describe, expect, test } from 'vitest';
import { LedgerBlock } from '../../../../network/protocol/inspection/ledger-block';
import { ledgerBlockSchema, ledgerTransactionSchema } from '../../../api/ledger-models';
import { blockModel } from './block-model';
import { Contents } from './contents';
import { partOf, transactionModel } from './transaction-model';
import { withPreviousValues } from './previous-values';

const fixtures = path.resolve(import.meta.dirname, '../../../../network/protocol/fixtures');
/** Blocks that genuine nodes wrote. */
const block = (number: number): LedgerBlock =>
  LedgerBlock.fromBytes(readFileSync(path.join(fixtures, `parking-channel-${number}.block`)));
const numbers = [0, 1, 4, 5, 266, 267, 268, 269, 270, 271, 272, 273, 274, 275];

const place = (at: LedgerBlock, position = 0) => {
  const transaction = at.transactions[position];
  if (transaction === undefined) throw new Error(`block ${at.number} has no transaction ${position}`);
  const channel = 'parking-channel';
  return { channel, block: at, transaction, previous: undefined, readFrom: 'peer0.test' };
};
const show = (at: LedgerBlock, position = 0) => transactionModel(place(at, position), new Contents());

test.each(numbers)('block %i and its transactions go over the wire whole', (number) => {
  const read = block(number);
  const shown = blockModel('parking-channel', read, { name: 'peer0.test', height: 276 });
  expect(ledgerBlockSchema.parse(JSON.parse(JSON.stringify(shown)))).toEqual(shown);
  expect(shown).toMatchObject({ number: String(number), undecodable: [] });
  expect(shown.transactions.length).toBeGreaterThan(0);
  for (const { position } of read.transactions) {
    const transaction = show(read, position);
    expect(ledgerTransactionSchema.parse(JSON.parse(JSON.stringify(transaction)))).toEqual(transaction);
    expect(transaction).toMatchObject({ blockNumber: String(number), position, undecodable: [] });
  }
});

test('who endorsed is named, with role and certificate, and each asked value can be had as bytes', () => {
  const placed = place(block(272));
  const { actions, endorsement } = show(block(272));
  const [action] = actions;
  expect(action?.endorsements.length).toBeGreaterThan(0);
  for (const { endorser, signature } of action?.endorsements ?? []) {
    expect(endorser).toMatchObject({ role: 'peer', problem: null });
    expect(endorser.subject).toContain(endorser.commonName ?? 'nobody');
    expect(signature).toMatch(/^30/);
  }
  expect(endorsement?.endorsers).toHaveLength(action?.endorsements.length ?? 0);
  const [name] = action?.args ?? [];
  if (name?.kind !== 'text') throw new Error('the function is text');
  expect(Buffer.from(partOf(placed, name.part) ?? []).toString()).toBe(name.text);
  expect(partOf(placed, 'envelope')).toEqual(placed.transaction.bytes);
  expect(JSON.parse(Buffer.from(partOf(placed, 'json') ?? []).toString())).toHaveProperty('payload');
  expect(partOf(placed, 'actions.9.args.0')).toBeUndefined();
});

test('the first configuration has nothing before it', () => {
  expect(show(block(0))).toMatchObject({
    type: 'CONFIG',
    configuration: { sequence: '0', comparedWith: 'first', changes: [] },
    actions: [],
    endorsement: null,
  });
});

describe('what is no transaction', () => {
  test('is shown as bytes, with the reason', () => {
    const broken = new common.Block();
    broken.setHeader(new common.BlockHeader());
    const data = new common.BlockData();
    data.addData(Uint8Array.of(0xff, 0xff, 0xff));
    broken.setData(data);
    const read = new LedgerBlock(broken);
    const shown = show(read);
    expect(shown).toMatchObject({ type: null, transactionId: null, status: 'NOT_VALIDATED', actions: [] });
    expect(shown.undecodable.length).toBeGreaterThan(0);
    expect(shown.undecodable[0]).toMatchObject({ what: 'envelope', bytes: { kind: 'bytes', hex: 'ffffff' } });
    const [line] = blockModel('c', read, { name: 'peer0.test', height: 1 }).undecodable;
    expect(line?.reason).not.toBe('');
  });
});

describe('values', () => {
  const text = (length: number) => Buffer.from('ü'.repeat(length / 2));

  test('of 10 MB are begun only, at a whole character, and say their size', () => {
    const content = new Contents().of('big', text(10_000_001));
    if (content.kind !== 'text') throw new Error('it is text');
    expect(content).toMatchObject({ size: 10_000_000, isWhole: false, part: 'big' });
    expect(content.text).toMatch(/^ü+$/);
    expect(content.text.length).toBeLessThan(20_000);
  });

  test('are shorter where there are very many of them', () => {
    const contents = new Contents();
    const shown = Array.from({ length: 1_000 }, (_, index) => contents.of(String(index), text(16_000)));
    const all = shown.reduce((sum, content) => sum + (content.kind === 'text' ? content.text.length : 0), 0);
    expect(all).toBeLessThan(2_000_000);
    expect(shown.at(-1)).toMatchObject({ size: 16_000, isWhole: false });
  });

  test.each([
    ['nothing', '', { kind: 'empty' }],
    ['text', 'SPOT-12', { kind: 'text', text: 'SPOT-12', isWhole: true }],
    ['JSON', '{"n":18446744073709551615}', { kind: 'json', text: '{"n":18446744073709551615}' }],
    ['bytes', '\0\u0001', { kind: 'bytes', hex: '0001' }],
  ])('that are %s are told as that', (_kind, value, expected) => {
    expect(new Contents().of('p', Buffer.from(value))).toMatchObject(expected);
  });
});

describe('what a key held before', () => {
  const all = numbers.flatMap((number) =>
    block(number).transactions.map(({ position }) => show(block(number), position)),
  );
  const writes = async (earlier: (number: number) => Promise<LedgerBlock | undefined>) =>
    (await Promise.all(all.map(({ actions }) => withPreviousValues(actions, earlier))))
      .flat()
      .flatMap(({ namespaces }) =>
        namespaces.flatMap((one) => one.writes.map((write) => ({ ...one, write }))),
      );

  test('is the value in the block that its read names', async () => {
    const found = await writes((number) =>
      Promise.resolve(numbers.includes(number) ? block(number) : undefined),
    );
    const known = found.filter(({ write }) => write.before.kind === 'value');
    expect(known.length).toBeGreaterThan(0);
    for (const { name, reads, write } of known) {
      if (write.before.kind !== 'value') continue;
      const { version, value } = write.before;
      expect(reads.find(({ key }) => key === write.key)?.version).toEqual(version);
      const writer = show(block(Number(version.block)), version.position);
      const there = writer.actions
        .flatMap(({ namespaces }) => namespaces)
        .filter((namespace) => namespace.name === name)
        .flatMap((namespace) => namespace.writes)
        .find(({ key }) => key === write.key);
      expect({ ...value, part: '' }).toEqual({ ...there?.value, part: '' });
    }
  });

  test('is not guessed where that block is not there', async () => {
    const found = await writes(() => Promise.resolve(undefined));
    const unknown = found.filter(({ write }) => write.before.kind === 'unknown');
    expect(found.some(({ write }) => write.before.kind === 'value')).toBe(false);
    expect(
      unknown.map(({ write }) => (write.before.kind === 'unknown' ? write.before.reason : '')),
    ).toContainEqual(expect.stringMatching(/^No peer that answers has block \d+\.$/));
  });
});
