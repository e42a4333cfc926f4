import { computeTxId } from '../proposal';
import {
  bytes,
  decoder,
  keepUnknown,
  int32,
  MalformedMessage,
  message,
  repeated,
  string,
  uint64,
  type KeepsUnknown,
} from '../strict-decoder';

/** The layers of a transaction envelope, decoded strictly (common.proto, transaction.proto, proposal_response.proto). */
export interface Envelope extends KeepsUnknown {
  payload: Uint8Array;
  signature: Uint8Array;
}

export interface Header extends KeepsUnknown {
  channelHeader: Uint8Array;
  signatureHeader: Uint8Array;
}

export interface Payload extends KeepsUnknown {
  header: Header | undefined;
  data: Uint8Array;
}

export interface ChannelHeader extends KeepsUnknown {
  type: number;
  version: number;
  channelId: string;
  txId: string;
  epoch: number;
  extension: Uint8Array;
  /** SHA-256 of the client's TLS certificate; empty where the client gave none. */
  tlsCertHash: Uint8Array;
  /** Claimed by the client; zero when it claimed none. */
  timestamp: { seconds: number; nanos: number };
}

export interface SignatureHeader extends KeepsUnknown {
  creator: Uint8Array;
  nonce: Uint8Array;
}

export interface TransactionAction extends KeepsUnknown {
  header: Uint8Array;
  payload: Uint8Array;
}

export interface Endorsement extends KeepsUnknown {
  endorser: Uint8Array;
  signature: Uint8Array;
}

export interface EndorsedAction extends KeepsUnknown {
  proposalResponsePayload: Uint8Array;
  endorsements: Endorsement[];
}

export interface ChaincodeActionPayload extends KeepsUnknown {
  chaincodeProposalPayload: Uint8Array;
  action: EndorsedAction | undefined;
}

export interface ProposalResponsePayload extends KeepsUnknown {
  proposalHash: Uint8Array;
  extension: Uint8Array;
}

export interface ChaincodeId extends KeepsUnknown {
  path: string;
  name: string;
  version: string;
}

export interface Response extends KeepsUnknown {
  status: number;
  message: string;
  payload: Uint8Array;
}

export interface ChaincodeAction extends KeepsUnknown {
  /** Serialized rwset.TxReadWriteSet. */
  results: Uint8Array;
  events: Uint8Array;
  response: Response | undefined;
  chaincodeId: ChaincodeId | undefined;
}

const nothing = new Uint8Array();

export const decodeEnvelope = decoder<Envelope>(
  () => ({ payload: nothing, signature: nothing }),
  {
    1: bytes((target, value) => (target.payload = value)),
    2: bytes((target, value) => (target.signature = value)),
  },
  keepUnknown,
);

const decodeHeader = decoder<Header>(
  () => ({ channelHeader: nothing, signatureHeader: nothing }),
  {
    1: bytes((target, value) => (target.channelHeader = value)),
    2: bytes((target, value) => (target.signatureHeader = value)),
  },
  keepUnknown,
);

export const decodePayload = decoder<Payload>(
  () => ({ header: undefined, data: nothing }),
  {
    1: message(
      decodeHeader,
      (target) => target.header,
      (target, value) => (target.header = value),
    ),
    2: bytes((target, value) => (target.data = value)),
  },
  keepUnknown,
);

const decodeTimestamp = decoder<ChannelHeader['timestamp']>(() => ({ seconds: 0, nanos: 0 }), {
  1: uint64((target, value) => (target.seconds = value)),
  2: int32((target, value) => (target.nanos = value)),
});

export const decodeChannelHeader = decoder<ChannelHeader>(
  () => ({
    type: 0,
    version: 0,
    channelId: '',
    txId: '',
    epoch: 0,
    extension: nothing,
    tlsCertHash: nothing,
    timestamp: { seconds: 0, nanos: 0 },
  }),
  {
    1: int32((target, value) => (target.type = value)),
    2: int32((target, value) => (target.version = value)),
    3: message(
      decodeTimestamp,
      (target) => target.timestamp,
      (target, value) => (target.timestamp = value),
    ),
    4: string((target, value) => (target.channelId = value)),
    5: string((target, value) => (target.txId = value)),
    6: uint64((target, value) => (target.epoch = value)),
    7: bytes((target, value) => (target.extension = value)),
    8: bytes((target, value) => (target.tlsCertHash = value)),
  },
  keepUnknown,
);

export const decodeSignatureHeader = decoder<SignatureHeader>(
  () => ({ creator: nothing, nonce: nothing }),
  {
    1: bytes((target, value) => (target.creator = value)),
    2: bytes((target, value) => (target.nonce = value)),
  },
  keepUnknown,
);

const decodeTransactionAction = decoder<TransactionAction>(
  () => ({ header: nothing, payload: nothing }),
  {
    1: bytes((target, value) => (target.header = value)),
    2: bytes((target, value) => (target.payload = value)),
  },
  keepUnknown,
);

export const decodeTransaction = decoder<TransactionAction[]>(() => [], {
  1: repeated(decodeTransactionAction, (target, value) => target.push(value)),
});

const decodeEndorsement = decoder<Endorsement>(
  () => ({ endorser: nothing, signature: nothing }),
  {
    1: bytes((target, value) => (target.endorser = value)),
    2: bytes((target, value) => (target.signature = value)),
  },
  keepUnknown,
);

const decodeEndorsedAction = decoder<EndorsedAction>(
  () => ({ proposalResponsePayload: nothing, endorsements: [] }),
  {
    1: bytes((target, value) => (target.proposalResponsePayload = value)),
    2: repeated(decodeEndorsement, (target, value) => target.endorsements.push(value)),
  },
  keepUnknown,
);

