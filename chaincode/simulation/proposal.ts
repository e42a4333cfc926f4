import { createHash, randomBytes } from 'node:crypto';
import type { peer as types } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import type { Identity } from './identities';
import { common, msp, peer } from './protos';

export interface Call {
  readonly identity: Identity;
  readonly channel: string;
  readonly contract: string;
  /** Function and arguments. */
  readonly args: readonly string[];
  /** The claimed time in milliseconds since 1970. */
  readonly time: number;
}

export interface Proposal {
  readonly txId: string;
  readonly input: types.ChaincodeInput;
  readonly signedProposal: types.SignedProposal;
}

/** A proposal as a chaincode receives it; chaincodes do not check the signature, so it carries none. */
export function propose({ identity, channel, contract, args, time }: Call): Proposal {
  const creator = new msp.SerializedIdentity();
  creator.setMspid(identity.mspId);
  creator.setIdBytes(Buffer.from(identity.certificatePem));
  const nonce = randomBytes(24);
  const txId = createHash('sha256').update(nonce).update(creator.serializeBinary()).digest('hex');

  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(creator.serializeBinary());
  signatureHeader.setNonce(nonce);
  const timestamp = new Timestamp();
  timestamp.setSeconds(Math.floor(time / 1000));
  timestamp.setNanos((time % 1000) * 1_000_000);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setChannelId(channel);
  channelHeader.setTxId(txId);
  channelHeader.setTimestamp(timestamp);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());

  const input = new peer.ChaincodeInput();
  input.setArgsList(args.map((argument) => Buffer.from(argument)));
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(contract);
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(chaincodeId);
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());

  const proposal = new peer.Proposal();
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(payload.serializeBinary());
  const signedProposal = new peer.SignedProposal();
  signedProposal.setProposalBytes(proposal.serializeBinary());
  return { txId, input, signedProposal };
}
