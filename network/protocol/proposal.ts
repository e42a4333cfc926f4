import { randomBytes } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';
import {
  channelHeaderOf,
  NONCE_BYTES,
  payloadOf,
  signatureHeaderOf,
  signPayload,
  type EnvelopeFields,
} from './envelope';
import { sha256 } from './hash';
import type { Signer } from './signing';
import { decodeMessage } from './wire';

/** Hex SHA-256 of nonce ‖ creator (protoutil ComputeTxID). */
export function computeTxId(nonce: Uint8Array, creator: Uint8Array): string {
  return sha256(nonce, creator).toString('hex');
}

export interface ProposalFields {
  /** Empty for calls that concern the peer and no channel, such as cscc GetChannels. */
  readonly channelId: string;
  readonly chaincode: string;
  /** Function name first. Strings are sent as UTF-8. */
  readonly args: readonly (Uint8Array | string)[];
  readonly transient?: Readonly<Record<string, Uint8Array>>;
  readonly isInit?: boolean;
  /** Claimed time of the transaction; now by default. */
  readonly timestamp?: Date;
  /** 24 random bytes by default. */
  readonly nonce?: Uint8Array;
  /** `common.HeaderType`, ENDORSER_TRANSACTION by default. */
  readonly type?: number;
}

export interface CreatedProposal {
  readonly txId: string;
  readonly proposal: peer.Proposal;
  readonly signedProposal: peer.SignedProposal;
}

/** A signed proposal for ProcessProposal, Evaluate or Endorse (protoutil CreateChaincodeProposalWithTransient). */
export function createSignedProposal(signer: Signer, fields: ProposalFields): CreatedProposal {
  const nonce = fields.nonce ?? randomBytes(NONCE_BYTES);
  const txId = computeTxId(nonce, signer.creator);
  const proposal = new peer.Proposal();
  proposal.setHeader(proposalHeader(fields, txId, nonce, signer.creator).serializeBinary());
  proposal.setPayload(proposalPayload(fields).serializeBinary());
  const proposalBytes = proposal.serializeBinary();
  const signedProposal = new peer.SignedProposal();
  signedProposal.setProposalBytes(proposalBytes);
  signedProposal.setSignature(signer.sign(proposalBytes));
  return { txId, proposal, signedProposal };
}

function proposalHeader(
  fields: ProposalFields,
  txId: string,
  nonce: Uint8Array,
  creator: Uint8Array,
): common.Header {
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(fields.chaincode);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId);
  const channelHeader: Omit<EnvelopeFields, 'data' | 'nonce'> = {
    type: fields.type ?? common.HeaderType.ENDORSER_TRANSACTION,
    channelId: fields.channelId,
    txId,
    extension: extension.serializeBinary(),
    timestamp: fields.timestamp ?? new Date(),
  };
  const header = new common.Header();
  header.setChannelHeader(channelHeaderOf(channelHeader).serializeBinary());
  header.setSignatureHeader(signatureHeaderOf(creator, nonce).serializeBinary());
  return header;
}

function proposalPayload(fields: ProposalFields): peer.ChaincodeProposalPayload {
  const input = new peer.ChaincodeInput();
  input.setArgsList(fields.args.map((arg) => (typeof arg === 'string' ? Buffer.from(arg, 'utf8') : arg)));
  input.setIsInit(fields.isInit ?? false);
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(fields.chaincode);
  const spec = new peer.ChaincodeSpec();
  spec.setType(peer.ChaincodeSpec.Type.NODE);
  spec.setChaincodeId(chaincodeId);
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());
  for (const [name, value] of Object.entries(fields.transient ?? {})) {
    payload.getTransientmapMap().set(name, value);
  }
  return payload;
}

/** The chaincode proposal payload as it goes into the transaction: without the transient map. */
function payloadForTransaction(payload: peer.ChaincodeProposalPayload): Uint8Array {
  const visible = new peer.ChaincodeProposalPayload();
  visible.setInput(payload.getInput_asU8());
  return visible.serializeBinary();
}

/**
 * Hash that ties a proposal response to its proposal, 32 bytes: SHA-256 of channel header ‖ signature header ‖
 * chaincode proposal payload without the transient map (protoutil GetProposalHash1). For the payload found in a
 * transaction the result is the same, as that one carries no transient map (GetProposalHash2).
 */
export function proposalHash(header: common.Header, chaincodeProposalPayload: Uint8Array): Buffer {
  const payload = decodeMessage(
    peer.ChaincodeProposalPayload,
    chaincodeProposalPayload,
    'ChaincodeProposalPayload',
  );
  return sha256(
    header.getChannelHeader_asU8(),
    header.getSignatureHeader_asU8(),
    payloadForTransaction(payload),
  );
}

/** What an endorser signs: proposal response payload ‖ its own serialized identity. */
export function endorsedBytes(proposalResponsePayload: Uint8Array, endorser: Uint8Array): Buffer {
  return Buffer.concat([proposalResponsePayload, endorser]);
}

/**
 * The transaction to order, assembled from a proposal and its endorsements but not signed
 * (protoutil CreateTx). Throws when there is no response, one is not successful (status outside 200…399), payloads
 * differ, or no response carries an endorsement.
 */
