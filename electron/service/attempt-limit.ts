const WINDOW_MS = 60_000;
const MAX_FAILURES = 10;
/** Beyond so many addresses all are counted together, so that the count cannot be made to grow without bound. */
const MAX_ADDRESSES = 1000;
const EVERYBODY = '*';

/** Failed sign-ins by address: after ten within a minute even the right answer has to wait. */
export class AttemptLimit {
  readonly #failures = new Map<string, number[]>();

  /** @param now milliseconds, for tests */
  constructor(private readonly now: () => number = Date.now) {}

  /** Seconds to wait before the next attempt; 0 where it may be made now. */
  waitSeconds(address: string): number {
    const recent = this.#recent(this.#keyOf(address));
    const [first] = recent.slice(-MAX_FAILURES);
    if (recent.length < MAX_FAILURES || first === undefined) return 0;
    return Math.max(1, Math.ceil((first + WINDOW_MS - this.now()) / 1000));
  }

  failed(address: string): void {
    const key = this.#keyOf(address);
    this.#failures.set(key, [...this.#recent(key), this.now()].slice(-MAX_FAILURES));
  }

  #keyOf(address: string): string {
    if (this.#failures.has(address) || this.#failures.size < MAX_ADDRESSES) return address;
    for (const key of this.#failures.keys()) if (this.#recent(key).length === 0) this.#failures.delete(key);
    return this.#failures.size < MAX_ADDRESSES ? address : EVERYBODY;
  }

  #recent(key: string): number[] {
    const since = this.now() - WINDOW_MS;
    return (this.#failures.get(key) ?? []).filter((time) => time > since);
  }
}
