import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../api/operations';

const ID_BYTES = 32;
/** A day of work; then the terminal gives a new link. */
const ABSOLUTE_MS = 24 * 60 * 60_000;
/** Without an open console and without a request. */
const IDLE_MS = 60 * 60_000;
const MAX_SESSIONS = 100;

export interface SignedIn {
  readonly user: string;
  readonly role: Role;
  /** Milliseconds of the wall clock. */
  readonly expires: number;
}

interface Entry extends SignedIn {
  lastUsed: number;
  /** Consoles that are connected: a session with one is not idle. */
  readonly connections: Set<() => void>;
}

const keyOf = (id: string): string => createHash('sha256').update(id).digest('base64');

/** Who is signed in. Ids are random and kept as digests; a session ends by sign-out, by age or by disuse. */
export class Sessions {
  readonly #entries = new Map<string, Entry>();

  /** @param now milliseconds of the wall clock, for tests */
  constructor(private readonly now: () => number = Date.now) {}

  /** The id of a new session; beyond a hundred the oldest goes. */
  open(user: string, role: Role): string {
    this.endExpired();
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= MAX_SESSIONS && oldest !== undefined) this.#end(oldest);
    const id = randomBytes(ID_BYTES).toString('base64url');
    const now = this.now();
    this.#entries.set(keyOf(id), {
      user,
      role,
      expires: now + ABSOLUTE_MS,
      lastUsed: now,
      connections: new Set(),
    });
    return id;
  }

  /** The session with this id, used now; undefined where there is none or it is over. */
  find(id: string | undefined): SignedIn | undefined {
    this.endExpired();
    const entry = id === undefined ? undefined : this.#entries.get(keyOf(id));
    if (entry) entry.lastUsed = this.now();
    return entry;
  }

  /** Ties a connection to the session: `onEnd` is called when the session ends. The answer unties it. */
  connect(id: string, onEnd: () => void): () => void {
    const entry = this.#entries.get(keyOf(id));
    entry?.connections.add(onEnd);
    return () => {
      entry?.connections.delete(onEnd);
      if (entry) entry.lastUsed = this.now();
    };
  }

  /** Signs out. */
  end(id: string): void {
    this.#end(keyOf(id));
  }

  /** Ends what is over by age or disuse; also called by a timer, so that an open console learns of it. */
  endExpired(): void {
    const now = this.now();
    for (const [key, { expires, lastUsed, connections }] of this.#entries) {
      const idle = connections.size === 0 && now - lastUsed >= IDLE_MS;
      if (now >= expires || idle) this.#end(key);
    }
  }

  #end(key: string): void {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    for (const onEnd of entry?.connections ?? []) onEnd();
  }
}
