import { common } from '@hyperledger/fabric-protos';
import { rfc3339 } from '../decode/rfc3339';
import { validationCodeName } from '../validation-code';
import {
  decodeChannelHeader,
  decodeEnvelope,
  decodeHeaderExtension,
  decodePayload,
  decodeSignatureHeader,
  decodeTransaction,
  type ChaincodeId,
  type ChannelHeader,
  type Envelope,
  type Payload,
  type SignatureHeader,
} from '../validation/transaction';
import {
  decodeConfiguration,
  decodeConfigurationUpdate,
  type Configuration,
  type ConfigurationUpdate,
} from './configuration';
import { describeIdentity, type IdentityDescription } from './identity-description';
import { layer, Undecodable, type Layer } from './layer';
import { LedgerAction } from './ledger-action';

const { ENDORSER_TRANSACTION, CONFIG, CONFIG_UPDATE } = common.HeaderType;

const typeNames = new Map<number, string>(
  Object.entries(common.HeaderType).map(([name, type]) => [type as number, name]),
);

/** What a transaction carries, by the type in its header. */
export type TransactionContent =
  | { readonly kind: 'endorser transaction'; readonly actions: Layer<readonly LedgerAction[]> }
  | { readonly kind: 'configuration'; readonly configuration: Layer<Configuration> }
  | { readonly kind: 'configuration update'; readonly update: Layer<ConfigurationUpdate> }
  /** Of a type that does not belong into a block of a channel, or whose header cannot be read. */
  | { readonly kind: 'other'; readonly bytes: Uint8Array };

/**
 * A transaction as it stands in a block, each of its layers read when it is asked for, once. Nothing is guessed and
 * nothing fails: what cannot be read is `Undecodable` and keeps its bytes.
 */
export class LedgerTransaction {
  #envelope: Layer<Envelope> | undefined;
  #payload: Layer<Payload> | undefined;
  #channelHeader: Layer<ChannelHeader> | undefined;
  #signatureHeader: Layer<SignatureHeader> | undefined;
  #content: TransactionContent | undefined;

  constructor(
    /** Position in its block. */
    readonly position: number,
    /** Serialized common.Envelope: what the block's data hash covers. */
    readonly bytes: Uint8Array,
    /** The byte in the block's filter; undefined in a block no peer has validated. */
    readonly code: number | undefined,
  ) {}

  /** Fabric's name of the validation code; undefined where there is none. */
  get status(): string | undefined {
    return this.code === undefined ? undefined : validationCodeName(this.code);
  }

  get envelope(): Layer<Envelope> {
    return (this.#envelope ??= layer(this.bytes, decodeEnvelope));
  }

  get payload(): Layer<Payload> {
    this.#payload ??=
      this.envelope instanceof Undecodable ? this.envelope : layer(this.envelope.payload, decodePayload);
    return this.#payload;
  }

  get channelHeader(): Layer<ChannelHeader> {
    return (this.#channelHeader ??= this.#header('channelHeader', decodeChannelHeader));
  }

  /** Creator and nonce. */
  get signatureHeader(): Layer<SignatureHeader> {
    return (this.#signatureHeader ??= this.#header('signatureHeader', decodeSignatureHeader));
  }

  #header<T>(which: 'channelHeader' | 'signatureHeader', decode: (bytes: Uint8Array) => T): Layer<T> {
    const { payload } = this;
    if (payload instanceof Undecodable) return payload;
    if (payload.header === undefined) return new Undecodable('there is no header', new Uint8Array());
    return layer(payload.header[which], decode);
  }

  /** Name of the header type, its number where Fabric has no name for it; undefined where the header cannot be read. */
  get type(): string | undefined {
    const { channelHeader } = this;
    if (channelHeader instanceof Undecodable) return undefined;
    return typeNames.get(channelHeader.type) ?? String(channelHeader.type);
  }

  /** The id the client claims; undefined where it claims none, as configuration transactions may. */
  get id(): string | undefined {
    const { channelHeader } = this;
    return channelHeader instanceof Undecodable || channelHeader.txId === '' ? undefined : channelHeader.txId;
  }

  /** Time claimed by the client, RFC 3339 to the nanosecond; undefined where it claims none: nobody claims 1970. */
  get claimedTime(): string | undefined {
    const { channelHeader } = this;
    if (channelHeader instanceof Undecodable) return undefined;
    const { seconds, nanos } = channelHeader.timestamp;
    return seconds === 0 ? undefined : rfc3339(seconds, nanos);
  }

  /** Undefined where nobody is named, as in block 0. */
  get creator(): IdentityDescription | undefined {
    const { signatureHeader } = this;
    if (signatureHeader instanceof Undecodable || signatureHeader.creator.length === 0) return undefined;
    return describeIdentity(signatureHeader.creator);
  }

  /** The contract that the header names; undefined where it names none. */
  get contract(): ChaincodeId | undefined {
    const { channelHeader } = this;
    if (channelHeader instanceof Undecodable || channelHeader.extension.length === 0) return undefined;
    const extension = layer(channelHeader.extension, decodeHeaderExtension);
    return extension instanceof Undecodable ? undefined : extension.chaincodeId;
  }

  get content(): TransactionContent {
    return (this.#content ??= this.#readContent());
  }

  #readContent(): TransactionContent {
    const { channelHeader, payload } = this;
    if (payload instanceof Undecodable) return { kind: 'other', bytes: payload.bytes };
    const { data } = payload;
    if (channelHeader instanceof Undecodable) return { kind: 'other', bytes: data };
    switch (channelHeader.type) {
      case ENDORSER_TRANSACTION: {
        const actions = layer(data, (bytes) =>
          decodeTransaction(bytes).map((action) => new LedgerAction(action)),
        );
        return { kind: 'endorser transaction', actions };
      }
      case CONFIG:
        return { kind: 'configuration', configuration: layer(data, decodeConfiguration) };
      case CONFIG_UPDATE:
        return { kind: 'configuration update', update: layer(data, decodeConfigurationUpdate) };
      default:
        return { kind: 'other', bytes: data };
    }
  }

  /** All actions of an endorser transaction; none for any other, and none where they cannot be read. */
  get actions(): readonly LedgerAction[] {
    const { content } = this;
    if (content.kind !== 'endorser transaction' || content.actions instanceof Undecodable) return [];
    return content.actions;
  }
}