export function createTransactionPayload(
  proposal: peer.Proposal,
  responses: readonly peer.ProposalResponse[],
): common.Payload {
  const [first] = responses;
  if (first === undefined) throw new Error('at least one proposal response is required');
  const header = decodeMessage(common.Header, proposal.getHeader_asU8(), 'Header');
  const payloadBytes = first.getPayload_asU8();
  for (const response of responses) {
    const status = response.getResponse()?.getStatus() ?? 0;
    if (status < 200 || status >= 400) {
      const message = response.getResponse()?.getMessage() ?? '';
      throw new Error(`proposal response was not successful, error code ${status}, msg ${message}`);
    }
    if (Buffer.compare(response.getPayload_asU8(), payloadBytes) !== 0) {
      throw new Error(
        `ProposalResponsePayloads do not match (base64): '${response.getPayload_asB64()}' vs '${first.getPayload_asB64()}'`,
      );
    }
  }
  const endorsements = uniqueEndorsements(responses);
  if (endorsements.length === 0) throw new Error('no endorsements');

  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(payloadBytes);
  endorsed.setEndorsementsList(endorsements);
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(
    payloadForTransaction(
      decodeMessage(peer.ChaincodeProposalPayload, proposal.getPayload_asU8(), 'ChaincodeProposalPayload'),
    ),
  );
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(header.getSignatureHeader_asU8());
  action.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([action]);
  return payloadOf(
    header.getChannelHeader_asU8(),
    header.getSignatureHeader_asU8(),
    transaction.serializeBinary(),
  );
}

/** The signed transaction envelope. Throws as createTransactionPayload, and when the signer is not the creator. */
export function createTransactionEnvelope(
  signer: Signer,
  proposal: peer.Proposal,
  responses: readonly peer.ProposalResponse[],
): common.Envelope {
  const payload = createTransactionPayload(proposal, responses);
  const header = decodeMessage(
    common.SignatureHeader,
    payload.getHeader()?.getSignatureHeader_asU8() ?? new Uint8Array(),
    'SignatureHeader',
  );
  if (Buffer.compare(header.getCreator_asU8(), signer.creator) !== 0) {
    throw new Error('signer must be the same as the one referenced in the header');
  }
  return signPayload(signer, payload);
}

function uniqueEndorsements(responses: readonly peer.ProposalResponse[]): peer.Endorsement[] {
  const byEndorser = new Map<string, peer.Endorsement>();
  for (const response of responses) {
    const endorsement = response.getEndorsement();
    if (endorsement === undefined) continue;
    const key = endorsement.getEndorser_asB64();
    if (!byEndorser.has(key)) byEndorser.set(key, endorsement);
  }
  return [...byEndorser.values()];
}

/** A proposal opened down to what an endorser needs; nothing in it is missing. */
export interface ParsedProposal {
  readonly channelId: string;
  readonly txId: string;
  readonly chaincode: string;
  /** Serialized identity of the client. */
  readonly creator: Uint8Array;
  readonly nonce: Uint8Array;
  readonly input: peer.ChaincodeInput;
  readonly args: readonly Uint8Array[];
  readonly transient: ReadonlyMap<string, Uint8Array>;
  readonly channelHeader: common.ChannelHeader;
  readonly signatureHeader: common.SignatureHeader;
  readonly header: common.Header;
  readonly proposal: peer.Proposal;
  readonly proposalHash: Buffer;
  /** Signed bytes and the signature over them. */
  readonly proposalBytes: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Opens a signed proposal (core/endorser/msgvalidation.go UnpackProposal). Throws with the genuine texts when a layer
 * is malformed or missing. Neither identity nor signature is looked at: that is for the endorser, who knows the MSPs.
 */
export function parseSignedProposal(signed: peer.SignedProposal): ParsedProposal {
  const proposalBytes = signed.getProposalBytes_asU8();
  const proposal = decodeMessage(peer.Proposal, proposalBytes, 'Proposal');
  const header = decodeMessage(common.Header, proposal.getHeader_asU8(), 'Header');
  const channelHeader = decodeMessage(common.ChannelHeader, header.getChannelHeader_asU8(), 'ChannelHeader');
  const signatureHeader = decodeMessage(
    common.SignatureHeader,
    header.getSignatureHeader_asU8(),
    'SignatureHeader',
  );
  const extension = decodeMessage(
    peer.ChaincodeHeaderExtension,
    channelHeader.getExtension_asU8(),
    'ChaincodeHeaderExtension',
  );
  const chaincodeId = extension.getChaincodeId();
  if (chaincodeId === undefined) throw new Error('ChaincodeHeaderExtension.ChaincodeId is nil');
  if (chaincodeId.getName() === '') throw new Error('ChaincodeHeaderExtension.ChaincodeId.Name is empty');
  const payload = decodeMessage(
    peer.ChaincodeProposalPayload,
    proposal.getPayload_asU8(),
    'ChaincodeProposalPayload',
  );
  const spec = decodeMessage(
    peer.ChaincodeInvocationSpec,
    payload.getInput_asU8(),
    'ChaincodeInvocationSpec',
  ).getChaincodeSpec();
  if (spec === undefined) throw new Error('chaincode invocation spec did not contain chaincode spec');
  const input = spec.getInput();
  if (input === undefined) throw new Error('chaincode input did not contain any input');

  return {
    channelId: channelHeader.getChannelId(),
    txId: channelHeader.getTxId(),
    chaincode: chaincodeId.getName(),
    creator: signatureHeader.getCreator_asU8(),
    nonce: signatureHeader.getNonce_asU8(),
    input,
    args: input.getArgsList_asU8(),
    transient: new Map(payload.getTransientmapMap().entries() as Iterable<[string, Uint8Array]>),
    channelHeader,
    signatureHeader,
    header,
    proposal,
    proposalHash: sha256(
      header.getChannelHeader_asU8(),
      header.getSignatureHeader_asU8(),
      payloadForTransaction(payload),
    ),
    proposalBytes,
    signature: signed.getSignature_asU8(),
  };
}
