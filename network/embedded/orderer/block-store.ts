/** A channel's blocks as the orderer serves them: the block file, who waits for the next one, and the newest in memory. */
import type { BlockFile } from '../node/block-file';

const RECENT_BLOCKS = 16;
const RECENT_BYTES = 16 * 1024 * 1024;

export class BlockStore {
  private readonly recent = new Map<number, Uint8Array>();
  private recentBytes = 0;
  private waiters = new Set<() => void>();
  private over = false;

  constructor(private readonly file: Pick<BlockFile, 'height' | 'append' | 'read' | 'close'>) {}

  /** Number of blocks on disk; only these are ever shown. */
  get height(): number {
    return this.file.height;
  }

  /** Appends the next block; resolves once it is on disk. Those who wait for it are told by `announce`. */
  async append(bytes: Uint8Array): Promise<number> {
    const number = await this.file.append(bytes);
    this.remember(number, bytes);
    return number;
  }

  /** Wakes those who wait for blocks that have been appended since. */
  announce(): void {
    const waiters = this.waiters;
    this.waiters = new Set();
    for (const wake of waiters) wake();
  }

  async read(number: number): Promise<Uint8Array | undefined> {
    return this.recent.get(number) ?? this.file.read(number);
  }

  /** Resolves when blocks may have been added, or when `signal` is aborted. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.waiters.delete(wake);
        resolve();
      };
      if (signal.aborted) {
        resolve();
        return;
      }
      signal.addEventListener('abort', wake);
      this.waiters.add(wake);
    });
  }

  /** No block can be read any more: the channel was removed, or the node stops. */
  get closed(): boolean {
    return this.over;
  }

  close(): Promise<void> {
    this.over = true;
    this.announce();
    return this.file.close();
  }

  private remember(number: number, bytes: Uint8Array): void {
    this.recent.set(number, bytes);
    this.recentBytes += bytes.length;
    for (const [oldest, old] of this.recent) {
      if (this.recent.size <= RECENT_BLOCKS && this.recentBytes <= RECENT_BYTES) break;
      this.recent.delete(oldest);
      this.recentBytes -= old.length;
    }
  }
}
