import { decodeChaincodeCall, type ChaincodeCall } from './chaincode-call';
import { describeIdentity, type IdentityDescription } from './identity-description';
import { layer, Undecodable, type Layer } from './layer';
import { decodeReadWriteSet, type NamespaceSet } from '../read-write-set';
import {
  decodeChaincodeAction,
  decodeChaincodeActionPayload,
  decodeChaincodeEvent,
  decodeProposalResponsePayload,
  decodeSignatureHeader,
  type ChaincodeAction,
  type ChaincodeActionPayload,
  type ChaincodeEvent,
  type ProposalResponsePayload,
  type SignatureHeader,
  type TransactionAction,
} from '../validation/transaction';

export interface EndorsementDescription {
  readonly endorser: IdentityDescription;
  readonly signature: Uint8Array;
}

/** One action of an endorser transaction: what was asked, what came of it, and who vouches for that. Read as it is asked for. */
export class LedgerAction {
  #header: Layer<SignatureHeader> | undefined;
  #payload: Layer<ChaincodeActionPayload> | undefined;
  #response: Layer<ProposalResponsePayload> | undefined;
  #action: Layer<ChaincodeAction> | undefined;
  #call: Layer<ChaincodeCall> | undefined;
  #sets: Layer<readonly NamespaceSet[]> | undefined;
  #event: Layer<ChaincodeEvent> | undefined;

  constructor(readonly raw: TransactionAction) {}

  /** Creator and nonce, as in the transaction's own header. */
  get header(): Layer<SignatureHeader> {
    return (this.#header ??= layer(this.raw.header, decodeSignatureHeader));
  }

  get payload(): Layer<ChaincodeActionPayload> {
    return (this.#payload ??= layer(this.raw.payload, decodeChaincodeActionPayload));
  }

  /** Contract, arguments and decorations of the proposal. */
  get call(): Layer<ChaincodeCall> {
    this.#call ??= of(this.payload, ({ chaincodeProposalPayload }) =>
      layer(chaincodeProposalPayload, decodeChaincodeCall),
    );
    return this.#call;
  }

  /** What every endorser signed: the hash of the proposal and the outcome. */
  get response(): Layer<ProposalResponsePayload> {
    this.#response ??= of(this.payload, ({ action }) =>
      layer(action?.proposalResponsePayload ?? new Uint8Array(), decodeProposalResponsePayload),
    );
    return this.#response;
  }

  /** The contract that answered, its response, read and write sets and event. */
  get action(): Layer<ChaincodeAction> {
    this.#action ??= of(this.response, ({ extension }) => layer(extension, decodeChaincodeAction));
    return this.#action;
  }

  /** Read and write sets by namespace. Key hashes of private data hold one character a byte. */
  get sets(): Layer<readonly NamespaceSet[]> {
    this.#sets ??= of(this.action, ({ results }) => layer(results, decodeReadWriteSet));
    return this.#sets;
  }

  /** Undefined where the contract set none. */
  get event(): Layer<ChaincodeEvent> | undefined {
    const { action } = this;
    if (action instanceof Undecodable) return action;
    if (action.events.length === 0) return undefined;
    return (this.#event ??= layer(action.events, decodeChaincodeEvent));
  }

  get endorsements(): readonly EndorsementDescription[] {
    const { payload } = this;
    if (payload instanceof Undecodable) return [];
    return (payload.action?.endorsements ?? []).map(({ endorser, signature }) => ({
      endorser: describeIdentity(endorser),
      signature,
    }));
  }
}

/** What lies in a layer that could not be read cannot be read either: its bytes stand for both. */
function of<O, I>(outer: Layer<O>, open: (outer: O) => Layer<I>): Layer<I> {
  return outer instanceof Undecodable ? outer : open(outer);
}
