/** Takes envelopes for ordering and says what became of each (orderer/common/broadcast). */
import { common, orderer } from '@hyperledger/fabric-protos';
import { decodeMessage } from '../../protocol/wire';
import { createLogger } from '../node/logging';
import { secondsSince } from '../node/metrics';
import { ChainUnavailable } from './chain';
import type { ActiveChannel, OrdererChannel } from './channel';
import { applyFilters, envelopeSize, MessageRejected } from './message-filter';
import type { OrdererMetrics } from './orderer-metrics';

const logger = createLogger('orderer.common.broadcast');

export interface BroadcastOptions {
  readonly channel: (channelId: string) => OrdererChannel | undefined;
  readonly metrics: OrdererMetrics;
  readonly expirationChecks: boolean;
}

export interface BroadcastReply {
  readonly status: common.StatusMap[keyof common.StatusMap];
  readonly info: string;
}

const STATUS_NAMES = new Map(Object.entries(common.Status).map(([name, value]) => [value as number, name]));
const TYPE_NAMES = new Map(Object.entries(common.HeaderType).map(([name, value]) => [value as number, name]));

/** The channel header of an envelope, with the texts of protoutil.ChannelHeader. */
function channelHeader(envelope: common.Envelope): common.ChannelHeader {
  const refuse = (why: string): never => {
    throw new MessageRejected(common.Status.BAD_REQUEST, `could not determine channel ID: ${why}`);
  };
  let payload: common.Payload;
  try {
    payload = decodeMessage(common.Payload, envelope.getPayload_asU8(), 'Payload');
  } catch (error) {
    return refuse((error as Error).message);
  }
  const header = payload.getHeader() ?? refuse('header not set');
  const bytes = header.getChannelHeader_asU8();
  if (bytes.length === 0) refuse('channel header not set');
  try {
    return decodeMessage(common.ChannelHeader, bytes, 'ChannelHeader');
  } catch (error) {
    return refuse(`error unmarshalling channel header: ${(error as Error).message}`);
  }
}

export class BroadcastHandler {
  constructor(private readonly options: BroadcastOptions) {}

  /** @param bytes the serialized envelope; ordered exactly as it came @param from the client, for the log */
  async process(bytes: Uint8Array, from: string): Promise<BroadcastReply> {
    const started = process.hrtime.bigint();
    const labels = { channel: 'unknown', type: 'unknown' };
    let validated: number | undefined;
    let enqueueStarted: bigint | undefined;
    const handle = async (): Promise<BroadcastReply> => {
      const envelope = this.parse(bytes);
      const header = channelHeader(envelope);
      const channel = this.channelFor(header);
      labels.channel = header.getChannelId();
      labels.type = TYPE_NAMES.get(header.getType()) ?? String(header.getType());
      const active = this.validate(envelope, header, channel);
      validated = secondsSince(started);
      enqueueStarted = process.hrtime.bigint();
      if (header.getType() === common.HeaderType.CONFIG_UPDATE) {
        this.options.metrics.raft.configProposalsReceived.add({ channel: active.channelId });
        throw new ChainUnavailable('configuration updates are not available on this orderer');
      }
      await active.chain.waitReady();
      active.chain.order({ bytes, size: envelopeSize(envelope) });
      return { status: common.Status.SUCCESS, info: '' };
    };
    const reply = await handle().catch((error: unknown) => this.refusal(error, labels.channel, from));

    const { broadcast } = this.options.metrics;
    const all = { ...labels, status: STATUS_NAMES.get(reply.status) ?? String(reply.status) };
    broadcast.validateDuration.observe(all, validated ?? secondsSince(started));
    if (enqueueStarted !== undefined) broadcast.enqueueDuration.observe(all, secondsSince(enqueueStarted));
    broadcast.processedCount.add(all);
    return reply;
  }

  private parse(bytes: Uint8Array): common.Envelope {
    try {
      return common.Envelope.deserializeBinary(bytes);
    } catch (error) {
      const why = `error unmarshalling Envelope: ${(error as Error).message}`;
      throw new MessageRejected(common.Status.BAD_REQUEST, why);
    }
  }

  private channelFor(header: common.ChannelHeader): OrdererChannel {
    const channel = this.options.channel(header.getChannelId());
    if (channel !== undefined) return channel;
    throw new MessageRejected(
      common.Status.BAD_REQUEST,
      'channel creation request not allowed because the orderer system channel is not defined',
    );
  }

  private validate(
    envelope: common.Envelope,
    header: common.ChannelHeader,
    channel: OrdererChannel,
  ): ActiveChannel {
    const type = header.getType();
    if (type === common.HeaderType.CONFIG || type === common.HeaderType.ORDERER_TRANSACTION) {
      const why = 'message is of type that cannot be processed directly';
      throw new MessageRejected(common.Status.BAD_REQUEST, why);
    }
    if (channel.state === 'failed')
      throw new ChainUnavailable(`channel ${channel.channelId} failed: ${channel.reason}`);
    try {
      applyFilters(envelope, channel.resources, {
        expiration: this.options.expirationChecks,
        now: Date.now(),
      });
    } catch (error) {
      if (type !== common.HeaderType.CONFIG_UPDATE || !(error instanceof MessageRejected)) throw error;
      const why = `config update for existing channel did not pass initial checks: ${error.message}`;
      throw new MessageRejected(error.status, why);
    }
    return channel;
  }

  private refusal(error: unknown, channelId: string, from: string): BroadcastReply {
    if (error instanceof MessageRejected) {
      logger.warn(
        `[channel: ${channelId}] Rejecting broadcast of message from ${from} because of error: ${error.message}`,
      );
      return { status: error.status, info: error.message };
    }
    if (error instanceof ChainUnavailable) {
      logger.warn(
        `[channel: ${channelId}] Rejecting broadcast of message from ${from} with SERVICE_UNAVAILABLE: ${error.message}`,
      );
      return { status: common.Status.SERVICE_UNAVAILABLE, info: error.message };
    }
    logger.error(`[channel: ${channelId}] failed to process a message from ${from}`, { error });
    return { status: common.Status.INTERNAL_SERVER_ERROR, info: 'internal error' };
  }
}

export function encodeBroadcastReply(reply: BroadcastReply): Buffer {
  const response = new orderer.BroadcastResponse();
  response.setStatus(reply.status);
  response.setInfo(reply.info);
  return Buffer.from(response.serializeBinary());
}
