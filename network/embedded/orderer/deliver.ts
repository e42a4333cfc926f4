/** Serves a channel's blocks from where a client asks (common/deliver). Streams that wait cost a listener each. */
import { common, orderer } from '@hyperledger/fabric-protos';
import { sha256 } from '../../protocol/hash';
import { createLogger } from '../node/logging';
import type { ActiveChannel, OrdererChannel, SignedData } from './channel';
import type { BlockStore } from './block-store';
import { identityExpiry, signedDataOf } from './message-filter';
import type { OrdererMetrics } from './orderer-metrics';

const logger = createLogger('common.deliver');

const CHANNEL_READERS = '/Channel/Readers';
type Status = common.StatusMap[keyof common.StatusMap];
const { SUCCESS, BAD_REQUEST, FORBIDDEN, NOT_FOUND, SERVICE_UNAVAILABLE } = common.Status;

export interface DeliverOptions {
  readonly channel: (channelId: string) => OrdererChannel | undefined;
  readonly metrics: OrdererMetrics;
  readonly timeWindowMs: number;
  readonly expirationChecks: boolean;
  /** Requests must then carry the hash of the client's TLS certificate. */
  readonly mutualTls: boolean;
}

/** One client's stream. */
export interface DeliverStream {
  /** For the log. */
  readonly peer: string;
  /** Aborted when the client is gone. */
  readonly cancelled: AbortSignal;
  /** The TLS certificate the client presented, DER. */
  readonly clientCertificate: Uint8Array | undefined;
  /** Resolves when the client can take more. @param block serialized `common.Block` */
  sendBlock(block: Uint8Array): Promise<void>;
}

class BadRequest extends Error {}

interface SeekRequest {
  readonly channelId: string;
  readonly seek: () => orderer.SeekInfo;
  readonly signed: SignedData;
}

/** Where to begin: a block number, or undefined when there can be no such block (blockledger's Iterator). */
function startNumber(start: orderer.SeekPosition, height: number): number | undefined {
  const { TypeCase } = orderer.SeekPosition;
  switch (start.getTypeCase()) {
    case TypeCase.OLDEST:
      return 0;
    case TypeCase.NEWEST:
      return height - 1;
    case TypeCase.NEXT_COMMIT:
      return height;
    case TypeCase.SPECIFIED: {
      const number = start.getSpecified()?.getNumber() ?? 0;
      return number > height ? undefined : number;
    }
    case TypeCase.TYPE_NOT_SET:
      return undefined;
  }
}

/** The last block wanted; 0 for a position that names none, as genuine nodes take it. */
function stopNumber(seek: orderer.SeekInfo, start: number, height: number): number {
  const { TypeCase } = orderer.SeekPosition;
  const stop = seek.getStop();
  switch (stop?.getTypeCase()) {
    case TypeCase.OLDEST:
      return start;
    case TypeCase.NEWEST:
      // Newest to newest is one block, also when another is added meanwhile.
      return seek.getStart()?.getTypeCase() === TypeCase.NEWEST ? start : height - 1;
    case TypeCase.SPECIFIED:
      return stop?.getSpecified()?.getNumber() ?? 0;
    case TypeCase.NEXT_COMMIT:
    case TypeCase.TYPE_NOT_SET:
    case undefined:
      return 0;
  }
}

/** Whether the client may still read: the policy is asked again when the configuration changes, expiry at each block. */
class SessionAccess {
  private checkedSequence: number | undefined;

  constructor(
    private readonly channel: ActiveChannel,
    private readonly signed: SignedData,
    private readonly expiresAt: number | undefined,
  ) {}

  /** Why not, or undefined. */
  denied(): string | undefined {
    if (this.expiresAt !== undefined && Date.now() > this.expiresAt) {
      return `deliver client identity expired ${Date.now() - this.expiresAt}ms before`;
    }
    const { sequence } = this.channel.resources;
    if (this.checkedSequence === sequence) return undefined;
    const reason = this.channel.resources.unsatisfied(CHANNEL_READERS, [this.signed]);
    if (reason !== undefined) return `${reason}: permission denied`;
    this.checkedSequence = sequence;
    return undefined;
  }
}

export class DeliverHandler {
  constructor(private readonly options: DeliverOptions) {}

  /**
   * Answers one request on a stream; its blocks go out through `stream.sendBlock`.
   * @returns the status that ends the answer; undefined when the client went away
   */
  async deliver(bytes: Uint8Array, stream: DeliverStream): Promise<Status | undefined> {
    let request: SeekRequest;
    try {
      request = this.parse(bytes, stream);
    } catch (error) {
      logger.warn(`error parsing envelope from ${stream.peer}: ${(error as Error).message}`);
      return BAD_REQUEST;
    }
    const channel = this.options.channel(request.channelId);
    if (channel === undefined) {
      logger.debug(`Rejecting deliver for ${stream.peer} because channel ${request.channelId} not found`);
      return NOT_FOUND;
    }
    const { metrics } = this.options;
    const labels = { channel: request.channelId, filtered: 'false', data_type: 'block' } as const;
    metrics.deliver.requestsReceived.add(labels);
    const status = await this.serve(channel, request, stream, () => metrics.deliver.blocksSent.add(labels));
    metrics.deliver.requestsCompleted.add({ ...labels, success: String(status === SUCCESS) });
    return status;
  }

