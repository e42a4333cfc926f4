import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../protocol/hash';
import { redirectLogging } from '../../node/logging';
import { encodePrivateReadWriteSet, type ReferencedPrivateSet } from '../ledger/private-data';
import type { TransientStore } from '../ledger/types';
import { retrievePrivateData, type PrivateDataSource } from './private-data-retrieval';

const NS = '_lifecycle';
const encoded = Buffer.from('a private write set');
const candidate = (collection: string, bytes: Uint8Array): Buffer =>
  encodePrivateReadWriteSet([{ namespace: NS, collections: [{ collection, encoded: bytes }] }]);
const reference = (tx: number, collection: string): ReferencedPrivateSet => {
  return { block: 7, tx, txId: `tx${tx}`, namespace: NS, collection, hash: sha256(encoded) };
};

let restore: () => void;
let stored: Map<string, Uint8Array[]>;
const transientStore: TransientStore = {
  put: () => Promise.reject(new Error('nothing is put')),
  get: (txId) => Promise.resolve(stored.get(txId) ?? []),
  purge: () => Promise.resolve(),
};

beforeEach(() => {
  restore = redirectLogging(() => undefined);
  stored = new Map();
});
afterEach(() => restore());

const retrieve = (referenced: ReferencedPrivateSet[], source?: PrivateDataSource) =>
  retrievePrivateData(referenced, {
    channelId: 'parking-channel',
    transientStore,
    source,
    isMember: (_, collection) => Promise.resolve(collection === 'own'),
  });

describe('private data of a block', () => {
  it('comes from the transient store, whichever of several candidates has the hash', async () => {
    stored.set('tx0', [
      Buffer.from([0xff]),
      candidate('own', Buffer.from('forged')),
      candidate('own', encoded),
    ]);
    const { held, missing } = await retrieve([reference(0, 'own')]);
    expect(held.get(0)).toEqual([{ namespace: NS, collections: [{ collection: 'own', encoded }] }]);
    expect(missing).toEqual([]);
  });

  it('is asked for only where this peer is a member', async () => {
    const asked: string[] = [];
    const source: PrivateDataSource = {
      fetch: (_, txId, block, tx, wanted) => {
        asked.push(`${txId} ${block} ${tx} ${wanted.map(({ collection }) => collection).join()}`);
        return Promise.resolve(candidate('own', encoded));
      },
    };
    const { held, missing } = await retrieve([reference(0, 'foreign'), reference(1, 'own')], source);
    expect(asked).toEqual(['tx1 7 1 own']);
    expect([...held.keys()]).toEqual([1]);
    expect(missing).toEqual([]);
  });

  it('is waited for while another peer hands it over, and not much longer', async () => {
    let asked = 0;
    const source: PrivateDataSource = {
      fetch: () => {
        asked += 1;
        if (asked === 2) stored.set('tx0', [candidate('own', encoded)]);
        return Promise.reject(new Error('no peer answers'));
      },
    };
    const { held, missing } = await retrieve([reference(0, 'own'), reference(1, 'own')], source);
    expect([...held.keys()]).toEqual([0]);
    expect(missing).toEqual([reference(1, 'own')]);
    expect(asked).toBeGreaterThan(2);
  });
});
