import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 250;
const LONGEST_MS = 15_000;

/** Doubling pauses with jitter: many that lost the same engine do not come back in one moment. */
export class Backoff {
  #failures = 0;

  /** What follows is no failure of the engine. */
  reset(): void {
    this.#failures = 0;
  }

  /**
   * Waits before the next attempt; shortly after one that lasted, longer and longer after those that did not.
   * @param lastedMs how long the attempt held before it ended
   */
  async pause(lastedMs: number, signal: AbortSignal): Promise<void> {
    this.#failures = lastedMs > LONGEST_MS ? 1 : this.#failures + 1;
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.#failures - 1));
    await delay(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}
