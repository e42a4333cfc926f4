import type { IncomingMessage, ServerResponse } from 'node:http';
import os from 'node:os';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import {
  CONSOLE_HEADER,
  CONSOLE_HEADER_VALUE,
  MAX_MESSAGE_BYTES,
  SESSION_PATH,
  STREAM_PATH,
  closeCodes,
  signInSchema,
} from '../api/browser-service';
import type { SessionInfo, SignIn } from '../api/browser-service';
import type { Role } from '../api/operations';
import { contentSecurityPolicy, securityHeaders } from '../core/content-security-policy';
import { isAllowedHost, isAllowedOrigin } from './allowed-origins';
import type { AllowedOrigins } from './allowed-origins';
import type { Assets } from './assets';
import { AttemptLimit } from './attempt-limit';
import type { PasswordUser } from './password';
import { refusals, refuse, refuseUpgrade } from './refusal';
import type { Refusal } from './refusal';
import { readJson } from './request-body';
import { SessionCookie } from './session-cookie';
import { Sessions } from './sessions';
import type { SignedIn } from './sessions';
import { SignInCodes } from './sign-in-codes';
import { serveStream } from './stream';
import type { OpenCoreSession } from './stream';

export interface GatewayOptions {
  readonly network: string;
  readonly assets: Assets;
  readonly allowed: AllowedOrigins;
  readonly openSession: OpenCoreSession;
  /** Who may sign in by password, besides the one-time codes. */
  readonly passwordUser: PasswordUser | undefined;
  /** Milliseconds of the wall clock, for tests. */
  readonly now?: () => number;
}

const MAX_SIGN_IN_BYTES = 4096;
const MAX_CONNECTIONS = 64;
const EXPIRY_CHECK_MS = 30_000;
/** Written any way, a path with one of these is not one that a page of the console asks for. */
const SUSPICIOUS_PATH = /\.\.|\\|\/\/|%(2e|2f|5c|00)/i;

/** Browser mode: who is let in, to what. Serves pages, the session, and the wire over WebSocket. */
export class Gateway {
  readonly #codes: SignInCodes;
  readonly #sessions: Sessions;
  readonly #attempts: AttemptLimit;
  readonly #cookie: SessionCookie;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  readonly #expiry: NodeJS.Timeout;

  constructor(private readonly options: GatewayOptions) {
    this.#codes = new SignInCodes(options.now);
    this.#sessions = new Sessions(options.now);
    this.#attempts = new AttemptLimit(options.now);
    this.#cookie = new SessionCookie(options.allowed);
    this.#expiry = setInterval(() => this.#sessions.endExpired(), EXPIRY_CHECK_MS).unref();
  }

  /** A one-time code that signs in with the role. */
  issueCode(role: Role): string {
    return this.#codes.issue(role);
  }

