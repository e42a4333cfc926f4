import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../protocol/hash';
import { validationCodeName } from '../../../protocol/validation-code';
import { Metrics } from '../../node/metrics';
import { redirectLogging } from '../../node/logging';
import { LevelChannelLedger, type LedgerOptions } from './channel-ledger';
import { ledgerMetrics } from './ledger-metrics';
import { encodePrivateReadWriteSet, matchingPrivateSet, NO_PRIVATE_DATA } from './private-data';
import {
  collection,
  hashedWrite,
  namespace,
  nextBlock,
  read,
  set,
  transaction,
  write,
  type Entry,
} from './testing-blocks';
import type { CommittedBlock } from './types';

const CHANNEL = 'parking-channel';
const NS = 'parking';
const options: LedgerOptions = {
  blockToLive: () => (_, name) => Promise.resolve(name === 'brief' ? 1 : 0),
  mayHold: () => Promise.resolve(true),
};
const nothing = () => Promise.resolve(NO_PRIVATE_DATA);

let folder: string;
let ledger: LevelChannelLedger;
let restore: () => void;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ledger-'));
  restore = redirectLogging(() => undefined);
  ledger = await LevelChannelLedger.open(folder, CHANNEL, options);
});

afterEach(async () => {
  await ledger.close();
  restore();
  await rm(folder, { recursive: true });
});

async function reopen(): Promise<void> {
  await ledger.close();
  ledger = await LevelChannelLedger.open(folder, CHANNEL, options);
}

const tx = (id: string, ...entries: readonly Entry[]): Buffer =>
  transaction(CHANNEL, id, namespace(NS, set(...entries)));
const commit = (...transactions: readonly Buffer[]): Promise<CommittedBlock> =>
  ledger.commit(nextBlock(ledger, ...transactions), nothing);
const codes = ({ transactions }: CommittedBlock): string[] =>
  transactions.map(({ code }) => validationCodeName(code));
const text = (value: Uint8Array | undefined): string | undefined => value && Buffer.from(value).toString();

describe('a snapshot', () => {
  it('is not moved by later commits, and says at which height it was taken', async () => {
    await commit(tx('1', write('spot', 'free'), write('other', 'x')));
    const before = await ledger.snapshot();
    await commit(tx('2', write('spot', 'taken'), write('other')));
    const after = await ledger.snapshot();
    expect([before.height, after.height]).toEqual([1, 2]);
    expect(text((await before.get(NS, 'spot'))?.value)).toBe('free');
    expect((await before.get(NS, 'other'))?.version).toEqual({ block: 0, tx: 0 });
    expect(text((await after.get(NS, 'spot'))?.value)).toBe('taken');
    expect(await after.get(NS, 'other')).toBeUndefined();
    await Promise.all([before.close(), after.close()]);
  });

  it('scans a range in the byte order of UTF-8, its end excluded', async () => {
    const keys = ['a', 'ab', 'b', 'é', '\uFF5E', '\u{1F697}'];
    await commit(tx('1', ...keys.map((key) => write(key, key))));
    const snapshot = await ledger.snapshot();
    const scan = async (start: string, end: string): Promise<string[]> => {
      const found: string[] = [];
      for await (const { key } of snapshot.range(NS, start, end)) found.push(key);
      return found;
    };
    expect(await scan('', '')).toEqual(keys);
    expect(await scan('ab', 'é')).toEqual(['ab', 'b']);
    expect(await scan('\uFF5E', '')).toEqual(['\uFF5E', '\u{1F697}']);
    await snapshot.close();
  });

  it('tells the history of a key, newest first, and no other key’s', async () => {
    await commit(tx('1', write('k', 'one'), write('k\0\x01\x05', 'neighbour')));
    await commit(tx('2', write('k', 'two')), tx('3', write('k')));
    const snapshot = await ledger.snapshot();
    await commit(tx('4', write('k', 'later')));
    const history = [];
    for await (const { txId, value, isDelete, timestamp } of snapshot.history(NS, 'k')) {
      history.push([txId, text(value), isDelete, timestamp.seconds]);
    }
    const time = Date.parse('2026-11-22T09:00:00Z') / 1000;
    expect(history).toEqual([
      ['3', '', true, time],
      ['2', 'two', false, time],
      ['1', 'one', false, time],
    ]);
    await snapshot.close();
  });
});

