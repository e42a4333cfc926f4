import { z } from 'zod';
import { isoTime } from './models';
import { roles } from './operations';
import { problemSchema } from './problems';

/**
 * What browser mode adds to the wire. HTTP carries the pages and the session only; every call and every stream goes
 * over one WebSocket, so that there is one way to call, one order of messages and one place that checks the role.
 */
export const SESSION_PATH = '/api/session';
export const STREAM_PATH = '/api/stream';

/**
 * Must stand on every request that changes something. A page of another origin cannot set it without a preflight, and
 * no preflight is ever answered.
 */
export const CONSOLE_HEADER = 'x-cityflow-console';
export const CONSOLE_HEADER_VALUE = '1';

/** The link's fragment is `#code=…`: a fragment is never sent to a server, never logged, never in a Referer. */
export const CODE_PARAMETER = 'code';

/** Sent in place of a message while there is none, so that both sides know that the connection lives. */
export const HEARTBEAT = 'heartbeat';
export const HEARTBEAT_MS = 5_000;
/** A client that heard nothing for so long takes the connection for lost. */
export const SILENCE_MS = 15_000;

/** A message of a client longer than this ends the connection (code 1009). */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** Why the service ended a WebSocket, beyond the codes of RFC 6455. */
export const closeCodes = {
  /** The session is over: signing in again is needed. */
  signedOut: 4401,
  /** The client does not take its messages; it may connect anew. */
  tooSlow: 4408,
  /** The core behind the service has gone; the service finds or starts another when the client connects anew. */
  coreGone: 4503,
  /** Why there is no core was answered; whether there is one now is seen by connecting anew. */
  noCore: 4504,
  /** What came was no message of the wire. */
  malformed: 4400,
} as const;

/** POST: opens a session. */
export const signInSchema = z.union([
  z.strictObject({ code: z.string().max(200) }),
  z.strictObject({ user: z.string().max(200), password: z.string().max(1000) }),
]);
export type SignIn = z.infer<typeof signInSchema>;

/** GET and POST answer the session; DELETE ends it. */
export const sessionInfoSchema = z.object({
  network: z.string(),
  user: z.string(),
  role: z.enum(roles),
  /** When it ends whatever happens. */
  expires: isoTime,
});
export type SessionInfo = z.infer<typeof sessionInfoSchema>;

/** The body of every answer that refuses. */
export const refusalSchema = z.object({ problem: problemSchema });
