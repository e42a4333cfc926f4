import { common, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { namespace, read, set, transaction, write, type Entry } from '../embedded/peer/ledger/testing-blocks';
import { blockData, createBlock } from './block';
import { endorsedActionOf } from './chaincode-action';
import { findReadConflict, type ReadConflict } from './conflict';
import { referenceBlock } from './fixtures/blocks';

const { VALID, MVCC_READ_CONFLICT } = peer.TxValidationCode;

const idAt = (block: common.Block, tx: number): string =>
  endorsedActionOf(blockData(block)[tx] ?? new Uint8Array())?.transactionId ?? '';

describe('in blocks of genuine peers', () => {
  it.each([
    [272, 'key', 'CTR'],
    [273, 'range', 'SPOT-003'],
  ] as const)(
    'finds who wrote first what the invalid transaction of block %i had read',
    async (number, reads, key) => {
      const block = referenceBlock('parking-channel', number);
      const found = await findReadConflict({
        block,
        transactionId: idAt(block, 1),
        reads,
        earlier: () => Promise.reject(new Error('the block itself says it')),
        most: 10,
      });
      expect(found).toMatchObject({
        kind: reads,
        namespace: 'demo',
        key,
        writer: { block: number, tx: 0, transactionId: idAt(block, 0) },
      });
    },
  );
});

/** Blocks from number 10; in the last, the transaction `loser` was invalidated. */
function chain(...blocks: readonly (readonly Uint8Array[])[]) {
  const made = blocks.map((transactions, index) => {
    const block = createBlock(10 + index, new Uint8Array(), [...transactions]);
    const metadata = block.getMetadata() ?? new common.BlockMetadata();
    const fields = metadata.getMetadataList_asU8();
    const last = index === blocks.length - 1;
    fields[common.BlockMetadataIndex.TRANSACTIONS_FILTER] = Uint8Array.from(
      transactions.map((_, tx) => (last && tx === transactions.length - 1 ? MVCC_READ_CONFLICT : VALID)),
    );
    metadata.setMetadataList(fields);
    block.setMetadata(metadata);
    return block;
  });
  const asked: number[] = [];
  const find = (reads: ReadConflict['kind'] = 'key', most = 100) =>
    findReadConflict({
      block: made.at(-1) ?? new common.Block(),
      transactionId: 'loser',
      reads,
      earlier: (number) => {
        asked.push(number);
        return Promise.resolve(made[number - 10]);
      },
      most,
    });
  return { asked, find };
}

const writes = (id: string, ...entries: Entry[]) =>
  transaction('c', id, namespace('parking', set(...entries)));

describe('in blocks before', () => {
  it('finds the last write of the key, and looks no further back than what was read', async () => {
    const { asked, find } = chain(
      [writes('read', write('SPOT-1', 'a'))],
      [writes('first', write('SPOT-1', 'b'))],
      [writes('other', write('SPOT-2', 'b')), writes('winner', write('SPOT-1', 'c'))],
      [writes('unrelated', write('SPOT-3', 'c'))],
      [writes('loser', read('SPOT-1', { block: 10, tx: 0 }), write('SPOT-1', 'd'))],
    );
    expect(await find()).toEqual({
      kind: 'key',
      namespace: 'parking',
      collection: undefined,
      key: 'SPOT-1',
      read: { block: 10, tx: 0 },
      writer: { block: 12, tx: 1, transactionId: 'winner' },
    });
    expect(asked).toEqual([13, 12]);
  });

  it('takes no write for the culprit that was read, and no deletion of what was not there', async () => {
    const { asked, find } = chain(
      [writes('made', write('A', '1')), writes('deleted', write('B'))],
      [writes('loser', read('A', { block: 10, tx: 0 }), read('B'))],
    );
    expect(await find()).toBeUndefined();
    expect(asked).toEqual([10, 9]);
  });

  it('finds what came into being after it was not there, or was deleted', async () => {
    const made = chain([writes('winner', write('A', '1'))], [writes('loser', read('A'))]);
    expect(await made.find()).toMatchObject({ read: undefined, writer: { transactionId: 'winner' } });
    const gone = chain([writes('winner', write('A'))], [writes('loser', read('A', { block: 3, tx: 0 }))]);
    expect(await gone.find()).toMatchObject({ key: 'A', read: { block: 3, tx: 0 } });
  });

  it('gives up at its bound', async () => {
    const { asked, find } = chain(
      [writes('winner', write('A', '1'))],
      [writes('x', write('X', '1'))],
      [writes('x', write('X', '1'))],
      [writes('loser', read('A', { block: 3, tx: 0 }))],
    );
    expect(await find('key', 2)).toBeUndefined();
    expect(asked).toEqual([12, 11]);
  });
});
