import { common } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import {
  blockData,
  blockDataHash,
  blockHeader,
  blockHeaderBytes,
  blockHeaderHash,
  lastConfigIndex,
  signaturesMetadata,
} from '../../protocol/block';
import { ChannelConfig } from '../../protocol/channel-config';
import { createEnvelope } from '../../protocol/envelope';
import {
  ALPHA_CHANNEL,
  broadcast,
  CHANNEL,
  deliver,
  seekEnvelope,
  seekInfo,
  transaction,
} from './test-network';
import { useOrderer } from './test-orderer';

const test = useOrderer();

describe('ordering', () => {
  it('chains and signs blocks so that BlockValidation is met, and keeps envelopes byte for byte', async () => {
    await test.joinChannel();
    const sent = ['one', 'two', 'three', 'four'].map((text) =>
      transaction(test.alpha, CHANNEL, Buffer.from(text)),
    );
    for (const envelope of sent) {
      expect(await broadcast(test.client, envelope)).toEqual({ status: common.Status.SUCCESS, info: '' });
    }
    const { blocks, status } = await deliver(
      test.client,
      seekEnvelope(test.beta, CHANNEL, seekInfo('oldest', 2)),
    );
    expect(status).toBe(common.Status.SUCCESS);
    expect(blocks.map((block) => blockData(block).length)).toEqual([1, 3, 1]);
    const [genesis, ...rest] = blocks as [common.Block, ...common.Block[]];
    const policy = ChannelConfig.fromBlock(genesis).policy('/Channel/Orderer/BlockValidation');
    let previous = genesis;
    for (const block of rest) {
      const header = blockHeader(block);
      expect(header.getPreviousHash_asU8()).toEqual(new Uint8Array(blockHeaderHash(blockHeader(previous))));
      expect(header.getDataHash_asU8()).toEqual(new Uint8Array(blockDataHash(blockData(block))));
      expect(lastConfigIndex(block)).toBe(0);
      const metadata = signaturesMetadata(block);
      const signed = metadata.getSignaturesList().map((signature) => ({
        identity: common.SignatureHeader.deserializeBinary(
          signature.getSignatureHeader_asU8(),
        ).getCreator_asU8(),
        data: Buffer.concat([
          metadata.getValue_asU8(),
          signature.getSignatureHeader_asU8(),
          blockHeaderBytes(header),
        ]),
        signature: signature.getSignature_asU8(),
      }));
      expect(policy.evaluate(signed).satisfied).toBe(true);
      previous = block;
    }
    expect(rest.flatMap(blockData).map((bytes) => Buffer.from(bytes))).toEqual(
      sent.map((envelope) => Buffer.from(envelope.serializeBinary())),
    );
  });

  it('cuts a block after the batch timeout, and one for a large envelope at once', async () => {
    await test.joinChannel();
    const large = transaction(test.alpha, CHANNEL, Buffer.alloc(70 * 1024));
    expect((await test.submit('small')).status).toBe(200);
    expect((await broadcast(test.client, large)).status).toBe(200);
    expect((await test.submit('later')).status).toBe(200);
    const { blocks } = await deliver(test.client, seekEnvelope(test.alpha, CHANNEL, seekInfo(1, 3)));
    expect(blocks.map((block) => blockData(block).length)).toEqual([1, 1, 1]);
    const page = await test.metrics();
    expect(page).toContain(
      `broadcast_processed_count{channel="${CHANNEL}",status="SUCCESS",type="ENDORSER_TRANSACTION"} 3`,
    );
    expect(page).toContain(`consensus_etcdraft_committed_block_number{channel="${CHANNEL}"} 3`);
    expect(page).toContain(`ledger_blockchain_height{channel="${CHANNEL}"} 4`);
  });

  it('refuses with the status and words of a genuine orderer', async () => {
    await test.joinChannel();
    await test.joinBlock(await test.network.genesis(ALPHA_CHANNEL));
    const { BAD_REQUEST, FORBIDDEN, SERVICE_UNAVAILABLE } = common.Status;

    expect(await test.submit('x', test.alpha, 'absent')).toEqual({
      status: BAD_REQUEST,
      info: 'channel creation request not allowed because the orderer system channel is not defined',
    });
    const stranger = await test.submit('x', test.beta, ALPHA_CHANNEL);
    expect(stranger.status).toBe(FORBIDDEN);
    expect(stranger.info).toMatch(/: permission denied$/);

    const forged = transaction(test.alpha, CHANNEL, Buffer.from('x'));
    forged.setSignature(transaction(test.alpha, CHANNEL, Buffer.from('y')).getSignature_asU8());
    expect((await broadcast(test.client, forged)).status).toBe(FORBIDDEN);

    const oversized = transaction(test.alpha, CHANNEL, Buffer.alloc(1024 * 1024));
    const size = oversized.getPayload_asU8().length + oversized.getSignature_asU8().length;
    expect(await broadcast(test.client, oversized)).toEqual({
      status: BAD_REQUEST,
      info: `message payload is ${size} bytes and exceeds maximum allowed 1048576 bytes`,
    });
    expect(await broadcast(test.client, new common.Envelope())).toEqual({
      status: BAD_REQUEST,
      info: 'could not determine channel ID: header not set',
    });
    const config = (type: number) =>
      createEnvelope(test.alpha, { type, channelId: CHANNEL, data: Buffer.from('x') });
    expect(await broadcast(test.client, config(common.HeaderType.CONFIG))).toEqual({
      status: BAD_REQUEST,
      info: 'message is of type that cannot be processed directly',
    });
    expect(await broadcast(test.client, config(common.HeaderType.CONFIG_UPDATE))).toEqual({
      status: SERVICE_UNAVAILABLE,
      info: 'configuration updates are not available on this orderer',
    });
    expect(await test.height()).toBe(1);
  });

  it('orders what it took before it stops', async () => {
    await test.joinChannel();
    await test.submit('last words');
    await test.stop();
    await test.start();
    expect(await test.height()).toBe(2);
  });
});
