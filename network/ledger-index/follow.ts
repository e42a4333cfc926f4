import { setImmediate, setTimeout } from 'node:timers/promises';
import { messageOf } from '../protocol/cause';
import { LedgerBlock } from '../protocol/inspection/ledger-block';
import { BlockBatch } from './block-batch';
import { LedgerIndexError, LedgerReplaced } from './errors';
import type { Progress } from './records';
import type { Rebuild } from './ledger-index';

/** A peer's blocks. */
export interface BlockSource {
  /**
   * Serialized blocks from a number on, in order, then each new one, only as fast as they are taken. Ends when the
   * signal is aborted, or where the caller wants the index to end.
   */
  blocks(from: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface FollowOptions {
  readonly signal?: AbortSignal;
  /** Told each time more can be found. */
  readonly onProgress?: (height: number) => void;
  /** Told after everything was deleted, before it is read again. */
  readonly onRebuild?: (rebuild: Rebuild) => void;
}

/** A batch that is not full is written when nothing more has come for so long. */
const IDLE_MS = 30;

/** Reads from where the index stands until the source ends. Throws LedgerReplaced when that was of another ledger. */
export async function follow(
  channelId: string,
  start: Progress,
  source: BlockSource,
  { signal, onProgress }: FollowOptions & { readonly signal: AbortSignal },
  write: (batch: BlockBatch) => Promise<void>,
): Promise<void> {
  const resumed = start.height === 0 ? undefined : await resume(start, source, signal);
  if (signal.aborted) return;
  let batch = new BlockBatch(start);
  let writing: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    await writing;
    if (batch.empty || signal.aborted) return;
    const full = batch;
    batch = new BlockBatch(full.progress);
    writing = write(full).then(() => onProgress?.(full.progress.height));
    // It is awaited before the next one is written.
    writing.catch(() => undefined);
  };
  const blocks = (resumed ?? source.blocks(0, signal))[Symbol.asyncIterator]();
  try {
    for (let next = blocks.next(); ; next = blocks.next()) {
      next.catch(() => undefined);
      if (!batch.empty && (await idles(next))) await flush();
      const arrived = await next;
      if (arrived.done === true || signal.aborted) break;
      const block = read(arrived.value);
      const expected = batch.progress.height;
      if (block.number !== expected)
        throw new LedgerIndexError('bad source', `block ${block.number} came where ${expected} was due`);
      if (block.number === 0)
        batch.progress = { ...batch.progress, channelId, genesisHash: Buffer.from(block.headerHash) };
      batch.add(block, arrived.value.length);
      if (batch.full) await flush();
    }
    await flush();
  } finally {
    await blocks.return?.();
    await writing;
  }
}

/** Blocks behind the last one indexed, which must still be the same, and so must block 0. */
async function resume(
  { genesisHash, height, lastHash }: Progress,
  source: BlockSource,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const genesis = await firstOf(source.blocks(0, signal));
  if (genesis === undefined) return undefined;
  if (!read(genesis).headerHash.every((byte, index) => byte === genesisHash[index]))
    throw new LedgerReplaced('block 0 is another one than the one that was indexed');
  const behind = source.blocks(height - 1, signal)[Symbol.asyncIterator]();
  const last = await behind.next();
  if (last.done === true) return undefined;
  if (Buffer.compare(read(last.value).headerHash, lastHash) !== 0) {
    await behind.return?.();
    throw new LedgerReplaced(`block ${height - 1} is another one than the one that was indexed`);
  }
  return { [Symbol.asyncIterator]: () => behind };
}

async function firstOf(blocks: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  for await (const block of blocks) return block;
  return undefined;
}

function read(bytes: Uint8Array): LedgerBlock {
  try {
    return LedgerBlock.fromBytes(bytes);
  } catch (cause) {
    throw new LedgerIndexError('bad source', `what came is no block: ${messageOf(cause)}`, { cause });
  }
}

/** Whether nothing comes for a while. */
async function idles(next: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  next.then(settle, settle);
  // Other work of the process takes its turn between blocks.
  await setImmediate();
  if (settled) return false;
  await Promise.race([next.catch(() => undefined), setTimeout(IDLE_MS)]);
  return !settled;
}
