import { X509Certificate, createPrivateKey } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Role } from '../api/operations';
import { CODE_PARAMETER } from '../api/browser-service';
import { problem, toProblem } from '../core/problem';
import type { ProblemError } from '../core/problem';
import { loopbackHosts } from './allowed-origins';
import type { Assets } from './assets';
import { Gateway } from './gateway';
import type { PasswordUser } from './password';
import { refuse } from './refusal';
import type { OpenCoreSession } from './stream';

export interface TlsMaterial {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface ServiceOptions {
  readonly network: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly tls: TlsMaterial | undefined;
  readonly passwordUser: PasswordUser | undefined;
  readonly assets: Assets;
  readonly openSession: OpenCoreSession;
  /** Milliseconds of the wall clock, for tests. */
  readonly now?: () => number;
}

export interface ConsoleService {
  /** Without a path. */
  readonly origin: string;
  readonly port: number;
  /** A link that signs in once with the role. */
  link(role: Role): string;
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
const MAX_CONNECTIONS = 512;
const CLOSE_GRACE_MS = 1_000;

/**
 * Starts browser mode.
 * @throws ProblemError UNSAFE_ADDRESS where others could reach it without TLS and a user, CERTIFICATE_INVALID, PORT_TAKEN
 */
export async function startService(options: ServiceOptions): Promise<ConsoleService> {
  const hosts = allowedHosts(options);
  const { tls } = options;
  const limits = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS };
  const server = tls
    ? https.createServer({
        ...limits,
        cert: tls.certificatePem,
        key: tls.privateKeyPem,
        minVersion: 'TLSv1.2',
      })
    : http.createServer(limits);
  server.maxConnections = MAX_CONNECTIONS;
  const port = await listen(server, options);
  const scheme = tls ? 'https' : 'http';
  const gateway = new Gateway({ ...options, allowed: { scheme, hosts, port } });
  server.on('request', (request, response) => {
    gateway.handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuse(response, { status: 500, problem: toProblem(error) });
    });
  });
  server.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head));
  const [name = options.host] = hosts;
  const origin = `${scheme}://${name}:${port}`;
  return {
    origin,
    port,
    link: (role) => `${origin}/#${CODE_PARAMETER}=${gateway.issueCode(role)}`,
    close: () => close(server, gateway),
  };
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** The names under which the service may be addressed: this machine's to itself, else those of its certificate. */
function allowedHosts({ host, tls, passwordUser }: ServiceOptions): readonly string[] {
  if (!tls) {
    if (!isLoopback(host)) throw unsafe(host, 'It would be sent in the clear what you see and do.');
    const own = host.includes(':') ? `[${host}]` : host;
    return [own, ...loopbackHosts.filter((name) => name !== own)];
  }
  if (!passwordUser && !isLoopback(host)) throw unsafe(host, 'Nobody would have to sign in with a password.');
  return certificateHosts(tls);
}

const unsafe = (host: string, why: string): ProblemError =>
  problem('UNSAFE_ADDRESS', {
    title: `The console does not listen on ${host} like this.`,
    detail: `Others can reach that address. ${why}`,
    hint: 'Give --tls-cert, --tls-key, --user and --password-file, or leave out --host: then only this machine can reach it.',
  });

function certificateHosts({ certificatePem, privateKeyPem }: TlsMaterial): readonly string[] {
  const invalid = (detail: string, hint: string, cause?: unknown) =>
    problem('CERTIFICATE_INVALID', { title: 'The TLS certificate cannot be used.', detail, hint, cause });
  let certificate: X509Certificate;
  let matches: boolean;
  try {
    certificate = new X509Certificate(certificatePem);
    matches = certificate.checkPrivateKey(createPrivateKey(privateKeyPem));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw invalid(detail, 'Give a certificate and an unencrypted private key, both as PEM.', error);
  }
  if (!matches)
    throw invalid('The private key is not that of the certificate.', 'Give the key it was made with.');
  if (new Date(certificate.validTo) < new Date()) {
    throw invalid(`It expired on ${certificate.validTo}.`, 'Give one that is valid.');
  }
  const names = (certificate.subjectAltName ?? '').split(', ').flatMap((entry) => {
    const [, kind, value] = /^(DNS|IP Address):(.+)$/.exec(entry) ?? [];
    if (value === undefined || value.includes('*')) return [];
    return [kind === 'IP Address' && value.includes(':') ? `[${value.toLowerCase()}]` : value.toLowerCase()];
  });
  if (names.length > 0) return names;
  throw invalid(
    'It names no host: the console answers only under the names of its certificate.',
    'Give a certificate with the host’s name or address as subject alternative name (no wildcard).',
  );
}

function listen(server: http.Server, { host, port }: ServiceOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(listenProblem(error, host, port));
    });
    server.listen({ host, port, exclusive: true }, () => resolve((server.address() as AddressInfo).port));
  });
}

function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const at = `${host}:${port}`;
  if (error.code === 'EADDRINUSE') {
    return problem('PORT_TAKEN', {
      title: `Port ${port} is taken.`,
      detail: `Another program listens on ${at}; it may be another console.`,
      hint: 'Use that console, or choose another port with --port.',
      cause: error,
    });
  }
  if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return problem('UNSAFE_ADDRESS', {
      title: `The console cannot listen on ${at}.`,
      detail: error.message,
      hint: 'Choose another address with --host and --port.',
      cause: error,
    });
  }
  return error;
}

async function close(server: http.Server, gateway: Gateway): Promise<void> {
  gateway.close();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const grace = setTimeout(() => {
    gateway.terminate();
    server.closeAllConnections();
  }, CLOSE_GRACE_MS);
  await closed;
  clearTimeout(grace);
}
