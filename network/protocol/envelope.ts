import { randomBytes } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import timestampPb from 'google-protobuf/google/protobuf/timestamp_pb';
import type { Signer } from './signing';
import { decodeMessage } from './wire';

export interface EnvelopeFields {
  /** One of `common.HeaderType`. */
  readonly type: number;
  readonly channelId: string;
  /** Serialized message of the payload. */
  readonly data: Uint8Array;
  readonly txId?: string;
  /** SHA-256 of the client's TLS certificate (DER): needed by Deliver under mutual TLS. */
  readonly tlsCertHash?: Uint8Array;
  readonly epoch?: number;
  readonly version?: number;
  readonly extension?: Uint8Array;
  /** Claimed time; now by default. Deliver refuses one more than 15 minutes off. */
  readonly timestamp?: Date;
  /** 24 random bytes by default. */
  readonly nonce?: Uint8Array;
}

/** Length of the nonce Fabric puts into signature headers (common/crypto/random.go). */
export const NONCE_BYTES = 24;

/** A protobuf timestamp of `date`, to the millisecond. */
export function timestampOf(date: Date): timestampPb.Timestamp {
  const timestamp = new timestampPb.Timestamp();
  const milliseconds = date.getTime();
  const seconds = Math.floor(milliseconds / 1000);
  timestamp.setSeconds(seconds);
  timestamp.setNanos((milliseconds - seconds * 1000) * 1_000_000);
  return timestamp;
}

export function channelHeaderOf(fields: Omit<EnvelopeFields, 'data' | 'nonce'>): common.ChannelHeader {
  const header = new common.ChannelHeader();
  header.setType(fields.type);
  header.setVersion(fields.version ?? 0);
  header.setTimestamp(timestampOf(fields.timestamp ?? new Date()));
  header.setChannelId(fields.channelId);
  header.setTxId(fields.txId ?? '');
  header.setEpoch(fields.epoch ?? 0);
  if (fields.extension !== undefined) header.setExtension$(fields.extension);
  if (fields.tlsCertHash !== undefined) header.setTlsCertHash(fields.tlsCertHash);
  return header;
}

export function signatureHeaderOf(creator: Uint8Array, nonce: Uint8Array): common.SignatureHeader {
  const header = new common.SignatureHeader();
  header.setCreator(creator);
  header.setNonce(nonce);
  return header;
}

/** A payload from already serialized headers. */
export function payloadOf(
  channelHeader: Uint8Array,
  signatureHeader: Uint8Array,
  data: Uint8Array,
): common.Payload {
  const header = new common.Header();
  header.setChannelHeader(channelHeader);
  header.setSignatureHeader(signatureHeader);
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(data);
  return payload;
}

/** A payload signed into an envelope; without a signer the signature stays empty. */
export function signPayload(signer: Signer | undefined, payload: common.Payload): common.Envelope {
  const bytes = payload.serializeBinary();
  const envelope = new common.Envelope();
  envelope.setPayload(bytes);
  if (signer !== undefined) envelope.setSignature(signer.sign(bytes));
  return envelope;
}

/**
 * A signed envelope of any header type (protoutil CreateSignedEnvelopeWithTLSBinding). Without a signer it is
 * anonymous: the signature header has no creator and the signature is empty.
 */
export function createEnvelope(signer: Signer | undefined, fields: EnvelopeFields): common.Envelope {
  const signatureHeader =
    signer === undefined
      ? new common.SignatureHeader()
      : signatureHeaderOf(signer.creator, fields.nonce ?? randomBytes(NONCE_BYTES));
  return signPayload(
    signer,
    payloadOf(channelHeaderOf(fields).serializeBinary(), signatureHeader.serializeBinary(), fields.data),
  );
}

export interface ParsedEnvelope {
  /** Serialized `common.Payload`: the bytes the signature covers. */
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly header: common.Header;
  readonly channelHeader: common.ChannelHeader;
  readonly signatureHeader: common.SignatureHeader;
  /** Serialized message of the payload. */
  readonly data: Uint8Array;
}

/**
 * Opens an envelope down to its headers. Throws with Fabric's texts (`error unmarshalling Payload: …`,
 * `envelope must have a Header`) when a layer is malformed or missing. Signatures are not checked.
 */
export function parseEnvelope(source: Uint8Array | common.Envelope): ParsedEnvelope {
  const envelope = source instanceof Uint8Array ? decodeMessage(common.Envelope, source, 'Envelope') : source;
  const payloadBytes = envelope.getPayload_asU8();
  const payload = decodeMessage(common.Payload, payloadBytes, 'Payload');
  const header = payload.getHeader();
  if (header === undefined) throw new Error('envelope must have a Header');
  return {
    payload: payloadBytes,
    signature: envelope.getSignature_asU8(),
    header,
    channelHeader: decodeMessage(common.ChannelHeader, header.getChannelHeader_asU8(), 'ChannelHeader'),
    signatureHeader: decodeMessage(
      common.SignatureHeader,
      header.getSignatureHeader_asU8(),
      'SignatureHeader',
    ),
    data: payload.getData_asU8(),
  };
}
