import { common } from '@hyperledger/fabric-protos';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitHash } from '../../../protocol/block';
import { redirectLogging } from '../../node/logging';
import { channelFactory, type CommittingChannel } from './channel-factory';
import { asOrdered, endorserOf, genuineChain } from './genuine-chain';
import type { BlockStream, ConnectOrderer } from './orderer-stream';

const chain = genuineChain().slice(0, 12);
const signer = endorserOf(chain, 'CityManagementMSP');

let folder: string;
let restore: () => void;
let lines: string[];
let channel: CommittingChannel;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'committer-'));
  lines = [];
  restore = redirectLogging((line) => lines.push(line));
});

afterEach(async () => {
  await channel.close();
  restore();
  await rm(folder, { recursive: true });
});

/** A stream of the chain's blocks from a height up to (not including) another, then what `end` does. */
function stream(from: number, to: number, end: () => Promise<never>): BlockStream {
  let stop: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('cancelled'));
  });
  stopped.catch(() => undefined);
  return {
    async *blocks() {
      for (const block of chain.slice(from, to)) yield asOrdered(block);
      await Promise.race([end(), stopped]);
    },
    close: stop,
  };
}

const breaks = (): Promise<never> => Promise.reject(new Error('14 UNAVAILABLE: connection dropped'));
const waits = (): Promise<never> => new Promise<never>(() => undefined);

async function followUntilComplete(connect: ConnectOrderer): Promise<void> {
  const [genesis] = chain;
  if (genesis === undefined) throw new Error('the chain is empty');
  channel = await channelFactory({ signer, tls: undefined, connect }).create(folder, genesis);
  const complete = new Promise<void>((resolve) => {
    channel.ledger.onCommit(({ number }) => {
      if (number === chain.length - 1) resolve();
    });
  });
  channel.follow();
  await complete;
}

describe('following the orderers', () => {
  it('resumes where the ledger ends whenever a stream breaks', async () => {
    const asked: number[] = [];
    await followUntilComplete((endpoint, config, from) => {
      expect(config.ordererEndpoints()).toContain(endpoint);
      asked.push(from);
      return from < 9 ? stream(from, from + 4, breaks) : stream(from, chain.length, waits);
    });
    expect(asked).toEqual([1, 5, 9]);
    expect(channel.ledger.commitHash).toEqual(Buffer.from(commitHash(chain.at(-1) ?? new common.Block())));
  });

  it('does not commit a block that no orderer of the channel signed, and asks again', async () => {
    let attempts = 0;
    await followUntilComplete((_, __, from) => {
      attempts += 1;
      if (attempts > 1) return stream(from, chain.length, waits);
      const forged = asOrdered(chain[1] ?? new common.Block());
      forged.getMetadata()?.setMetadataList(['', '', '', '', '']);
      return {
        async *blocks() {
          yield forged;
          await waits();
        },
        close: () => undefined,
      };
    });
    expect(attempts).toBe(2);
    expect(lines.join('')).toContain('block 1 of parking-channel is refused');
  });

  it('stops while it waits for the next block, and can be opened again', async () => {
    await followUntilComplete((_, __, from) => stream(from, chain.length, waits));
    await channel.close();
    const again = await channelFactory({ signer, tls: undefined }).open(folder, 'parking-channel');
    if (again === undefined) throw new Error('the ledger is empty');
    channel = again;
    expect(channel.ledger.height).toBe(chain.length);
  });
});
