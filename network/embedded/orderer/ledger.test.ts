import { common } from '@hyperledger/fabric-protos';
import { copyFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { blockHeader, blockHeaderHash } from '../../protocol/block';
import { ALPHA_CHANNEL, CHANNEL, deliver, seekEnvelope, seekInfo, until } from './test-network';
import { useOrderer } from './test-orderer';

/** More than the genesis block: what a failed start must leave as it is. */
const INTACT_BYTES = 4_000;

const test = useOrderer();
const blockFile = (): string => path.join(test.ledger, 'chains', CHANNEL, 'blocks.dat');

describe('a ledger', () => {
  async function threeBlocks(): Promise<void> {
    await test.joinChannel();
    for (let index = 0; index < 6; index++) await test.submit(`envelope ${index}`);
    await until(async () => (await test.height()) === 3);
  }

  it('is continued after a restart', async () => {
    await threeBlocks();
    await test.stop();
    await test.start();
    expect(await test.height()).toBe(3);
    await test.submit('again');
    await until(async () => (await test.height()) === 4);
    const { blocks } = await deliver(test.client, seekEnvelope(test.alpha, CHANNEL, seekInfo(2, 3)));
    const [before, after] = blocks as [common.Block, common.Block];
    expect(blockHeader(after).getPreviousHash_asU8()).toEqual(
      new Uint8Array(blockHeaderHash(blockHeader(before))),
    );
  });

  it('loses a record that was never finished, with a warning', async () => {
    await threeBlocks();
    await test.stop();
    const intact = await readFile(blockFile());
    await writeFile(
      blockFile(),
      Buffer.concat([intact, intact.subarray(0, 100)]).subarray(0, intact.length + 15),
    );
    await test.start();
    expect(await test.height()).toBe(3);
    expect(test.lines.join('')).toMatch(/WARN .*incomplete block .*block=3/);
  });

  it.each([
    [
      'damaged in the middle',
      async () => {
        const bytes = await readFile(blockFile());
        bytes.writeUInt8(bytes.readUInt8(200) ^ 1, 200);
        await writeFile(blockFile(), bytes);
      },
      /damaged at block 0 \(byte offset 0\)/,
    ],
    [
      'cut short of a block that was delivered',
      async () => truncate(blockFile(), (await stat(blockFile())).size - 10),
      /blocks 2 to 2 were delivered and are missing/,
    ],
    [
      "that of another channel's",
      async () => {
        await copyFile(path.join(test.ledger, 'chains', ALPHA_CHANNEL, 'blocks.dat'), blockFile());
        await writeFile(path.join(test.ledger, 'chains', CHANNEL, 'blocks.height'), Buffer.alloc(8));
      },
      /the ledger holds channel alpha-channel/,
    ],
  ])('%s is not served, the others are', async (_what, damage, reason) => {
    await threeBlocks();
    await test.joinBlock(await test.network.genesis(ALPHA_CHANNEL));
    await test.stop();
    await damage();
    const intactBytes = (await readFile(blockFile())).subarray(0, INTACT_BYTES);
    await test.start();
    expect((await test.info()).body).toMatchObject({ status: 'failed' });
    expect(test.lines.join('')).toMatch(reason);
    const health = await test.operations('/healthz');
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({
      status: 'Service Unavailable',
      failed_checks: [{ component: 'ledger', reason: expect.stringMatching(reason) as string }],
    });
    expect((await test.submit('x')).status).toBe(common.Status.SERVICE_UNAVAILABLE);
    const refused = await deliver(test.client, seekEnvelope(test.alpha, CHANNEL, seekInfo(0, 0)));
    expect(refused.status).toBe(common.Status.SERVICE_UNAVAILABLE);
    expect((await test.info(ALPHA_CHANNEL)).body).toMatchObject({ status: 'active' });
    expect((await test.submit('x', test.alpha, ALPHA_CHANNEL)).status).toBe(200);
    expect((await readFile(blockFile())).subarray(0, INTACT_BYTES)).toEqual(intactBytes);
  });
});
