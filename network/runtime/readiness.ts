import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { connect } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/** When a node counts as ready: its listener finishes a TLS handshake, and its operations service reports health. */
export interface Readiness {
  readonly tls: {
    readonly host: string;
    readonly port: number;
    /** File with the TLS CA certificate that vouches for the node. */
    readonly rootCertificate: string;
  };
  /** `host:port` of the operations service; contracts have none. */
  readonly operations?: string;
}

const intervalMs = 40;
const attemptTimeoutMs = 2_000;
/** A node that serves but says itself that it is not well, a damaged ledger for example, hardly gets well by waiting. */
const unhealthyPatienceMs = 10_000;
const UNHEALTHY = 'unhealthy: ';

/**
 * Waits until a node is ready.
 * @param stillRunning asked between attempts; when it says no, waiting is over
 * @returns undefined when ready, else what was still missing
 */
export async function untilReady(
  readiness: Readiness,
  stillRunning: () => boolean,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const ca = await readFile(readiness.tls.rootCertificate, 'utf8');
  const deadline = Date.now() + timeoutMs;
  let missing = 'nothing was tried yet';
  let wellUntil = Date.now();
  while (stillRunning() && !signal?.aborted) {
    const found = (await missingListener(readiness, ca)) ?? (await missingHealth(readiness));
    if (found === undefined) return undefined;
    missing = found;
    if (!missing.startsWith(UNHEALTHY)) wellUntil = Date.now();
    else if (Date.now() - wellUntil > unhealthyPatienceMs) return missing;
    if (Date.now() > deadline) return `${missing} (waited ${timeoutMs / 1000} s)`;
    await delay(intervalMs);
  }
  return signal?.aborted ? 'cancelled' : missing;
}

function missingListener({ tls }: Readiness, ca: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host: tls.host,
      port: tls.port,
      ca,
      servername: tls.host,
      // grpc-go ends handshakes that don't offer HTTP/2.
      ALPNProtocols: ['h2'],
      timeout: attemptTimeoutMs,
    });
    const settle = (missing: string | undefined): void => {
      // In good order where the handshake was done: a node logs one that breaks off as an error.
      if (missing === undefined) socket.end();
      else socket.destroy();
      resolve(missing);
    };
    socket.once('secureConnect', () => settle(undefined));
    socket.once('timeout', () => settle(`no TLS handshake on ${tls.host}:${tls.port}`));
    socket.once('error', (error: Error) =>
      settle(`no TLS connection to ${tls.host}:${tls.port}: ${error.message}`),
    );
  });
}

function missingHealth({ operations }: Readiness): Promise<string | undefined> {
  if (operations === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const request = get(
      `http://${operations}/healthz`,
      { agent: false, timeout: attemptTimeoutMs },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () =>
          resolve(response.statusCode === 200 ? undefined : UNHEALTHY + failedChecks(body)),
        );
        response.on('error', (error) => resolve(`no health report: ${error.message}`));
      },
    );
    request.once('timeout', () => request.destroy(new Error(`no answer in ${attemptTimeoutMs / 1000} s`)));
    request.once('error', (error) => resolve(`no health report from ${operations}: ${error.message}`));
  });
}

const healthSchema = z.object({
  failed_checks: z.array(z.object({ component: z.string(), reason: z.string() })).min(1),
});

/** What a health report complains of, in words; the report as it is where it has another form. */
export function failedChecks(body: string): string {
  try {
    const { failed_checks: checks } = healthSchema.parse(JSON.parse(body));
    return checks.map(({ component, reason }) => `${component}: ${reason}`).join('; ');
  } catch {
    return body.trim();
  }
}
