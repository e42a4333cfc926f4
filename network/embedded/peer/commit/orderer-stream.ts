import { credentials, type ChannelCredentials, type ClientDuplexStream } from '@grpc/grpc-js';
import { common, orderer } from '@hyperledger/fabric-protos';
import { X509Certificate } from 'node:crypto';
import type { ChannelConfig } from '../../../protocol/channel-config';
import { createEnvelope } from '../../../protocol/envelope';
import { sha256 } from '../../../protocol/hash';
import type { Signer } from '../../../protocol/signing';

/** An orderer answered with a status instead of blocks. */
export class DeliverStatusError extends Error {
  override readonly name = 'DeliverStatusError';
}

/** The peer's own TLS identity, shown to orderers that ask for one. PEM. */
export interface TlsIdentity {
  readonly certificatePem: Buffer;
  readonly privateKeyPem: Buffer;
}

/** As a genuine peer's client (core.yaml keepalive.deliveryClient): a silent orderer is given up after that time. */
const CLIENT_OPTIONS = {
  'grpc.max_receive_message_length': 100 * 1024 * 1024,
  'grpc.max_send_message_length': 100 * 1024 * 1024,
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
  'grpc.enable_channelz': 0,
  'grpc.use_local_subchannel_pool': 1,
};

type DeliverCall = ClientDuplexStream<common.Envelope, orderer.DeliverResponse>;

/** Blocks of a channel, one after the other, from one orderer. */
export interface BlockStream {
  /** Throws when the stream breaks. */
  blocks(): AsyncIterable<common.Block>;
  close(): void;
}

/** Opens a stream of blocks from a height on, from the orderer at host:port. */
export type ConnectOrderer = (endpoint: string, channel: ChannelConfig, from: number) => BlockStream;

/** The blocks of one orderer from a height on, as they come. Nothing about them is checked here. */
export class OrdererStream implements BlockStream {
  readonly #client: orderer.AtomicBroadcastClient;
  readonly #call: DeliverCall;

  constructor(
    readonly endpoint: string,
    channel: ChannelConfig,
    from: number,
    signer: Signer,
    tls: TlsIdentity | undefined,
  ) {
    this.#client = new orderer.AtomicBroadcastClient(
      endpoint,
      ordererCredentials(channel, tls),
      CLIENT_OPTIONS,
    );
    this.#call = this.#client.deliver();
    const tlsCertHash = tls && sha256(new X509Certificate(tls.certificatePem).raw);
    this.#call.write(
      createEnvelope(signer, {
        type: common.HeaderType.DELIVER_SEEK_INFO,
        channelId: channel.channelId,
        data: seekFrom(from).serializeBinary(),
        ...(tlsCertHash === undefined ? {} : { tlsCertHash }),
      }),
    );
  }

  /** Blocks in the order the orderer sends them. Throws when the stream breaks or the orderer answers a status. */
  async *blocks(): AsyncGenerator<common.Block> {
    for await (const message of this.#call) {
      const response = message as orderer.DeliverResponse;
      const block = response.getBlock();
      if (block !== undefined) yield block;
      else throw new DeliverStatusError(`${this.endpoint} answers ${statusName(response.getStatus())}`);
    }
  }

  close(): void {
    this.#call.cancel();
    this.#client.close();
  }
}

function ordererCredentials(channel: ChannelConfig, tls: TlsIdentity | undefined): ChannelCredentials {
  const roots = channel.ordererTlsAuthorities();
  if (roots.length === 0) return credentials.createInsecure();
  return credentials.createSsl(
    Buffer.from(roots.join('\n')),
    tls?.privateKeyPem ?? null,
    tls?.certificatePem ?? null,
  );
}

function seekFrom(number: number): orderer.SeekInfo {
  const at = (block: number): orderer.SeekPosition => {
    const specified = new orderer.SeekSpecified();
    specified.setNumber(block);
    const position = new orderer.SeekPosition();
    position.setSpecified(specified);
    return position;
  };
  const seek = new orderer.SeekInfo();
  seek.setStart(at(number));
  seek.setStop(at(Number.MAX_SAFE_INTEGER));
  seek.setBehavior(orderer.SeekInfo.SeekBehavior.BLOCK_UNTIL_READY);
  return seek;
}

function statusName(status: number): string {
  const name = Object.entries(common.Status).find(([, value]) => value === status)?.[0];
  return name === undefined ? `status ${status}` : `${name} (${status})`;
}
