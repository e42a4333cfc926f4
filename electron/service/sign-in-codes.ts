import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Role } from '../api/operations';

/** 256 bits: nobody guesses it. */
const CODE_BYTES = 32;
const LIFE_MS = 10 * 60_000;
const MAX_OPEN = 100;

interface OpenCode {
  readonly digest: Buffer;
  readonly role: Role;
  readonly expires: number;
}

const digestOf = (code: string): Buffer => createHash('sha256').update(code).digest();

/** One-time codes that open a session with a role: each works once, for ten minutes. Only digests are kept. */
export class SignInCodes {
  #open: OpenCode[] = [];

  /** @param now milliseconds, for tests */
  constructor(private readonly now: () => number = Date.now) {}

  issue(role: Role): string {
    const code = randomBytes(CODE_BYTES).toString('base64url');
    const open = { digest: digestOf(code), role, expires: this.now() + LIFE_MS };
    this.#open = [...this.#living(), open].slice(-MAX_OPEN);
    return code;
  }

  /** The role that goes with the code, which is spent by this; undefined where it is unknown, used or too old. */
  redeem(code: string): Role | undefined {
    const digest = digestOf(code);
    const living = this.#living();
    // Every code is compared, in constant time, so that the time taken tells nothing.
    const matches = living.map((open) => timingSafeEqual(open.digest, digest));
    const found = living.find((_open, index) => matches[index]);
    this.#open = living.filter((open) => open !== found);
    return found?.role;
  }

  #living(): OpenCode[] {
    return this.#open.filter(({ expires }) => expires > this.now());
  }
}
