import { createHash } from 'node:crypto';
import type {
  handleBidiStreamingCall,
  ServerDuplexStream,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { common, orderer, peer, type ledger } from '@hyperledger/fabric-protos';
import { parseEnvelope, type ParsedEnvelope } from '../../../protocol/envelope';
import { decodeMessage } from '../../../protocol/wire';
import type { CounterMetric, Metrics } from '../../node/metrics';
import type { Logger } from '../../node/logging';
import type { PeerChannel, PeerContext } from '../channel';
import type { AccessControl, SignedData } from '../endorser/access-control';
import { signalOf } from '../gateway/call-scope';
import { messageOf } from '../gateway/status';
import { committedBlock, writeTo } from '../services/block-stream';
import { filteredBlock } from './filtered-block';
import { seekRange } from './seek';
import { SessionAccess, type DeliverResource } from './session-access';

const { Status } = common;
type StatusCode = common.StatusMap[keyof common.StatusMap];
type DeliverCall = ServerDuplexStream<common.Envelope, peer.DeliverResponse>;

export interface DeliverDependencies {
  readonly peer: PeerContext;
  readonly accessControl: AccessControl;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** How far a request's timestamp may be from this peer's clock, in milliseconds (peer.authentication.timewindow). */
  readonly timeWindowMs: number;
  /** Whether clients must show a TLS certificate; each request then has to name its hash. */
  readonly mutualTls: boolean;
  /** The client's TLS certificate, DER. */
  clientCertificate(call: { getPeer(): string }): Uint8Array | undefined;
  /** Private data of a block this peer holds and the client may read, as DeliverWithPrivateData sends it. */
  privateData(
    channelId: string,
    block: common.Block,
    client: SignedData,
  ): Promise<ReadonlyMap<number, ledger.rwset.TxPvtReadWriteSet>>;
}

export interface DeliverServer extends UntypedServiceImplementation {
  deliver: handleBidiStreamingCall<common.Envelope, peer.DeliverResponse>;
  deliverFiltered: handleBidiStreamingCall<common.Envelope, peer.DeliverResponse>;
  deliverWithPrivateData: handleBidiStreamingCall<common.Envelope, peer.DeliverResponse>;
}

/** How one of the three calls turns a block into its response. */
interface Variant {
  readonly dataType: 'block' | 'filtered_block' | 'block_and_pvtdata';
  readonly resource: DeliverResource;
  respond(channel: PeerChannel, block: common.Block, client: SignedData): Promise<peer.DeliverResponse>;
}

/** The event service of a peer, for peer.DeliverService (core/peer/deliverevents.go, common/deliver). */
export function createDeliver(deps: DeliverDependencies): DeliverServer {
  const sessions = new DeliverSessions(deps);
  return {
    deliver: (call) =>
      sessions.serve(call, {
        dataType: 'block',
        resource: 'event/Block',
        respond: (_, block) => {
          const response = new peer.DeliverResponse();
          response.setBlock(block);
          return Promise.resolve(response);
        },
      }),
    deliverFiltered: (call) =>
      sessions.serve(call, {
        dataType: 'filtered_block',
        resource: 'event/FilteredBlock',
        respond: (_, block) => {
          try {
            const response = new peer.DeliverResponse();
            response.setFilteredBlock(filteredBlock(block));
            return Promise.resolve(response);
          } catch (error) {
            deps.logger.warn('Failed to generate filtered block', { error: messageOf(error) });
            return Promise.resolve(statusResponse(Status.BAD_REQUEST));
          }
        },
      }),
    deliverWithPrivateData: (call) =>
      sessions.serve(call, {
        dataType: 'block_and_pvtdata',
        resource: 'event/Block',
        respond: async (channel, block, client) => {
          const both = new peer.BlockAndPrivateData();
          both.setBlock(block);
          for (const [number, writeSet] of await deps.privateData(channel.id, block, client)) {
            both.getPrivateDataMapMap().set(number, writeSet);
          }
          const response = new peer.DeliverResponse();
          response.setBlockAndPrivateData(both);
          return response;
        },
      }),
  };
}

class DeliverSessions {
  readonly #streamsOpened: CounterMetric;
  readonly #streamsClosed: CounterMetric;
  readonly #requestsReceived: CounterMetric<'channel' | 'filtered' | 'data_type'>;
  readonly #requestsCompleted: CounterMetric<'channel' | 'filtered' | 'data_type' | 'success'>;
  readonly #blocksSent: CounterMetric<'channel' | 'filtered' | 'data_type'>;

  constructor(private readonly deps: DeliverDependencies) {
    const { metrics } = deps;
    const labels = ['channel', 'filtered', 'data_type'] as const;
    this.#streamsOpened = metrics.counter(
      'deliver_streams_opened',
      'The number of GRPC streams that have been opened for the deliver service.',
    );
    this.#streamsClosed = metrics.counter(
      'deliver_streams_closed',
      'The number of GRPC streams that have been closed for the deliver service.',
    );
    this.#requestsReceived = metrics.counter(
      'deliver_requests_received',
      'The number of deliver requests that have been received.',
      labels,
    );
    this.#requestsCompleted = metrics.counter(
      'deliver_requests_completed',
      'The number of deliver requests that have been completed.',
      [...labels, 'success'],
    );
    this.#blocksSent = metrics.counter(
      'deliver_blocks_sent',
      'The number of blocks sent by the deliver service.',
      labels,
    );
  }

  /** Answers the stream's requests one after another, until one does not succeed or the client ends the stream. */
  serve(call: DeliverCall, variant: Variant): void {
    const signal = signalOf(call);
    this.#streamsOpened.add({});
    signal.addEventListener('abort', () => call.resume(), { once: true });
    call.on('close', () => this.#streamsClosed.add({}));
    call.on('error', (error: unknown) => this.deps.logger.debug('deliver stream failed', { error }));
    call.on('data', (envelope: common.Envelope) => {
      // The next request is read when this one is answered.
      call.pause();
      this.#answer(call, variant, envelope, signal).then(
        (status) => {
          if (signal.aborted) return;
          call.write(statusResponse(status));
          if (status === Status.SUCCESS) call.resume();
          else call.end();
        },
        (error: unknown) => {
          if (!signal.aborted) call.emit('error', Object.assign(new Error(messageOf(error)), { code: 2 }));
        },
      );
    });
    call.on('end', () => call.end());
  }

  async #answer(
    call: DeliverCall,
    variant: Variant,
    envelope: common.Envelope,
    signal: AbortSignal,
  ): Promise<StatusCode> {
    let request: ParsedEnvelope;
    try {
      request = this.#open(call, envelope);
    } catch (error) {
      this.deps.logger.warn(`error parsing envelope from ${call.getPeer()}: ${messageOf(error)}`);
      return Status.BAD_REQUEST;
    }
    const channel = this.deps.peer.channel(request.channelHeader.getChannelId());
    if (channel === undefined) return Status.NOT_FOUND;

    const labels = {
      channel: channel.id,
      filtered: String(variant.dataType === 'filtered_block'),
      data_type: variant.dataType,
    };
    this.#requestsReceived.add(labels);
    let status: StatusCode = Status.INTERNAL_SERVER_ERROR;
    try {
      status = await this.#deliver(channel, request, variant, signal, async (response) => {
        await writeTo(call, response, signal);
        this.#blocksSent.add(labels);
      });
      return status;
    } finally {
      this.#requestsCompleted.add({ ...labels, success: String(status === Status.SUCCESS) });
    }
  }

  #open(call: DeliverCall, envelope: common.Envelope): ParsedEnvelope {
    const request = parseEnvelope(envelope);
    const timestamp = request.channelHeader.getTimestamp();
    if (timestamp === undefined) throw new Error('channel header in envelope must contain timestamp');
    const claimed = timestamp.getSeconds() * 1000 + timestamp.getNanos() / 1e6;
    if (Math.abs(Date.now() - claimed) > this.deps.timeWindowMs) {
      throw new Error(
        `envelope timestamp ${new Date(claimed).toISOString()} is more than ${this.deps.timeWindowMs / 1000}s apart from current server time ${new Date().toISOString()}`,
      );
    }
    if (this.deps.mutualTls) {
      checkTlsBinding(request.channelHeader.getTlsCertHash_asU8(), this.deps.clientCertificate(call));
    }
    return request;
  }

  async #deliver(
    channel: PeerChannel,
    request: ParsedEnvelope,
    variant: Variant,
    signal: AbortSignal,
    send: (response: peer.DeliverResponse) => Promise<void>,
  ): Promise<StatusCode> {
    const { logger } = this.deps;
    let seek: orderer.SeekInfo;
    try {
      seek = decodeMessage(orderer.SeekInfo, request.data, 'SeekInfo');
    } catch (error) {
      logger.warn(`[channel: ${channel.id}] malformed seekInfo payload: ${messageOf(error)}`);
      return Status.BAD_REQUEST;
    }
    const client: SignedData = {
      identity: request.signatureHeader.getCreator_asU8(),
      data: request.payload,
      signature: request.signature,
    };
    const access = new SessionAccess(this.deps.accessControl, channel, variant.resource, client);
    if (!this.#allowed(channel, access)) return Status.FORBIDDEN;

    const range = seekRange(seek, channel.ledger.height);
    if (range.outcome === 'malformed') return Status.BAD_REQUEST;
    if (range.outcome === 'beyond') return Status.NOT_FOUND;
    for (let number = range.start; ; number += 1) {
      if (range.failIfNotReady && number > channel.ledger.height - 1) return Status.NOT_FOUND;
      const block = await committedBlock(channel.ledger, number, signal);
      if (!this.#allowed(channel, access)) return Status.FORBIDDEN;
      await send(await variant.respond(channel, block, client));
      if (number === range.stop) return Status.SUCCESS;
    }
  }

  #allowed(channel: PeerChannel, access: SessionAccess): boolean {
    try {
      access.check();
      return true;
    } catch (error) {
      this.deps.logger.warn(`[channel: ${channel.id}] Client is not authorized: ${messageOf(error)}`);
      return false;
    }
  }
}

function checkTlsBinding(claimed: Uint8Array, certificate: Uint8Array | undefined): void {
  if (claimed.length === 0) throw new Error("client didn't include its TLS cert hash");
  if (certificate === undefined) throw new Error("client didn't send a TLS certificate");
  const actual = createHash('sha256').update(certificate).digest();
  if (!actual.equals(claimed)) {
    throw new Error('claimed TLS cert hash is not that of the client certificate');
  }
}

function statusResponse(status: StatusCode): peer.DeliverResponse {
  const response = new peer.DeliverResponse();
  response.setStatus(status);
  return response;
}
