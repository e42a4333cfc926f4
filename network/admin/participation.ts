import { Agent, request, type RequestOptions } from 'node:https';
import { status } from '@grpc/grpc-js';
import { NodeCallError, ParticipationError } from './errors';

/** An orderer's admin listener (mutual TLS). */
export interface OrdererAdminAddress {
  /** The orderer's name in the topology; errors carry it. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** TLS CA certificates that vouch for the orderer, PEM. */
  readonly tlsRootCertificates: string;
  /** Certificate and key, PEM, which the orderer's `Admin.TLS.ClientRootCAs` vouches for. */
  readonly clientCertificate: string;
  readonly clientKey: string;
  readonly tlsServerName?: string;
}

export type ConsensusRelation = 'consenter' | 'follower' | 'config-tracker' | 'other';
export type ParticipationStatus = 'active' | 'onboarding' | 'inactive' | 'failed';

export interface ChannelParticipation {
  readonly name: string;
  readonly consensusRelation: ConsensusRelation;
  readonly status: ParticipationStatus;
  /** Number of blocks the orderer has of the channel. */
  readonly height: number;
}

const basePath = '/participation/v1/channels';

/**
 * The orderer's channel participation API (orderer/common/channelparticipation/restapi.go), as `osnadmin channel`.
 * Calls throw NodeCallError where the listener does not answer: UNAVAILABLE, DEADLINE_EXCEEDED or CANCELLED.
 */
export class ChannelParticipationClient {
  readonly #orderer: OrdererAdminAddress;
  readonly #agent: Agent;

  constructor(orderer: OrdererAdminAddress) {
    this.#orderer = orderer;
    this.#agent = new Agent({ keepAlive: true });
  }

  /** Names of the channels the orderer takes part in. */
  async list(signal?: AbortSignal): Promise<string[]> {
    const answer = await this.#json('list channels', basePath, signal);
    return arrayField(answer, 'channels').map((channel) => stringField(channel, 'name'));
  }

  /** @throws ParticipationError with 404 when the orderer doesn't know the channel */
  async info(channelId: string, signal?: AbortSignal): Promise<ChannelParticipation> {
    const answer = await this.#json(
      `channel ${channelId}`,
      `${basePath}/${encodeURIComponent(channelId)}`,
      signal,
    );
    return participationOf(answer);
  }

  /**
   * Joins the channel whose genesis or configuration block this is; an orderer that has it already is left as it is.
   * @param configBlock serialized common.Block, at most 1 MB (the orderer's `MaxRequestBodySize`)
   * @returns whether the orderer joined now
   */
  async join(channelId: string, configBlock: Uint8Array, signal?: AbortSignal): Promise<boolean> {
    if ((await this.list(signal)).includes(channelId)) return false;
    const boundary = `----cityflow${Date.now().toString(16)}${Math.random().toString(16).slice(2)}`;
    const body = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="config-block"; filename="config.block"\r\n` +
          'Content-Type: application/octet-stream\r\n\r\n',
      ),
      configBlock,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
    const operation = `join channel ${channelId}`;
    const headers = {
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
      'Content-Length': body.length,
    };
    const answer = await this.#send(operation, { method: 'POST', path: basePath, headers }, body, signal);
    if (answer.status === 201) return true;
    throw new ParticipationError(this.#orderer.name, operation, answer.status, answer.body);
  }

  /** The orderer forgets the channel and deletes its blocks. */
  async remove(channelId: string, signal?: AbortSignal): Promise<void> {
    const operation = `remove channel ${channelId}`;
    const path = `${basePath}/${encodeURIComponent(channelId)}`;
    const answer = await this.#send(operation, { method: 'DELETE', path }, undefined, signal);
    if (answer.status !== 204) {
      throw new ParticipationError(this.#orderer.name, operation, answer.status, answer.body);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #json(operation: string, path: string, signal?: AbortSignal): Promise<unknown> {
    const headers = { Accept: 'application/json' };
    const ask = () => this.#send(operation, { method: 'GET', path, headers }, undefined, signal);
    // A connection that was kept may be closed by the listener in the moment it is used again.
    const answer = await ask().catch((error: unknown) => {
      if (error instanceof NodeCallError && error.unavailable && signal?.aborted !== true) return ask();
      throw error;
    });
    if (answer.status !== 200) {
      throw new ParticipationError(this.#orderer.name, operation, answer.status, answer.body);
    }
    return JSON.parse(answer.body);
  }

  #send(
    operation: string,
    options: RequestOptions,
    body: Buffer | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ status: number; body: string }> {
    const orderer = this.#orderer;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        const code = failureOf(signal);
        reject(new NodeCallError(orderer.name, operation, code, wordsOf(error), { cause: error }));
      };
      const sent = request(
        {
          host: orderer.host,
          port: orderer.port,
          agent: this.#agent,
          ca: orderer.tlsRootCertificates,
          cert: orderer.clientCertificate,
          key: orderer.clientKey,
          ...(orderer.tlsServerName !== undefined && { servername: orderer.tlsServerName }),
          ...(signal && { signal }),
          ...options,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
          );
          response.on('error', fail);
        },
      );
      sent.on('error', fail);
      sent.end(body);
    });
  }
}

/** Why there was no answer: the caller's time was up, the caller gave up, or the listener did not give one. */
function failureOf(signal: AbortSignal | undefined): status {
  if (signal?.aborted !== true) return status.UNAVAILABLE;
  const timedOut = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  return timedOut ? status.DEADLINE_EXCEEDED : status.CANCELLED;
}

/** Node's own words for a connection that ends before the answer say little. */
function wordsOf(error: Error): string {
  return error.message === 'socket hang up'
    ? 'its admin listener closed the connection without an answer (socket hang up)'
    : error.message;
}

function participationOf(value: unknown): ChannelParticipation {
  return {
    name: stringField(value, 'name'),
    consensusRelation: stringField(value, 'consensusRelation') as ConsensusRelation,
    status: stringField(value, 'status') as ParticipationStatus,
    height: numberField(value, 'height'),
  };
}

function field(value: unknown, name: string): unknown {
  if (typeof value === 'object' && value !== null && name in value)
    return (value as Record<string, unknown>)[name];
  throw new Error(`the orderer's answer has no ${name}`);
}

function stringField(value: unknown, name: string): string {
  const found = field(value, name);
  if (typeof found === 'string') return found;
  throw new Error(`${name} in the orderer's answer is no text`);
}

function numberField(value: unknown, name: string): number {
  const found = field(value, name);
  if (typeof found === 'number') return found;
  throw new Error(`${name} in the orderer's answer is no number`);
}

/** Go writes an empty list as null. */
function arrayField(value: unknown, name: string): unknown[] {
  const found = field(value, name);
  if (found === null) return [];
  if (Array.isArray(found)) return found as unknown[];
  throw new Error(`${name} in the orderer's answer is no list`);
}
