import { X509Certificate } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import type { PeerChannel } from '../channel';
import type { AccessControl, SignedData } from '../endorser/access-control';

export type DeliverResource = 'event/Block' | 'event/FilteredBlock';

/**
 * The right of one deliver request to go on: it ends with the client's certificate, and is looked at again whenever
 * the channel's configuration has changed (common/deliver/acl.go).
 */
export class SessionAccess {
  readonly #expires: number | undefined;
  #checkedSequence: number | undefined;

  constructor(
    private readonly accessControl: AccessControl,
    private readonly channel: PeerChannel,
    private readonly resource: DeliverResource,
    private readonly signed: SignedData,
  ) {
    this.#expires = expiry(signed.identity);
  }

  /** Throws saying why the client may not go on. */
  check(): void {
    if (this.#expires !== undefined && Date.now() > this.#expires) {
      throw new Error(`deliver client identity expired ${Date.now() - this.#expires}ms before`);
    }
    const { sequence } = this.channel.config();
    if (sequence === this.#checkedSequence) return;
    this.accessControl.checkSigned(this.resource, this.channel.id, this.signed);
    this.#checkedSequence = sequence;
  }
}

/** When the identity's certificate ends, in milliseconds since 1970; an unreadable one is left to the policy check. */
function expiry(identity: Uint8Array): number | undefined {
  try {
    const pem = msp.SerializedIdentity.deserializeBinary(identity).getIdBytes_asU8();
    return Date.parse(new X509Certificate(Buffer.from(pem)).validTo);
  } catch {
    return undefined;
  }
}
