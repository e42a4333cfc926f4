import type { Subscription } from '../../electron/api/client';
import type { Problem } from '../../electron/api/problems';
import type { WireClient } from '../../electron/api/wire-client';

/** A stream that outlives connections: on each new one it is opened again, from the present state on. */
export class LastingSubscription implements Subscription {
  readonly ended: Promise<Problem | undefined>;
  #resolve: (problem: Problem | undefined) => void = () => undefined;
  #current: Subscription | undefined;
  #opened = false;
  #closing = false;

  constructor(
    private readonly subscribe: (wire: WireClient, isAgain: boolean) => Subscription,
    private readonly onRestart: () => void,
    private readonly onEnd: () => void,
  ) {
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
  }

  open(wire: WireClient): void {
    const isAgain = this.#opened;
    if (isAgain) this.onRestart();
    this.#opened = true;
    const current = this.subscribe(wire, isAgain);
    this.#current = current;
    void current.ended.then((problem) => {
      if (problem?.code !== 'CONNECTION_LOST' || this.#closing) {
        this.end(this.#closing ? undefined : problem);
      } else if (this.#current === current) this.#current = undefined;
    });
  }

  /** Ends the stream on the connection there is; without one it is over at once. */
  close(): void {
    this.#closing = true;
    if (this.#current) this.#current.close();
    else this.end(undefined);
  }

  end(problem: Problem | undefined): void {
    this.onEnd();
    this.#resolve(problem);
  }
}
