/**
 * The operations service (core/operations/system.go): /metrics, /healthz, /version and /logspec. Plain HTTP, without
 * authorisation, as a genuine node serves it when operations TLS is off.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { activateLogSpec, activeLogSpec, createLogger } from './logging';
import { METRICS_CONTENT_TYPE, type Metrics } from './metrics';
import { listenError } from './port-holder';

const logger = createLogger('fabhttp');

/** A health check: resolves when the component is well, rejects with the reason when not. */
export type HealthCheck = () => Promise<void>;

export interface OperationsOptions {
  readonly listenAddress: { readonly host: string; readonly port: number };
  /** As metadata.Version without the leading v. */
  readonly version: string;
  readonly commitSha: string;
  readonly metrics: Metrics;
  readonly checks: Readonly<Record<string, HealthCheck>>;
}

export interface Operations {
  readonly port: number;
  close(): Promise<void>;
}

const HEALTH_TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 64 * 1024;
/** As long as a genuine node keeps a connection that is not used (common/fabhttp: Go's IdleTimeout by its ReadTimeout). */
const IDLE_MS = 10_000;

class RequestError extends Error {}

function sendJson(response: ServerResponse, status: number, body: unknown, newline = false): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body) + (newline ? '\n' : ''));
}

async function failedChecks(
  checks: OperationsOptions['checks'],
): Promise<{ component: string; reason: string }[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([component, check]) => {
      try {
        await check();
        return undefined;
      } catch (error) {
        return { component, reason: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
  return results.filter((result) => result !== undefined);
}

async function health(options: OperationsOptions, response: ServerResponse): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), HEALTH_TIMEOUT_MS);
  });
  const failed = await Promise.race([failedChecks(options.checks), timeout]).finally(() =>
    clearTimeout(timer),
  );
  if (failed === undefined) {
    response.writeHead(408).end();
    return;
  }
  const time = new Date().toISOString();
  if (failed.length === 0) sendJson(response, 200, { status: 'OK', time });
  else sendJson(response, 503, { status: 'Service Unavailable', time, failed_checks: failed });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new RequestError('http: request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The specification in a request's body, empty when it names none. Read by hand: a schema library costs each node megabytes. */
function specOf(body: unknown): string {
  const spec: unknown = typeof body === 'object' && body !== null && 'spec' in body ? body.spec : '';
  if (typeof spec !== 'string') throw new RequestError('spec must be a text');
  return spec;
}

async function logSpec(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'GET') {
    sendJson(response, 200, { spec: activeLogSpec() }, true);
    return;
  }
  try {
    if (request.method !== 'PUT') throw new RequestError(`invalid request method: ${request.method ?? ''}`);
    activateLogSpec(specOf(JSON.parse(await readBody(request))));
    response.writeHead(204).end();
  } catch (error) {
    sendJson(response, 400, { error: (error as Error).message }, true);
  }
}

async function answer(
  options: OperationsOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [pathname = '/'] = (request.url ?? '/').split('?');
  switch (pathname) {
    case '/metrics':
      response.writeHead(200, { 'Content-Type': METRICS_CONTENT_TYPE });
      response.end(await options.metrics.text());
      return;
    case '/healthz':
      if (request.method === 'GET') await health(options, response);
      else response.writeHead(405).end();
      return;
    case '/version':
      if (request.method === 'GET') {
        sendJson(response, 200, { CommitSHA: options.commitSha, Version: options.version });
      } else {
        sendJson(response, 400, { Error: `invalid request method: ${request.method ?? ''}` });
      }
      return;
    case '/logspec':
      await logSpec(request, response);
      return;
    default:
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host === '' ? undefined : host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** @throws ListenError naming the process that holds the port */
export async function startOperations(options: OperationsOptions): Promise<Operations> {
  const { host, port } = options.listenAddress;
  const server = createServer({ keepAliveTimeout: IDLE_MS }, (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      logger.error('failed to answer an operations request', { path: request.url, error });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  try {
    await listen(server, host, port);
  } catch (error) {
    throw await listenError('operations service', host, port, error as Error);
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
