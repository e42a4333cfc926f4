import { common } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { blockData, blockHeader, createBlock } from '../../protocol/block';
import { redirectLogging } from '../node/logging';
import { Metrics } from '../node/metrics';
import { BlockStore } from './block-store';
import { BlockWriter } from './block-writer';
import { Chain } from './chain';
import { ordererMetrics } from './orderer-metrics';

/** Stands for a disk: holds what was flushed, or fails as long as it is told to. */
class Disk {
  readonly blocks: Uint8Array[] = [createBlock(0, new Uint8Array(), []).serializeBinary()];
  failure: Error | undefined;
  held: (() => void)[] | undefined;

  get height(): number {
    return this.blocks.length;
  }

  async append(bytes: Uint8Array): Promise<number> {
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
    if (this.failure) throw this.failure;
    return this.blocks.push(bytes) - 1;
  }

  read(number: number): Promise<Buffer | undefined> {
    const bytes = this.blocks[number];
    return Promise.resolve(bytes && Buffer.from(bytes));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

let disk: Disk;
let store: BlockStore;
let metrics: Metrics;
let chain: Chain;
let restoreLogging: () => void;

beforeEach(() => {
  restoreLogging = redirectLogging(() => undefined);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  disk = new Disk();
  store = new BlockStore(disk);
  metrics = new Metrics();
  const signer = {
    mspId: 'OrdererMSP',
    certificatePem: '',
    creator: Buffer.from('orderer'),
    sign: () => Buffer.from('signature'),
  };
  chain = new Chain({
    channelId: 'first-channel',
    store,
    writer: new BlockWriter(signer, common.Block.deserializeBinary(disk.blocks[0] ?? new Uint8Array())),
    batch: () => ({ maxMessageCount: 2, preferredMaxBytes: 1000, timeoutMs: 2000 }),
    metrics: ordererMetrics(metrics),
  });
});

afterEach(async () => {
  disk.failure = undefined;
  disk.held?.forEach((release) => release());
  disk.held = undefined;
  await chain.close();
  vi.useRealTimers();
  restoreLogging();
});

async function order(...texts: string[]): Promise<void> {
  for (const text of texts) {
    await chain.waitReady();
    chain.order({ bytes: Buffer.from(text), size: text.length });
  }
}

const contents = (): string[][] =>
  disk.blocks
    .slice(1)
    .map((bytes) =>
      blockData(common.Block.deserializeBinary(bytes)).map((envelope) => Buffer.from(envelope).toString()),
    );

describe('the chain', () => {
  it('cuts by number at once and by time when envelopes are few', async () => {
    await order('a', 'b', 'c');
    await vi.advanceTimersByTimeAsync(1999);
    expect(contents()).toEqual([['a', 'b']]);
    await vi.advanceTimersByTimeAsync(1);
    expect(contents()).toEqual([['a', 'b'], ['c']]);
  });

  it('counts the time from the first envelope that waits', async () => {
    await order('a');
    await vi.advanceTimersByTimeAsync(1500);
    await order('b', 'c');
    await vi.advanceTimersByTimeAsync(1999);
    expect(contents()).toEqual([['a', 'b']]);
  });

  it('tells of a block only when it is on disk', async () => {
    disk.held = [];
    let told = false;
    void store.changed(new AbortController().signal).then(() => (told = true));
    await order('a', 'b');
    await vi.advanceTimersByTimeAsync(10);
    expect(told).toBe(false);
    expect(store.height).toBe(1);
    disk.held.forEach((release) => release());
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toBe(true);
    expect(store.height).toBe(2);
  });

  it('holds envelopes back while fifty blocks wait for the disk', async () => {
    disk.held = [];
    await order(...Array.from({ length: 100 }, (_, index) => String(index)));
    let taken = false;
    const next = order('late').then(() => (taken = true));
    await vi.advanceTimersByTimeAsync(10);
    expect(taken).toBe(false);
    const { held } = disk;
    disk.held = undefined;
    held.forEach((release) => release());
    await vi.advanceTimersByTimeAsync(0);
    await next;
    expect(contents()).toHaveLength(50);
  });

  it('refuses envelopes while the disk is full, keeps what it took, and goes on when there is room', async () => {
    disk.failure = new Error('the disk is full');
    await order('a', 'b');
    await vi.advanceTimersByTimeAsync(0);
    await expect(chain.waitReady()).rejects.toThrow('blocks cannot be written: the disk is full');
    expect(chain.writeFailure?.message).toBe('the disk is full');
    expect(await metrics.text()).toContain(
      'consensus_etcdraft_committed_block_number{channel="first-channel"} 0',
    );
    await vi.advanceTimersByTimeAsync(60_000);
    expect(contents()).toEqual([]);

    disk.failure = undefined;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(contents()).toEqual([['a', 'b']]);
    await order('c', 'd');
    await vi.advanceTimersByTimeAsync(0);
    expect(contents()).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    const headers = disk.blocks.map((bytes) =>
      blockHeader(common.Block.deserializeBinary(bytes)).getNumber(),
    );
    expect(headers).toEqual([0, 1, 2]);
  });

  it('takes nothing once it is closed', async () => {
    await order('a');
    await chain.close();
    expect(contents()).toEqual([['a']]);
    await expect(chain.waitReady()).rejects.toThrow('chain is stopped');
  });
});