describe('committing', () => {
  it('invalidates reads that an earlier transaction of the block has overtaken', async () => {
    await commit(tx('1', write('n', '1')));
    const at = { block: 0, tx: 0 };
    const committed = await commit(
      tx('2', read('n', at), write('n', '2')),
      tx('3', read('n', at), write('n', '3')),
      tx('4', read('absent'), write('absent', '1')),
    );
    expect(codes(committed)).toEqual(['VALID', 'MVCC_READ_CONFLICT', 'VALID']);
  });

  it('tells listeners in order, once block and state can be read', async () => {
    const heard: unknown[] = [];
    const end = ledger.onCommit(({ number, transactions }) => {
      heard.push([number, ledger.height, transactions.map(({ txId }) => txId)]);
    });
    await commit(tx('1', write('a', '1')));
    await commit(tx('2', write('a', '2')), tx('3', write('b', '2')));
    end();
    await commit(tx('4', write('a', '3')));
    expect(heard).toEqual([
      [0, 1, ['1']],
      [1, 2, ['2', '3']],
    ]);
  });

  it('finds blocks and transactions by id and hash, the first of several with one id', async () => {
    await commit(tx('one', write('a', '1')));
    const hash = ledger.currentBlockHash;
    await commit(tx('one', write('a', '2')), tx('two', write('b', '1')));
    await reopen();
    expect((await ledger.blockByHash(hash))?.getHeader()?.getNumber()).toBe(0);
    expect((await ledger.blockByTxId('one'))?.getHeader()?.getNumber()).toBe(0);
    expect(await ledger.outcome('two')).toEqual({ code: 0, block: 1 });
    expect(await ledger.outcome('three')).toBeUndefined();
    expect((await ledger.transaction('two'))?.getValidationcode()).toBe(0);
    expect(await ledger.known(['two', 'three', ''])).toEqual(new Set(['two']));
    expect(await ledger.block(2)).toBeUndefined();
  });

  it('counts as genuine peers do', async () => {
    const metrics = new Metrics();
    await ledger.close();
    ledger = await LevelChannelLedger.open(folder, CHANNEL, { ...options, metrics: ledgerMetrics(metrics) });
    await commit(tx('1', write('a', '1')));
    const page = await metrics.text();
    expect(page).toContain(`ledger_blockchain_height{channel="${CHANNEL}"} 1`);
    expect(page).toContain(
      `ledger_transaction_count{chaincode="contract:1.0",channel="${CHANNEL}",transaction_type="ENDORSER_TRANSACTION",validation_code="VALID"} 1`,
    );
    expect(page).toContain(`ledger_statedb_commit_time_bucket{channel="${CHANNEL}",le="0.015"}`);
  });
});

describe('private data', () => {
  const secret = set(write('plate', 'B-CF 1'));
  const sets = [{ namespace: NS, collections: [{ collection: 'brief', encoded: secret }] }];
  const cleartext = encodePrivateReadWriteSet(sets);
  const hidden = (id: string): Buffer =>
    transaction(
      CHANNEL,
      id,
      namespace(NS, set(), collection('brief', secret, hashedWrite('plate', 'B-CF 1'))),
    );
  const plate = async () => {
    const snapshot = await ledger.snapshot();
    const value = await snapshot.getPrivate(NS, 'brief', 'plate');
    const hash = await snapshot.getPrivateHash(NS, 'brief', sha256(Buffer.from('plate')));
    await snapshot.close();
    return { value: text(value?.value), hash: hash?.valueHash };
  };

  it('is applied with its block, survives, and expires with its collection’s lifetime', async () => {
    await ledger.transientStore.put('1', 0, cleartext);
    await reopen();
    const [candidate] = await ledger.transientStore.get('1');
    await ledger.commit(nextBlock(ledger, hidden('1')), ([wanted]) => {
      if (wanted === undefined || candidate === undefined) throw new Error('nothing is referred to');
      expect(matchingPrivateSet(candidate, wanted)).toEqual(secret);
      expect(matchingPrivateSet(candidate, { ...wanted, hash: sha256() })).toBeUndefined();
      expect(matchingPrivateSet(Buffer.from([0xff]), wanted)).toBeUndefined();
      return Promise.resolve({ held: new Map([[0, sets]]), missing: [] });
    });
    const expected = { value: 'B-CF 1', hash: sha256(Buffer.from('B-CF 1')) };
    expect(await plate()).toEqual(expected);
    expect(await ledger.transientStore.get('1')).toEqual([]);
    await commit(tx('2', write('a', '1')));
    expect(await plate()).toEqual(expected);
    await commit(tx('3', write('a', '2')));
    expect(await plate()).toEqual({ value: undefined, hash: undefined });
  });

  it('is missing when it cannot be had, and taken in later if it matches', async () => {
    await ledger.commit(nextBlock(ledger, hidden('1')), (referenced) =>
      Promise.resolve({ held: new Map(), missing: referenced }),
    );
    const [missing] = await ledger.missingPrivateData(10);
    if (missing === undefined) throw new Error('nothing is missing');
    expect(missing).toMatchObject({ block: 0, tx: 0, namespace: NS, collection: 'brief' });
    expect(await ledger.txIdAt(0, 0)).toBe('1');
    const forged = [
      { namespace: NS, collections: [{ collection: 'brief', encoded: set(write('plate', 'x')) }] },
    ];
    expect(await ledger.reconcile(missing, encodePrivateReadWriteSet(forged))).toBe(false);
    expect((await plate()).value).toBeUndefined();
    expect(await ledger.reconcile(missing, cleartext)).toBe(true);
    expect((await plate()).value).toBe('B-CF 1');
    expect(await ledger.missingPrivateData(10)).toEqual([]);
    expect(await ledger.privateData(0, 0)).toEqual(sets);
  });

  it('is sought again after the database that held it was lost', async () => {
    await ledger.commit(nextBlock(ledger, hidden('1')), () =>
      Promise.resolve({ held: new Map([[0, sets]]), missing: [] }),
    );
    await ledger.close();
    await rm(path.join(folder, 'state'), { recursive: true });
    ledger = await LevelChannelLedger.open(folder, CHANNEL, options);
    expect(await ledger.missingPrivateData(10)).toHaveLength(1);
    expect((await plate()).value).toBeUndefined();
  });

  it('leaves the transient store when its transaction was never ordered', async () => {
    await ledger.transientStore.put('lost', 3, cleartext);
    await ledger.transientStore.put('fresh', 9, cleartext);
    await ledger.transientStore.purgeBelow(9);
    expect(await ledger.transientStore.get('lost')).toEqual([]);
    expect(await ledger.transientStore.get('fresh')).toEqual([cleartext]);
  });
});