export const decodeChaincodeActionPayload = decoder<ChaincodeActionPayload>(
  () => ({ chaincodeProposalPayload: nothing, action: undefined }),
  {
    1: bytes((target, value) => (target.chaincodeProposalPayload = value)),
    2: message(
      decodeEndorsedAction,
      (target) => target.action,
      (target, value) => (target.action = value),
    ),
  },
  keepUnknown,
);

export const decodeProposalResponsePayload = decoder<ProposalResponsePayload>(
  () => ({ proposalHash: nothing, extension: nothing }),
  {
    1: bytes((target, value) => (target.proposalHash = value)),
    2: bytes((target, value) => (target.extension = value)),
  },
  keepUnknown,
);

export const decodeChaincodeId = decoder<ChaincodeId>(
  () => ({ path: '', name: '', version: '' }),
  {
    1: string((target, value) => (target.path = value)),
    2: string((target, value) => (target.name = value)),
    3: string((target, value) => (target.version = value)),
  },
  keepUnknown,
);

const decodeResponse = decoder<Response>(
  () => ({ status: 0, message: '', payload: nothing }),
  {
    1: int32((target, value) => (target.status = value)),
    2: string((target, value) => (target.message = value)),
    3: bytes((target, value) => (target.payload = value)),
  },
  keepUnknown,
);

export const decodeChaincodeAction = decoder<ChaincodeAction>(
  () => ({ results: nothing, events: nothing, response: undefined, chaincodeId: undefined }),
  {
    1: bytes((target, value) => (target.results = value)),
    2: bytes((target, value) => (target.events = value)),
    3: message(
      decodeResponse,
      (target) => target.response,
      (target, value) => (target.response = value),
    ),
    4: message(
      decodeChaincodeId,
      (target) => target.chaincodeId,
      (target, value) => (target.chaincodeId = value),
    ),
  },
  keepUnknown,
);

/** peer.ChaincodeHeaderExtension: the chaincode a proposal names. */
export const decodeHeaderExtension = decoder<{ chaincodeId: ChaincodeId | undefined }>(
  () => ({ chaincodeId: undefined }),
  {
    2: message(
      decodeChaincodeId,
      (target) => target.chaincodeId,
      (target, value) => (target.chaincodeId = value),
    ),
  },
);

/** peer.ChaincodeEvent. */
export interface ChaincodeEvent extends KeepsUnknown {
  chaincodeId: string;
  txId: string;
  name: string;
  payload: Uint8Array;
}

export const decodeChaincodeEvent = decoder<ChaincodeEvent>(
  () => ({ chaincodeId: '', txId: '', name: '', payload: nothing }),
  {
    1: string((target, value) => (target.chaincodeId = value)),
    2: string((target, value) => (target.txId = value)),
    3: string((target, value) => (target.name = value)),
    4: bytes((target, value) => (target.payload = value)),
  },
  keepUnknown,
);

/** The endorsed action of a transaction with what its endorsers signed. */
export interface EndorsedTransaction {
  readonly action: ChaincodeAction;
  readonly proposalResponsePayload: Uint8Array;
  readonly endorsements: readonly Endorsement[];
}

/** The first action of an endorser transaction (protoutil GetActionFromEnvelope). Throws MalformedMessage. */
export function endorsedTransaction(transaction: Uint8Array): EndorsedTransaction {
  const [first] = decodeTransaction(transaction);
  if (first === undefined) throw new MalformedMessage('at least one TransactionAction required');
  const { action: endorsed } = decodeChaincodeActionPayload(first.payload);
  if (endorsed === undefined || endorsed.proposalResponsePayload.length === 0) {
    throw new MalformedMessage('no payload in ChaincodeActionPayload');
  }
  const { extension } = decodeProposalResponsePayload(endorsed.proposalResponsePayload);
  if (extension.length === 0) throw new MalformedMessage('response payload is missing extension');
  return {
    action: decodeChaincodeAction(extension),
    proposalResponsePayload: endorsed.proposalResponsePayload,
    endorsements: endorsed.endorsements,
  };
}

/** What the ledger needs to know of every transaction, also of one it could not read. */
export interface TransactionFrame {
  readonly envelope: Envelope | undefined;
  readonly payload: Payload | undefined;
  readonly channelHeader: ChannelHeader | undefined;
}

/** Opens the outer layers as far as they can be read; never throws. */
export function openTransaction(encoded: Uint8Array): TransactionFrame {
  let envelope: Envelope | undefined;
  let payload: Payload | undefined;
  try {
    envelope = decodeEnvelope(encoded);
    payload = decodePayload(envelope.payload);
    const channelHeader = payload.header && decodeChannelHeader(payload.header.channelHeader);
    return { envelope, payload, channelHeader };
  } catch (cause) {
    if (!(cause instanceof MalformedMessage)) throw cause;
    return { envelope, payload, channelHeader: undefined };
  }
}

/**
 * The id under which a transaction is indexed: the one it claims, else the one its nonce and creator give; empty when
 * its headers cannot be read (protoutil GetOrComputeTxIDFromEnvelope).
 */
export function indexedTxId(frame: TransactionFrame): string {
  if (frame.channelHeader === undefined || frame.payload?.header === undefined) return '';
  if (frame.channelHeader.txId !== '') return frame.channelHeader.txId;
  try {
    const { nonce, creator } = decodeSignatureHeader(frame.payload.header.signatureHeader);
    return computeTxId(nonce, creator);
  } catch (cause) {
    if (cause instanceof MalformedMessage) return '';
    throw cause;
  }
}