  /** Tells the clients that the service goes. */
  close(): void {
    clearInterval(this.#expiry);
    for (const socket of this.#webSockets.clients) socket.close(1001, 'the service ends');
  }

  /** Ends the connections that are left without a word. */
  terminate(): void {
    for (const socket of this.#webSockets.clients) socket.terminate();
  }

  /** One HTTP request. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = this.#checkRequest(request) ?? (await this.#route(request, response));
    if (refusal) refuse(response, refusal);
  }

  /** One request for a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.#checkUpgrade(request);
    if (refusal) {
      refuseUpgrade(socket, refusal);
      return;
    }
    const id = this.#cookie.read(request);
    const session = this.#sessions.find(id);
    if (id === undefined || !session) {
      refuseUpgrade(socket, this.#notSignedIn());
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const disconnect = this.#sessions.connect(id, () =>
        webSocket.close(closeCodes.signedOut, 'the session is over'),
      );
      webSocket.on('close', disconnect);
      void serveStream(webSocket, session, this.options.openSession);
    });
  }

  #checkRequest(request: IncomingMessage): Refusal | undefined {
    const { allowed } = this.options;
    if (!isAllowedHost(allowed, request.headers.host)) return refusals.host();
    const { origin } = request.headers;
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    // Browsers send Origin with everything but plain reads.
    if ((changes || origin !== undefined) && !isAllowedOrigin(allowed, origin)) return refusals.origin();
    if (changes && request.headers[CONSOLE_HEADER] !== CONSOLE_HEADER_VALUE) {
      return refusals.header(CONSOLE_HEADER);
    }
    if (!request.url?.startsWith('/') || SUSPICIOUS_PATH.test(pathOf(request.url))) {
      return refusals.malformed('Its path is none of the console’s.');
    }
    return undefined;
  }

  #checkUpgrade(request: IncomingMessage): Refusal | undefined {
    const { allowed } = this.options;
    if (!isAllowedHost(allowed, request.headers.host)) return refusals.host();
    if (!isAllowedOrigin(allowed, request.headers.origin)) return refusals.origin();
    if (request.url !== STREAM_PATH) return refusals.notFound();
    if (this.#webSockets.clients.size >= MAX_CONNECTIONS) return refusals.tooManyConnections();
    return undefined;
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<Refusal | undefined> {
    const pathname = pathOf(request.url ?? '/');
    if (pathname === SESSION_PATH) return this.#session(request, response);
    if (pathname === STREAM_PATH) return refusals.upgradeOnly();
    if (pathname === '/api' || pathname.startsWith('/api/')) return refusals.notFound();
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusals.method('GET, HEAD');
    const { scheme } = this.options.allowed;
    const webSocketOrigin = `${scheme === 'https' ? 'wss' : 'ws'}://${request.headers.host ?? ''}`;
    const served = await this.options.assets.serve(request, response, pathname, webSocketOrigin);
    return served ? undefined : refusals.notFound();
  }

  #session(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Refusal | undefined> | Refusal | undefined {
    if (request.method === 'POST') return this.#signIn(request, response);
    if (request.method === 'DELETE') {
      const id = this.#cookie.read(request);
      if (id !== undefined) this.#sessions.end(id);
      response.writeHead(204, { ...apiHeaders, 'Set-Cookie': this.#cookie.clear() }).end();
      return undefined;
    }
    if (request.method !== 'GET') return refusals.method('GET, POST, DELETE');
    const session = this.#sessions.find(this.#cookie.read(request));
    if (!session) return this.#notSignedIn();
    sendJson(response, 200, this.#info(session));
    return undefined;
  }

  async #signIn(request: IncomingMessage, response: ServerResponse): Promise<Refusal | undefined> {
    const body = await readJson(request, MAX_SIGN_IN_BYTES);
    if ('refusal' in body) return body.refusal;
    const asked = signInSchema.safeParse(body.value);
    if (!asked.success) return refusals.malformed('It has neither a code nor user and password.');
    const address = request.socket.remoteAddress ?? '';
    const wait = this.#attempts.waitSeconds(address);
    if (wait > 0) return refusals.tooManyAttempts(wait);
    const admitted = await this.#admit(asked.data);
    if (!admitted) {
      this.#attempts.failed(address);
      return 'code' in asked.data ? refusals.code() : refusals.password();
    }
    const before = this.#cookie.read(request);
    if (before !== undefined) this.#sessions.end(before);
    const id = this.#sessions.open(admitted.user, admitted.role);
    const session = this.#sessions.find(id);
    if (!session) return this.#notSignedIn();
    sendJson(response, 201, this.#info(session), { 'Set-Cookie': this.#cookie.write(id) });
    return undefined;
  }

  async #admit(asked: SignIn): Promise<{ user: string; role: Role } | undefined> {
    if ('code' in asked) {
      const role = this.#codes.redeem(asked.code);
      return role === undefined ? undefined : { user: linkUser(role), role };
    }
    const user = this.options.passwordUser;
    if (!user || !(await user.accepts(asked.user, asked.password))) return undefined;
    return { user: user.name, role: 'admin' };
  }

  #info({ user, role, expires }: SignedIn): SessionInfo {
    return { network: this.options.network, user, role, expires: new Date(expires).toISOString() };
  }

  #notSignedIn = (): Refusal => refusals.notSignedIn(this.options.passwordUser !== undefined);
}

/** A link of the full role is opened by whoever started the service; a lesser one is made to be handed on. */
const linkUser = (role: Role): string => (role === 'admin' ? os.userInfo().username : `${role} by link`);

const pathOf = (url: string): string => url.replace(/[?#].*$/s, '');

const apiHeaders = {
  ...securityHeaders,
  'Content-Security-Policy': contentSecurityPolicy(),
  'Cache-Control': 'no-store',
};

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    ...apiHeaders,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
    ...headers,
  });
  response.end(body);
}
