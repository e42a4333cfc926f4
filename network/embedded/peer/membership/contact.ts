import { status as Code } from '@grpc/grpc-js';
import { isServiceError } from '../gateway/status';
import type { StatementVersion } from './messages';

/** How a peer answered when it was last asked. */
export type ContactState =
  /** Not asked yet. */
  | 'new'
  /** Takes part in the exchange. */
  | 'alive'
  /** Answers, but does not know the exchange: a genuine peer. */
  | 'genuine'
  | 'dead';

/** Waiting times between exchanges with one peer, in milliseconds. */
export interface ContactTiming {
  /** Between exchanges with a live peer. */
  readonly intervalMs: number;
  /** After a first failure; doubled with each further one. */
  readonly firstBackoffMs: number;
  readonly maxBackoffMs: number;
}

/** A peer that refuses connections is gone; one that is merely slow gets a second chance. */
const FAILURES_UNTIL_DEAD = 2;

/**
 * Asks one peer again and again, at the pace its answers deserve, and keeps what they say about its state. Waiting
 * times vary by a fifth, so that peers started together don't ask together.
 */
export class Contact {
  /** Versions of this peer's own statements the other one has, by channel. */
  readonly told = new Map<string, StatementVersion>();
  #state: ContactState = 'new';
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #asking = false;
  #again = false;
  #closed = false;
  readonly #watchers = new Set<() => void>();

  constructor(
    readonly mspId: string,
    readonly endpoint: string,
    private readonly timing: ContactTiming,
    private readonly ask: (contact: Contact) => Promise<void>,
    private readonly onChange: (contact: Contact, state: ContactState) => void,
  ) {}

  get state(): ContactState {
    return this.#state;
  }

  /**
   * The peer has just asked this one: both know each other's news, so that the next question can wait. A peer taken
   * for dead is asked at once instead: it is there again.
   */
  heard(): void {
    if (this.#state === 'dead') this.askNow();
    else if (this.#state === 'alive' && !this.#asking) this.#schedule();
  }

  /** Asks now, or once more as soon as the question under way is answered. */
  askNow(): void {
    if (this.#closed) return;
    if (this.#asking) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    void this.#run();
  }

  /** Whether it left the last question unanswered. */
  get silent(): boolean {
    return this.#failures > 0;
  }

  /** Whether somebody waits to hear whether this peer is there. */
  get watched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Asks now, and calls the listener should the peer turn out to be dead. Ends with the function returned. */
  watch(onDead: () => void): () => void {
    this.#watchers.add(onDead);
    this.askNow();
    return () => this.#watchers.delete(onDead);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#asking = true;
    this.#again = false;
    try {
      await this.ask(this);
      this.#failures = 0;
      this.#enter('alive');
    } catch (error) {
      this.#failed(error);
    }
    this.#asking = false;
    if (this.#closed) return;
    if (this.#again) {
      void this.#run();
      return;
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), this.#wait());
    this.#timer.unref();
  }

  #failed(error: unknown): void {
    // It may have been restarted and know nothing any more.
    this.told.clear();
    if (isServiceError(error) && error.code === Code.UNIMPLEMENTED) {
      this.#failures = 0;
      this.#enter('genuine');
      return;
    }
    this.#failures += 1;
    const slow = isServiceError(error) && error.code === Code.DEADLINE_EXCEEDED;
    if (slow && this.#failures < FAILURES_UNTIL_DEAD) return;
    this.#enter('dead');
    for (const onDead of [...this.#watchers]) onDead();
  }

  #enter(state: ContactState): void {
    if (this.#state === state || this.#closed) return;
    this.#state = state;
    this.onChange(this, state);
  }

  #wait(): number {
    const { intervalMs, firstBackoffMs, maxBackoffMs } = this.timing;
    const base =
      this.#failures === 0 ? intervalMs : Math.min(maxBackoffMs, firstBackoffMs * 2 ** (this.#failures - 1));
    return base * (0.8 + 0.4 * Math.random());
  }
}
