import { common } from '@hyperledger/fabric-protos';
import { expect, test } from 'vitest';
import { blockData, createBlock } from '../../../network/protocol/block';
import { channelHeaderOf, payloadOf } from '../../../network/protocol/envelope';
import { referenceBlock } from '../../../network/protocol/fixtures/blocks';
import { blockSummary } from './block-summary';

const NOTHING = new Uint8Array();

/** A block 0 whose configuration claims this time. */
function claiming(change: (header: common.ChannelHeader) => void): common.Block {
  const header = channelHeaderOf({ type: common.HeaderType.CONFIG, channelId: 'city' });
  change(header);
  const envelope = new common.Envelope();
  envelope.setPayload(payloadOf(header.serializeBinary(), NOTHING, NOTHING).serializeBinary());
  return createBlock(0, NOTHING, [envelope.serializeBinary()]);
}

const timeOf = (block: common.Block) => blockSummary(block).transactions[0]?.claimedTime;

test('block 0 is as old as its header says', () => {
  expect(timeOf(referenceBlock('parking-channel', 0))).toMatch(/^2026-/);
});

test('without a time, or with a time of zero, its age is not known', () => {
  expect(timeOf(claiming((header) => header.clearTimestamp()))).toBeNull();
  expect(timeOf(claiming((header) => header.getTimestamp()?.setSeconds(0)))).toBeNull();
});

test('a transaction that cannot be read does not hide the others', () => {
  const [first = NOTHING] = blockData(referenceBlock('parking-channel', 272));
  const { transactions } = blockSummary(createBlock(1, NOTHING, [Buffer.from([0xff]), first]));
  expect(transactions[0]).toMatchObject({ type: 'undecodable', transactionId: '', contract: null });
  expect(transactions[1]).toMatchObject({ contract: 'demo', status: 'NOT_VALIDATED' });
});
