import { common, ledger, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { blockData } from '../../../protocol/block';
import { referenceBlock } from '../../../protocol/fixtures/blocks';
import { ReadWriteSet } from './read-write-set';

const { rwset } = ledger;
const { kvrwset } = rwset;

describe('read/write set', () => {
  it.each([5, 270, 271, 272, 273, 275])(
    'is built to the bytes genuine peers wrote into parking-channel block %i, whatever the order of access',
    (number) => {
      for (const bytes of simulationResults(referenceBlock('parking-channel', number))) {
        expect(hex(rebuilt(bytes))).toBe(hex(bytes));
      }
    },
  );

  it('sorts by UTF-8 bytes, not by UTF-16 units', () => {
    const set = new ReadWriteSet();
    for (const key of ['\u{10FFFF}', '\uFFFD', 'a']) set.addRead('ns', key, undefined);
    const [namespace] = set.results().publicSet.getNsRwsetList();
    const reads = kvrwset.KVRWSet.deserializeBinary(namespace?.getRwset_asU8() ?? new Uint8Array());
    expect(reads.getReadsList().map((read) => read.getKey())).toEqual(['a', '\uFFFD', '\u{10FFFF}']);
  });

  it('records an empty value as a deletion', () => {
    const set = new ReadWriteSet();
    set.addWrite('ns', 'k', new Uint8Array());
    const [namespace] = set.results().publicSet.getNsRwsetList();
    const [write] = kvrwset.KVRWSet.deserializeBinary(
      namespace?.getRwset_asU8() ?? new Uint8Array(),
    ).getWritesList();
    expect(write?.getIsDelete()).toBe(true);
  });
});

/** The simulation results of a block's endorser transactions. */
function simulationResults(block: common.Block): Uint8Array[] {
  return blockData(block).map((envelope) => {
    const payload = common.Payload.deserializeBinary(
      common.Envelope.deserializeBinary(envelope).getPayload_asU8(),
    );
    const transaction = peer.Transaction.deserializeBinary(payload.getData_asU8());
    const [action] = transaction.getActionsList();
    const endorsed = peer.ChaincodeActionPayload.deserializeBinary(
      action?.getPayload_asU8() ?? new Uint8Array(),
    );
    const response = peer.ProposalResponsePayload.deserializeBinary(
      endorsed.getAction()?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
    );
    return peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()).getResults_asU8();
  });
}

/** The same reads and writes, fed backwards. */
function rebuilt(bytes: Uint8Array): Uint8Array {
  const set = new ReadWriteSet();
  for (const namespace of rwset.TxReadWriteSet.deserializeBinary(bytes).getNsRwsetList().reverse()) {
    const name = namespace.getNamespace();
    const content = kvrwset.KVRWSet.deserializeBinary(namespace.getRwset_asU8());
    for (const read of content.getReadsList().reverse()) {
      const version = read.getVersion();
      set.addRead(
        name,
        read.getKey(),
        version === undefined ? undefined : { block: version.getBlockNum(), tx: version.getTxNum() },
      );
    }
    for (const write of content.getWritesList().reverse()) {
      set.addWrite(name, write.getKey(), write.getIsDelete() ? undefined : write.getValue_asU8());
    }
    for (const query of content.getRangeQueriesInfoList()) set.addRangeQuery(name, query);
  }
  return set.results().publicSet.serializeBinary();
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