  private parse(bytes: Uint8Array, stream: DeliverStream): SeekRequest {
    const envelope = common.Envelope.deserializeBinary(bytes);
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    const header = payload.getHeader();
    if (header === undefined) throw new BadRequest('envelope has no header');
    const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    this.checkTime(channelHeader);
    if (this.options.mutualTls) checkTlsBinding(channelHeader, stream.clientCertificate);
    return {
      channelId: channelHeader.getChannelId(),
      seek: () => orderer.SeekInfo.deserializeBinary(payload.getData_asU8()),
      signed: signedDataOf(envelope),
    };
  }

  private checkTime(header: common.ChannelHeader): void {
    const timestamp = header.getTimestamp();
    if (timestamp === undefined) throw new BadRequest('channel header in envelope must contain timestamp');
    const time = timestamp.getSeconds() * 1000 + timestamp.getNanos() / 1e6;
    if (!(Math.abs(Date.now() - time) <= this.options.timeWindowMs)) {
      throw new BadRequest(
        `envelope timestamp ${time} ms is more than ${this.options.timeWindowMs} ms apart from current server time`,
      );
    }
  }

  private async serve(
    channel: OrdererChannel,
    request: SeekRequest,
    stream: DeliverStream,
    sent: () => void,
  ): Promise<Status | undefined> {
    const warn = (text: string): void => logger.warn(`[channel: ${channel.channelId}] ${text}`);
    let seek: orderer.SeekInfo;
    try {
      seek = request.seek();
    } catch (error) {
      warn(
        `Received a signed deliver request from ${stream.peer} with malformed seekInfo payload: ${String(error)}`,
      );
      return BAD_REQUEST;
    }
    if (channel.state === 'failed') {
      warn(`Rejecting deliver request for ${stream.peer}: ${channel.reason}`);
      return SERVICE_UNAVAILABLE;
    }
    const expiresAt = this.options.expirationChecks ? identityExpiry(request.signed.identity) : undefined;
    const access = new SessionAccess(channel, request.signed, expiresAt);
    const denied = access.denied();
    if (denied !== undefined) {
      warn(`Client ${stream.peer} is not authorized: ${denied}`);
      return FORBIDDEN;
    }
    const start = seek.getStart();
    if (start === undefined || !seek.hasStop()) {
      warn(`Received seekInfo message from ${stream.peer} with missing start or stop`);
      return BAD_REQUEST;
    }
    const { store } = channel;
    const first = startNumber(start, store.height);
    const last = stopNumber(seek, first ?? 0, store.height);
    if (seek.getStop()?.hasSpecified() && last < (first ?? 0)) {
      warn(
        `Received invalid seekInfo message from ${stream.peer}: start ${first ?? 0} greater than stop ${last}`,
      );
      return BAD_REQUEST;
    }
    if (first === undefined) return NOT_FOUND;
    const failIfNotReady = seek.getBehavior() === orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY;

    for (let number = first; ; number++) {
      if (failIfNotReady && number >= store.height) {
        warn(`Block ${number} not found, block number greater than chain length bounds`);
        return NOT_FOUND;
      }
      const block = await nextBlock(store, number, stream.cancelled);
      if (stream.cancelled.aborted) return undefined;
      if (block === undefined) {
        logger.debug(
          `[channel: ${channel.channelId}] Ending deliver to ${stream.peer}: the channel is closed`,
        );
        return SERVICE_UNAVAILABLE;
      }
      const revoked = access.denied();
      if (revoked !== undefined) {
        warn(`Client authorization revoked for deliver request from ${stream.peer}: ${revoked}`);
        return FORBIDDEN;
      }
      await stream.sendBlock(block);
      if (stream.cancelled.aborted) return undefined;
      sent();
      if (number === last) return SUCCESS;
    }
  }
}

/** The block once it is on disk; undefined when the client left or the channel was closed before. */
async function nextBlock(
  store: BlockStore,
  number: number,
  cancelled: AbortSignal,
): Promise<Uint8Array | undefined> {
  while (!cancelled.aborted && !store.closed) {
    if (number < store.height) return store.read(number);
    await store.changed(cancelled);
  }
  return undefined;
}

/** common/deliver/binding.go. */
function checkTlsBinding(header: common.ChannelHeader, certificate: Uint8Array | undefined): void {
  const claimed = header.getTlsCertHash_asU8();
  if (claimed.length === 0) throw new BadRequest("client didn't include its TLS cert hash");
  if (certificate === undefined) throw new BadRequest("client didn't send a TLS certificate");
  if (!sha256(certificate).equals(claimed)) {
    throw new BadRequest('claimed TLS cert hash is not that of the TLS certificate');
  }
}
