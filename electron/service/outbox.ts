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

type Waiting = Exclude<ServerMessage, { kind: 'events' }> | GatheredEvents;

/**
 * Sends to a client that may be slower than what it watches. While it does not take what was sent, events of each
 * stream are gathered into one message, of which the oldest are left out and counted; all else is kept, in order.
 */
export class Outbox {
  #waiting: Waiting[] = [];

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
      let gathered = this.#waiting.find(
        (waiting): waiting is GatheredEvents => waiting.kind === 'events' && waiting.id === message.id,
      );
      if (!gathered) this.#waiting.push((gathered = new GatheredEvents(message.id)));
      gathered.add(message.events, message.dropped);
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
      const waiting = this.#waiting.shift();
      if (waiting) this.#write(waiting.kind === 'events' ? waiting.message() : waiting);
    }
  }
}

/** Events of one stream that wait. */
class GatheredEvents {
  readonly kind = 'events';
  #events: unknown[] = [];
  #dropped = 0;

  constructor(readonly id: number) {}

  add(events: readonly unknown[], dropped: number): void {
    this.#dropped += dropped;
    for (const event of events) this.#events.push(event);
    // Now and then only: taking the oldest off a long list one by one would cost more than sending it.
    if (this.#events.length > 2 * MAX_WAITING_EVENTS) this.#trim();
  }

  message(): ServerMessage {
    this.#trim();
    return { kind: 'events', id: this.id, events: this.#events, dropped: this.#dropped };
  }

  #trim(): void {
    const surplus = Math.max(0, this.#events.length - MAX_WAITING_EVENTS);
    this.#events = this.#events.slice(surplus);
    this.#dropped += surplus;
  }
}
