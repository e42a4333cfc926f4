import type { Client, MethodDefinition } from '@grpc/grpc-js';
import { gateway, common, orderer, peer } from '@hyperledger/fabric-protos';
import type { Signer } from '../../../../protocol/signing';
import { CHANNEL, CONTRACT, type GatewayNetwork } from './gateway-network';

/** Requests no well-behaved client sends, straight to the gateway of the first home peer. */

const TIMEOUT_MS = 10_000;
const { GatewayService } = gateway;

function send<Request, Response>(
  network: GatewayNetwork,
  method: MethodDefinition<Request, Response>,
  request: Request,
  timeoutMs = TIMEOUT_MS,
): Promise<Response> {
  const { clients, names } = network;
  return clients.connections.unary(clients.directory.node(names.home[0]), 'odd', method, request, {
    timeoutMs,
  });
}

export function evaluateRaw(network: GatewayNetwork, proposal?: peer.SignedProposal): Promise<unknown> {
  const request = new gateway.EvaluateRequest();
  request.setProposedTransaction(proposal);
  return send(network, GatewayService.evaluate, request);
}

export function endorseRaw(network: GatewayNetwork, proposal?: peer.SignedProposal): Promise<unknown> {
  const request = new gateway.EndorseRequest();
  request.setProposedTransaction(proposal);
  return send(network, GatewayService.endorse, request);
}

export async function submitRaw(
  network: GatewayNetwork,
  channelId: string,
  envelope?: common.Envelope,
): Promise<string> {
  const request = new gateway.SubmitRequest();
  request.setChannelId(channelId);
  request.setPreparedTransaction(envelope);
  await send(network, GatewayService.submit, request);
  return 'taken';
}

export function envelope(payload: string, signature: string): common.Envelope {
  const made = new common.Envelope();
  made.setPayload(Buffer.from(payload));
  made.setSignature(Buffer.from(signature));
  return made;
}

export function signedBytes(bytes: Uint8Array): peer.SignedProposal {
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(bytes);
  signed.setSignature(Buffer.from('x'));
  return signed;
}

interface ProposalParts {
  readonly header?: Uint8Array;
  readonly channelHeader?: Uint8Array;
  readonly payload?: Uint8Array;
  readonly input?: Uint8Array;
}

/** A proposal put together from parts that may be missing or rubbish. */
export function proposalOf(parts: ProposalParts): peer.SignedProposal {
  const header = new common.Header();
  header.setChannelHeader(parts.channelHeader ?? channelHeader());
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(parts.input ?? invocationOf(CONTRACT));
  const proposal = new peer.Proposal();
  proposal.setHeader(parts.header ?? header.serializeBinary());
  proposal.setPayload(parts.payload ?? payload.serializeBinary());
  return signedBytes(proposal.serializeBinary());
}

export function channelHeader(channelId = CHANNEL): Uint8Array {
  const header = new common.ChannelHeader();
  header.setChannelId(channelId);
  return header.serializeBinary();
}

export function invocationOf(name: string | undefined): Uint8Array {
  const spec = new peer.ChaincodeSpec();
  if (name !== undefined) {
    const id = new peer.ChaincodeID();
    id.setName(name);
    spec.setChaincodeId(id);
  }
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  return invocation.serializeBinary();
}

export async function commitStatusRaw(
  network: GatewayNetwork,
  transactionId: string,
  { as = network.registrar, channelId = CHANNEL, timeoutMs = TIMEOUT_MS } = {},
): Promise<string> {
  const request = new gateway.CommitStatusRequest();
  request.setTransactionId(transactionId);
  request.setChannelId(channelId);
  request.setIdentity(as.creator);
  const signed = new gateway.SignedCommitStatusRequest();
  signed.setRequest(request.serializeBinary());
  signed.setSignature(as.sign(signed.getRequest_asU8()));
  const answer = await send(network, GatewayService.commitStatus, signed, timeoutMs);
  return String(answer.getResult());
}

export function commitStatusOf(network: GatewayNetwork, bytes: string): Promise<unknown> {
  const signed = new gateway.SignedCommitStatusRequest();
  signed.setRequest(Buffer.from(bytes));
  return send(network, GatewayService.commitStatus, signed);
}

/** Asks for events; resolves with the first answer, rejects with the status the stream ends with. */
export function eventsRaw(
  network: GatewayNetwork,
  change: (request: gateway.ChaincodeEventsRequest) => void,
  as: Signer = network.registrar,
): Promise<string> {
  const request = new gateway.ChaincodeEventsRequest();
  request.setChannelId(CHANNEL);
  request.setChaincodeId(CONTRACT);
  request.setIdentity(as.creator);
  change(request);
  const signed = new gateway.SignedChaincodeEventsRequest();
  signed.setRequest(request.serializeBinary());
  signed.setSignature(as.sign(signed.getRequest_asU8()));
  const { clients, names } = network;
  const client: Client = clients.connections.client(clients.directory.node(names.home[0]));
  const { path, requestSerialize, responseDeserialize } = GatewayService.chaincodeEvents;
  return new Promise((resolve, reject) => {
    const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, signed, {
      deadline: Date.now() + TIMEOUT_MS,
    });
    stream.on('data', () => {
      resolve('events');
      stream.cancel();
    });
    stream.on('error', reject);
    stream.on('end', () => resolve('end'));
  });
}

export function seek(kind: 'oldest' | 'newest'): orderer.SeekPosition {
  const position = new orderer.SeekPosition();
  if (kind === 'oldest') position.setOldest(new orderer.SeekOldest());
  else position.setNewest(new orderer.SeekNewest());
  return position;
}
