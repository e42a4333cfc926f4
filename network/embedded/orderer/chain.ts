/**
 * Orders envelopes into blocks: the part etcdraft's chain plays, for a group of one. A block is announced only when it
 * is on disk; blocks made while a flush is under way share the next one.
 */
import { createLogger } from '../node/logging';
import { secondsSince } from '../node/metrics';
import { BlockCutter, type Batch, type BatchLimits, type OrderedEnvelope } from './block-cutter';
import type { BlockStore } from './block-store';
import type { BlockWriter } from './block-writer';
import type { OrdererMetrics } from './orderer-metrics';

const logger = createLogger('orderer.consensus.etcdraft');

/**
 * Blocks, and their bytes, that may wait for the disk before envelopes are held back. More blocks than etcdraft's 5:
 * those that wait share one flush, so on a slow disk their number is the throughput.
 */
const MAX_INFLIGHT_BLOCKS = 50;
const MAX_INFLIGHT_BYTES = 32 * 1024 * 1024;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

export interface ChainOptions {
  readonly channelId: string;
  readonly store: BlockStore;
  readonly writer: BlockWriter;
  readonly batch: () => BatchLimits & { readonly timeoutMs: number };
  readonly metrics: OrdererMetrics;
}

interface InflightBlock {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** The chain can't take envelopes now; the message is for the client. */
export class ChainUnavailable extends Error {
  override readonly name = 'ChainUnavailable';
}

export class Chain {
  private readonly cutter: BlockCutter;
  private timer: NodeJS.Timeout | undefined;
  private inflight: InflightBlock[] = [];
  private persisting: Promise<void> | undefined;
  private failure: Error | undefined;
  private stopped = false;
  private readonly capacity = new Set<() => void>();
  private readonly stop = new AbortController();

  constructor(private readonly options: ChainOptions) {
    const { channelId, metrics } = options;
    this.cutter = new BlockCutter(options.batch, (seconds) =>
      metrics.blockFillDuration.observe({ channel: channelId }, seconds),
    );
    metrics.raft.clusterSize.set({ channel: channelId }, 1);
    metrics.raft.activeNodes.set({ channel: channelId }, 1);
    metrics.raft.isLeader.set({ channel: channelId }, 1);
    metrics.raft.leaderChanges.add({ channel: channelId });
    this.reportHeight();
  }

  /** Why blocks can't be written at present; undefined when all is well. */
  get writeFailure(): Error | undefined {
    return this.failure;
  }

  /** Resolves when an envelope can be taken. @throws ChainUnavailable */
  async waitReady(): Promise<void> {
    for (;;) {
      if (this.stopped) throw new ChainUnavailable('chain is stopped');
      if (this.failure) throw new ChainUnavailable(`blocks cannot be written: ${this.failure.message}`);
      const bytes = this.inflight.reduce((sum, block) => sum + block.bytes.length, 0);
      if (this.inflight.length < MAX_INFLIGHT_BLOCKS && bytes < MAX_INFLIGHT_BYTES) return;
      await new Promise<void>((resolve) => this.capacity.add(resolve));
    }
  }

  /** Takes an envelope after `waitReady`. It is ordered when this returns, and on disk when its block is delivered. */
  order(envelope: OrderedEnvelope): void {
    this.options.metrics.raft.normalProposalsReceived.add({ channel: this.options.channelId });
    const { batches, pending } = this.cutter.ordered(envelope);
    if (!pending) this.stopTimer();
    else this.timer ??= setTimeout(() => this.cutNow(), this.options.batch().timeoutMs);
    for (const batch of batches) this.propose(batch);
  }

  /** Writes what was taken, then takes nothing more. */
  async close(): Promise<void> {
    this.cutNow();
    this.stopped = true;
    this.releaseCapacity();
    this.stop.abort();
    await this.persisting;
    await this.options.store.close();
  }

  private cutNow(): void {
    this.stopTimer();
    const batch = this.cutter.cut();
    if (batch.length > 0) this.propose(batch);
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private propose(batch: Batch): void {
    const block = this.options.writer.next(batch.map(({ bytes }) => bytes));
    const number = block.getHeader()?.getNumber() ?? 0;
    logger.info(`Created block [${number}], there are ${this.inflight.length} blocks in flight`, {
      channel: this.options.channelId,
    });
    this.inflight.push({ number, bytes: block.serializeBinary() });
    this.persisting ??= this.persist();
  }

  private async persist(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (this.inflight.length > 0) {
      const failure = await this.write([...this.inflight]);
      if (failure === undefined) {
        if (this.failure) logger.info('blocks can be written again', { channel: this.options.channelId });
        this.failure = undefined;
        retryMs = FIRST_RETRY_MS;
        this.releaseCapacity();
        continue;
      }
      this.fail(failure, retryMs);
      if (this.stopped) break;
      await this.pause(retryMs);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
    this.persisting = undefined;
  }

  /** Writes the blocks in order and announces those on disk; answers why the others, if any, are not. */
  private async write(group: readonly InflightBlock[]): Promise<Error | undefined> {
    const { channelId, store, metrics } = this.options;
    const start = process.hrtime.bigint();
    const results = await Promise.allSettled(group.map(({ bytes }) => store.append(bytes)));
    const failed = results.find((result) => result.status === 'rejected');
    const written = group.slice(0, failed ? results.indexOf(failed) : group.length);
    const seconds = secondsSince(start);
    if (written.length > 0) metrics.raft.dataPersistDuration.observe({ channel: channelId }, seconds);
    for (const { number } of written) {
      metrics.ledger.blockstorageCommitTime.observe({ channel: channelId }, seconds / written.length);
      logger.info(`Writing block [${number}] to ledger`, { channel: channelId });
    }
    this.inflight.splice(0, written.length);
    this.reportHeight();
    store.announce();
    return failed && (failed.reason instanceof Error ? failed.reason : new Error(String(failed.reason)));
  }

  private fail(error: Error, retryMs: number): void {
    this.failure = error;
    this.options.metrics.raft.proposalFailures.add({ channel: this.options.channelId });
    this.releaseCapacity();
    logger.error(`cannot write blocks: ${error.message}; envelopes are refused until it succeeds`, {
      channel: this.options.channelId,
      waitingBlocks: this.inflight.length,
      retryInMs: retryMs,
    });
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.stop.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private releaseCapacity(): void {
    const waiting = [...this.capacity];
    this.capacity.clear();
    for (const resolve of waiting) resolve();
  }

  private reportHeight(): void {
    const { channelId, store, metrics } = this.options;
    metrics.ledger.blockchainHeight.set({ channel: channelId }, store.height);
    metrics.raft.committedBlockNumber.set({ channel: channelId }, store.height - 1);
  }
}
