const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/** How long to wait before the next attempt: twice as long each time, scattered so that not all come at once. */
export class Backoff {
  constructor(
    private readonly firstMs = FIRST_MS,
    private readonly longestMs = LONGEST_MS,
    private readonly random: () => number = Math.random,
  ) {}

  /** @param attempt failed attempts before this one */
  delayMs(attempt: number): number {
    const full = Math.min(this.longestMs, this.firstMs * 2 ** Math.min(attempt, 30));
    return full * (0.5 + this.random() / 2);
  }
}
