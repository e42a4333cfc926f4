import { common } from '@hyperledger/fabric-protos';
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitHash, transactionsFilter } from '../../../protocol/block';
import { ClassicLevel } from 'classic-level';
import { validationCodeName } from '../../../protocol/validation-code';
import { redirectLogging } from '../../node/logging';
import { channelFactory, type CommittingChannel } from './channel-factory';
import { asOrdered, endorserOf, genuineChain } from './genuine-chain';

const chain = genuineChain();
const [genesis, ...blocks] = chain;
const factory = channelFactory({ signer: endorserOf(chain, 'CityManagementMSP'), tls: undefined });

let folder: string;
let restore: () => void;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'replay-'));
  restore = redirectLogging(() => undefined);
});

afterEach(async () => {
  restore();
  await rm(folder, { recursive: true });
});

async function join(): Promise<CommittingChannel> {
  if (genesis === undefined) throw new Error('the chain is empty');
  return factory.create(folder, genesis);
}

async function reopen(): Promise<CommittingChannel> {
  const channel = await factory.open(folder, 'parking-channel');
  if (channel === undefined) throw new Error('the ledger is empty');
  return channel;
}

async function commitAll(channel: CommittingChannel, all: readonly common.Block[] = blocks): Promise<void> {
  for (const block of all) await channel.commit(asOrdered(block));
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const names = (block: common.Block): string[] => [...transactionsFilter(block)].map(validationCodeName);

/** Everything the database holds, for comparing two of them. */
async function contents(): Promise<string[]> {
  const database = new ClassicLevel<Buffer, Buffer>(path.join(folder, 'state'), {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
  });
  const entries: string[] = [];
  for await (const [key, value] of database.iterator()) entries.push(`${hex(key)}=${hex(value)}`);
  await database.close();
  return entries;
}

describe('a chain a genuine peer committed', () => {
  it('gets the same validation codes and commit hash in every block', async () => {
    const channel = await join();
    for (const [index, block] of blocks.entries()) {
      await channel.commit(asOrdered(block));
      const ours = await channel.ledger.block(index + 1);
      if (ours === undefined) throw new Error(`block ${index + 1} was not committed`);
      expect(names(ours), `codes of block ${index + 1}`).toEqual(names(block));
      expect(hex(commitHash(ours)), `commit hash of block ${index + 1}`).toBe(hex(commitHash(block)));
    }
    await channel.close();
  });
});

describe('recovery', () => {
  it('goes on where it was when it is opened again', async () => {
    const half = Math.floor(blocks.length / 2);
    const first = await join();
    await commitAll(first, blocks.slice(0, half));
    await first.close();
    const second = await reopen();
    expect(second.ledger.height).toBe(half + 1);
    await commitAll(second, blocks.slice(half));
    expect(hex(second.ledger.commitHash)).toBe(hex(commitHash(blocks.at(-1) ?? new common.Block())));
    await second.close();
  });

  it('rolls a state database forward that lags behind the block file', async () => {
    const first = await join();
    await commitAll(first, blocks.slice(0, 3));
    await first.close();
    await cp(path.join(folder, 'state'), path.join(folder, 'older'), { recursive: true });
    const second = await reopen();
    await commitAll(second, blocks.slice(3));
    await second.close();
    const expected = await contents();

    await rm(path.join(folder, 'state'), { recursive: true });
    await cp(path.join(folder, 'older'), path.join(folder, 'state'), { recursive: true });
    const third = await reopen();
    expect(third.ledger.height).toBe(chain.length);
    await third.close();
    expect(await contents()).toEqual(expected);
  });

  it('rebuilds a state database that was deleted', async () => {
    const first = await join();
    await commitAll(first);
    await first.close();
    const expected = await contents();
    await rm(path.join(folder, 'state'), { recursive: true });
    const second = await reopen();
    expect(second.config().sequence).toBe(first.config().sequence);
    await second.close();
    expect(await contents()).toEqual(expected);
  });

  it('rebuilds a state database that is ahead of a block file whose end was lost', async () => {
    const first = await join();
    await commitAll(first);
    await first.close();
    const expected = await contents();
    const file = path.join(folder, 'blocks.dat');
    await truncate(file, (await readFile(file)).length - 100);
    const second = await reopen();
    expect(second.ledger.height).toBe(chain.length - 1);
    await commitAll(second, blocks.slice(-1));
    await second.close();
    expect(await contents()).toEqual(expected);
  });

  it('refuses a block file that is damaged in the middle and says what to do', async () => {
    const first = await join();
    await commitAll(first, blocks.slice(0, 3));
    await first.close();
    const file = path.join(folder, 'blocks.dat');
    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(40_000) ^ 1, 40_000);
    await writeFile(file, bytes);
    await expect(reopen()).rejects.toThrow(
      /blocks\.dat is damaged at block \d+ \(byte offset \d+\).*delete/s,
    );
  });

  it('refuses blocks that do not follow or that no orderer of the channel signed', async () => {
    const channel = await join();
    const [one, two] = blocks;
    if (one === undefined || two === undefined) throw new Error('the chain is too short');
    await expect(channel.commit(asOrdered(two))).rejects.toThrow('block 2 cannot be committed: block 1');
    const unsigned = asOrdered(one);
    const fields = unsigned.getMetadata()?.getMetadataList_asU8() ?? [];
    fields[common.BlockMetadataIndex.SIGNATURES] = new Uint8Array();
    unsigned.getMetadata()?.setMetadataList(fields);
    await expect(channel.commit(unsigned)).rejects.toThrow(
      'block 1 of parking-channel is refused: its signatures',
    );
    const forged = asOrdered(one);
    forged.getData()?.setDataList(two.getData()?.getDataList() ?? []);
    await expect(channel.commit(forged)).rejects.toThrow('its data hash is wrong');
    expect(channel.ledger.height).toBe(1);
    await channel.close();
  });
});
