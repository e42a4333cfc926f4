/**
 * What an envelope must pass before it is ordered, in this order: not empty, not too large, its creator's certificate
 * not expired, signed by one who may write (orderer/common/msgprocessor).
 */
import { X509Certificate } from 'node:crypto';
import { common, msp } from '@hyperledger/fabric-protos';
import type { ChannelResources, SignedData } from './channel';

/** Why an envelope is refused; the message is the BroadcastResponse's info. */
export class MessageRejected extends Error {
  override readonly name = 'MessageRejected';

  constructor(
    readonly status: common.StatusMap[keyof common.StatusMap],
    message: string,
  ) {
    super(message);
  }
}

const CHANNEL_WRITERS = '/Channel/Writers';
const MAX_REMEMBERED = 1000;

/** Remembers expiry by certificate: parsing one costs as much as a signature check. */
const expiries = new Map<string, number | undefined>();

/** Milliseconds since the epoch at which an identity's certificate expires; undefined when it has none (common/crypto ExpiresAt). */
export function identityExpiry(serializedIdentity: Uint8Array): number | undefined {
  const key = Buffer.from(serializedIdentity).toString('latin1');
  if (expiries.has(key)) return expiries.get(key);
  let expiry: number | undefined;
  try {
    const pem = msp.SerializedIdentity.deserializeBinary(serializedIdentity).getIdBytes_asU8();
    expiry = Date.parse(new X509Certificate(pem).validTo);
  } catch {
    // Not a certificate: it can't expire here, and the signature filter refuses it.
    expiry = undefined;
  }
  if (expiries.size >= MAX_REMEMBERED) expiries.clear();
  expiries.set(key, expiry);
  return expiry;
}

/** An envelope's signature, ready to check (protoutil EnvelopeAsSignedData). */
export function signedDataOf(envelope: common.Envelope): SignedData {
  const data = envelope.getPayload_asU8();
  const header = common.Payload.deserializeBinary(data).getHeader();
  if (header === undefined) throw new Error('Missing Header');
  const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
  return { data, identity: signatureHeader.getCreator_asU8(), signature: envelope.getSignature_asU8() };
}

export function envelopeSize(envelope: common.Envelope): number {
  return envelope.getPayload_asU8().length + envelope.getSignature_asU8().length;
}

/** @throws MessageRejected */
export function applyFilters(
  envelope: common.Envelope,
  resources: ChannelResources,
  checks: { readonly expiration: boolean; readonly now: number },
): void {
  const badRequest = common.Status.BAD_REQUEST;
  if (envelope.getPayload_asU8().length === 0) throw new MessageRejected(badRequest, 'Message was empty');
  const size = envelopeSize(envelope);
  const { absoluteMaxBytes } = resources.batch();
  if (size > absoluteMaxBytes) {
    throw new MessageRejected(
      badRequest,
      `message payload is ${size} bytes and exceeds maximum allowed ${absoluteMaxBytes} bytes`,
    );
  }
  let signed: SignedData;
  try {
    signed = signedDataOf(envelope);
  } catch (error) {
    throw new MessageRejected(
      badRequest,
      `could not convert message to signedData: ${(error as Error).message}`,
    );
  }
  if (checks.expiration) {
    const expiry = identityExpiry(signed.identity);
    if (expiry !== undefined && checks.now >= expiry) {
      throw new MessageRejected(badRequest, 'broadcast client identity expired');
    }
  }
  const reason = resources.unsatisfied(CHANNEL_WRITERS, [signed]);
  if (reason !== undefined)
    throw new MessageRejected(common.Status.FORBIDDEN, `${reason}: permission denied`);
}
