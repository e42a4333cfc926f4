import { common, type orderer } from '@hyperledger/fabric-protos';
import { beforeEach, describe, expect, it } from 'vitest';
import { blockHeader } from '../../protocol/block';
import { ALPHA_CHANNEL, CHANNEL, deliver, seekEnvelope, seekInfo, until } from './test-network';
import { useOrderer } from './test-orderer';

const test = useOrderer();

describe('Deliver', () => {
  const seek = (info: orderer.SeekInfo, signer = test.alpha, channel = CHANNEL) =>
    deliver(test.client, seekEnvelope(signer, channel, info));
  const numbers = (blocks: readonly common.Block[]) => blocks.map((block) => blockHeader(block).getNumber());

  beforeEach(async () => {
    await test.joinChannel();
    for (let index = 0; index < 6; index++) await test.submit(`envelope ${index}`);
    await until(async () => (await test.height()) === 3);
  });

  it.each([
    ['oldest', 'newest', [0, 1, 2]],
    ['newest', 'newest', [2]],
    ['oldest', 'oldest', [0]],
    [1, 2, [1, 2]],
  ] as const)('gives blocks from %s to %s', async (from, to, expected) => {
    const { blocks, status } = await seek(seekInfo(from, to));
    expect(status).toBe(common.Status.SUCCESS);
    expect(numbers(blocks)).toEqual(expected);
  });

  it('gives blocks as they come', async () => {
    const seen: number[] = [];
    const following = deliver(
      test.client,
      seekEnvelope(test.alpha, CHANNEL, seekInfo('next-commit', Number.MAX_SAFE_INTEGER)),
      (block, cancel) => {
        seen.push(blockHeader(block).getNumber());
        if (seen.length === 2) cancel();
      },
    );
    await until(async () => /deliver_requests_received\{[^}]*\} 1/.test(await test.metrics()));
    await test.submit('next');
    await until(() => seen.length === 1);
    await test.submit('after');
    await following;
    expect(seen).toEqual([3, 4]);
    await until(async () => /deliver_streams_closed 1/.test(await test.metrics()));
  });

  it('answers a request it cannot serve with the status of a genuine orderer', async () => {
    const { NOT_FOUND, BAD_REQUEST, FORBIDDEN } = common.Status;
    expect(await seek(seekInfo(1, 9, true))).toMatchObject({ status: NOT_FOUND });
    expect(await seek(seekInfo(9, 9))).toMatchObject({ status: NOT_FOUND, blocks: [] });
    expect(await seek(seekInfo(2, 1))).toMatchObject({ status: BAD_REQUEST });
    expect(await seek(seekInfo(0, 0), test.alpha, 'absent')).toMatchObject({ status: NOT_FOUND });
    const withoutStop = seekInfo(0, 0);
    withoutStop.clearStop();
    expect(await seek(withoutStop)).toMatchObject({ status: BAD_REQUEST });
    await test.joinBlock(await test.network.genesis(ALPHA_CHANNEL));
    expect(await seek(seekInfo(0, 0), test.beta, ALPHA_CHANNEL)).toMatchObject({ status: FORBIDDEN });
    const minutes = (count: number) => new Date(Date.now() + count * 60_000);
    for (const [time, status] of [
      [minutes(-16), BAD_REQUEST],
      [minutes(16), BAD_REQUEST],
      [minutes(-14), common.Status.SUCCESS],
    ] as const) {
      const envelope = seekEnvelope(test.alpha, CHANNEL, seekInfo(0, 0), time);
      expect(await deliver(test.client, envelope)).toMatchObject({ status });
    }
  });
});
