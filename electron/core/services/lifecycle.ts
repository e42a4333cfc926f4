import { setMaxListeners } from 'node:events';
import type { NetworkHost, UpOptions } from '../ports/network-host';
import { problem } from '../problem';
import type { TaskProgress } from '../tasks';

/**
 * Changes of the network as a whole, one at a time: they would trip over each other's files and processes. A start
 * waits for the one before it; taking the network down ends the starts that run or wait.
 */
export class NetworkLifecycle {
  #last: Promise<unknown> = Promise.resolve();
  #under = 0;
  #endings = 0;
  readonly #starts = new Set<AbortController>();

  constructor(private readonly host: NetworkHost) {}

  /** Throws what the host throws; CANCELLED when somebody takes the network down meanwhile; NETWORK_BUSY while it ends. */
  async up(options: UpOptions, progress: TaskProgress, signal: AbortSignal): Promise<void> {
    if (this.#endings > 0) {
      throw problem('NETWORK_BUSY', {
        title: `The network ${this.host.declared().name} is being taken down.`,
        hint: 'Run the command again in a moment.',
        retryable: true,
      });
    }
    const overtaken = new AbortController();
    const either = AbortSignal.any([signal, overtaken.signal]);
    // Dozens of calls of one start listen at the same time: no leak.
    setMaxListeners(0, either);
    this.#starts.add(overtaken);
    if (this.#under > 0) progress.log('Another start is under way: waiting for it.');
    try {
      await this.#next(async () => {
        either.throwIfAborted();
        await this.host.up(options, progress, either);
      });
    } catch (error) {
      throw overtaken.signal.aborted ? overtaken.signal.reason : error;
    } finally {
      this.#starts.delete(overtaken);
    }
  }

  down(): Promise<number> {
    return this.#ending(() => this.host.down());
  }

  /** Ends what still runs first: a node whose ledger is deleted under it would go on writing. */
  purge(): Promise<string[]> {
    return this.#ending(async () => {
      await this.host.down();
      return this.host.purge();
    });
  }

  async #ending<T>(work: () => Promise<T>): Promise<T> {
    this.#endings += 1;
    for (const start of this.#starts) {
      start.abort(
        problem('CANCELLED', {
          title: 'Somebody took the network down while it was starting.',
          hint: 'Run `cityflow up` to start it again; it goes on with what is there.',
          retryable: true,
        }),
      );
    }
    try {
      return await this.#next(work);
    } finally {
      this.#endings -= 1;
    }
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    this.#under += 1;
    const result = this.#last.then(work).finally(() => (this.#under -= 1));
    this.#last = result.catch(() => undefined);
    return result;
  }
}
