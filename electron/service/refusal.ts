import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '../api/problems';
import { contentSecurityPolicy, securityHeaders } from '../core/content-security-policy';
import { problem } from '../core/problem';

/** A request that is not served: what the browser and what the person are told. */
export interface Refusal {
  readonly status: number;
  readonly problem: Problem;
  readonly headers?: Readonly<Record<string, string>>;
}

export const refusals = {
  host: (): Refusal => ({
    status: 403,
    problem: problem('FORBIDDEN', {
      title: 'This is not an address of the console.',
      detail: 'The Host header names a host this service does not answer for.',
      hint: 'Open the link that `cityflow serve` printed.',
    }).problem,
  }),
  origin: (): Refusal => ({
    status: 403,
    problem: problem('FORBIDDEN', {
      title: 'The request does not come from a page of the console.',
      detail: 'Its Origin header is missing or names another origin.',
      hint: 'Open the link that `cityflow serve` printed.',
    }).problem,
  }),
  header: (name: string): Refusal => ({
    status: 403,
    problem: problem('FORBIDDEN', {
      title: 'The request does not come from the console.',
      detail: `It lacks the header ${name}.`,
      hint: 'Use the console itself.',
    }).problem,
  }),
  notSignedIn: (byPassword: boolean): Refusal => ({
    status: 401,
    problem: problem('NOT_SIGNED_IN', {
      title: 'You are not signed in.',
      detail: 'There is no session, or it is over.',
      hint: byPassword
        ? 'Sign in with user and password.'
        : 'Press Enter where `cityflow serve` runs and open the new link.',
    }).problem,
  }),
  code: (): Refusal => ({
    status: 401,
    problem: problem('SIGN_IN_REFUSED', {
      title: 'This link does not sign in any more.',
      detail: 'A link works once, for ten minutes.',
      hint: 'Press Enter where `cityflow serve` runs and open the new link.',
    }).problem,
  }),
  password: (): Refusal => ({
    status: 401,
    problem: problem('SIGN_IN_REFUSED', {
      title: 'User or password is wrong.',
      hint: 'Try again.',
    }).problem,
  }),
  tooManyAttempts: (seconds: number): Refusal => ({
    status: 429,
    headers: { 'Retry-After': String(seconds) },
    problem: problem('TOO_MANY_ATTEMPTS', {
      title: 'Too many failed sign-ins.',
      detail: `The next attempt is possible in ${seconds} s.`,
      hint: 'Wait, then try again.',
      retryable: true,
    }).problem,
  }),
  tooLarge: (bytes: number): Refusal => ({
    status: 413,
    problem: problem('TOO_LARGE', {
      title: 'The request is too large.',
      detail: `Its body may have ${bytes} bytes.`,
      hint: 'Use the console itself.',
    }).problem,
  }),
  malformed: (detail: string): Refusal => ({
    status: 400,
    problem: problem('BAD_REQUEST', {
      title: 'The request is not of its form.',
      detail,
      hint: 'Use the console itself.',
    }).problem,
  }),
  mediaType: (): Refusal => ({
    status: 415,
    problem: problem('BAD_REQUEST', {
      title: 'The body must be JSON.',
      detail: 'Its Content-Type is another.',
      hint: 'Use the console itself.',
    }).problem,
  }),
  method: (allowed: string): Refusal => ({
    status: 405,
    headers: { Allow: allowed },
    problem: problem('BAD_REQUEST', {
      title: 'This method is not offered here.',
      detail: `Allowed: ${allowed}.`,
      hint: 'Use the console itself.',
    }).problem,
  }),
  notFound: (): Refusal => ({
    status: 404,
    problem: problem('NOT_FOUND', {
      title: 'There is nothing at this address.',
      hint: 'Go back to the start of the console.',
    }).problem,
  }),
  upgradeOnly: (): Refusal => ({
    status: 426,
    headers: { Upgrade: 'websocket' },
    problem: problem('BAD_REQUEST', {
      title: 'This address speaks WebSocket only.',
      hint: 'Use the console itself.',
    }).problem,
  }),
  tooManyConnections: (): Refusal => ({
    status: 503,
    problem: problem('TOO_MANY_ATTEMPTS', {
      title: 'Too many consoles are open.',
      hint: 'Close some, then try again.',
      retryable: true,
    }).problem,
  }),
} as const;

const headersOf = ({ headers }: Refusal, bytes: number): Record<string, string> => ({
  ...securityHeaders,
  'Content-Security-Policy': contentSecurityPolicy(),
  'Cache-Control': 'no-store',
  'Content-Type': 'application/json; charset=utf-8',
  'Content-Length': String(bytes),
  ...headers,
});

/** Answers with the refusal. What is left of the request's body is not read: the connection ends. */
export function refuse(response: ServerResponse, refusal: Refusal): void {
  const body = Buffer.from(JSON.stringify({ problem: refusal.problem }));
  response.writeHead(refusal.status, { ...headersOf(refusal, body.length), Connection: 'close' });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Answers a request for a WebSocket, which has no response object, with the refusal. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const body = Buffer.from(JSON.stringify({ problem: refusal.problem }));
  const lines = Object.entries({ ...headersOf(refusal, body.length), Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.on('error', () => undefined);
  socket.end(
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}\r\n${lines.join('')}\r\n`,
      ),
      body,
    ]),
  );
}
