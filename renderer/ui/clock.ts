const TICK_MS = 1_000;

/** One ticking for all that shows ages: they are drawn together, and one timer wakes the page. */
class Clock {
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #now = Date.now();

  /** Milliseconds of the wall clock at the last tick. */
  now(): number {
    // Nobody ticks: what is asked for now is drawn now.
    if (this.#timer === undefined && Math.abs(Date.now() - this.#now) >= TICK_MS) this.#now = Date.now();
    return this.#now;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  #tick(): void {
    if (document.hidden) return;
    this.#now = Date.now();
    for (const listener of this.#listeners) listener();
  }
}

export const clock = new Clock();
