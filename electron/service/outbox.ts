import type { ServerMessage } from '../api/wire';

/** Where messages go: a WebSocket. */
export interface OutboxSocket {
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedAmount: number;
  send(text: string, onWritten: () => void): void;
}

/** Above this, messages wait here, where events can still be left out. */
const HIGH_BYTES = 1024 * 1024;
const LOW_BYTES = HIGH_BYTES / 4;
/** Events of one stream that may wait; then the oldest go. */
const MAX_WAITING_EVENTS = 20_000;
/** Answers cannot be left out: a client that asks so much and takes nothing is disconnected. */
const MAX_WAITING_MESSAGES = 5_000;

type Events = Extract<ServerMessage, { kind: 'events' }>;

/**
 * Sends to a client that may be slower than what it watches. While it does not take what was sent, events of each
 * stream are gathered into one message, of which the oldest are left out and counted; all else is kept, in order.
 */
export class Outbox {
  #waiting: ServerMessage[] = [];

  constructor(
    private readonly socket: OutboxSocket,
    private readonly onHopeless: () => void,
  ) {}

  send(message: ServerMessage): void {
    if (this.#waiting.length === 0 && this.socket.bufferedAmount < HIGH_BYTES) {
      this.#write(message);
      return;
    }
    if (message.kind !== 'events') {
      this.#waiting.push(message);
    } else {
      const index = this.#waiting.findIndex(({ kind, id }) => kind === 'events' && id === message.id);
      const earlier = this.#waiting[index];
      if (earlier?.kind === 'events') this.#waiting[index] = gathered(earlier, message);
      else this.#waiting.push(message);
    }
    if (this.#waiting.length > MAX_WAITING_MESSAGES) {
      this.#waiting = [];
      this.onHopeless();
    }
  }

  #write(message: ServerMessage): void {
    this.socket.send(JSON.stringify(message), () => this.#drain());
  }

  #drain(): void {
    while (this.#waiting.length > 0 && this.socket.bufferedAmount < LOW_BYTES) {
      const message = this.#waiting.shift();
      if (message) this.#write(message);
    }
  }
}

function gathered(earlier: Events, later: Events): Events {
  const events = [...earlier.events, ...later.events];
  const surplus = Math.max(0, events.length - MAX_WAITING_EVENTS);
  return {
    ...earlier,
    events: events.slice(surplus),
    dropped: earlier.dropped + later.dropped + surplus,
  };
}
