import { once } from 'node:events';
import type { ChannelCredentials, ClientDuplexStream } from '@grpc/grpc-js';
import type { peer as types } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import type { Proposal } from './proposal';
import type { CrossChannelCall } from './shim-handler';
import type { Simulator } from './simulator';
import { ledger, peer } from './protos';

const { Type } = peer.ChaincodeMessage;

/** How a chaincode answered a transaction. */
export interface Completion {
  readonly status: number;
  readonly message: string;
  readonly payload: string;
  readonly event: { readonly name: string; readonly payload: string } | undefined;
}

/** A peer's side of the chaincode protocol towards a chaincode that runs as a server, one call at a time. */
export class ShimPeer {
  private constructor(
    private readonly client: types.ChaincodeClient,
    private readonly stream: ClientDuplexStream<types.ChaincodeMessage, types.ChaincodeMessage>,
    /** The package id by which the chaincode registered. */
    readonly registeredAs: string,
  ) {}

  static async connect(address: string, credentials: ChannelCredentials): Promise<ShimPeer> {
    const client = new peer.ChaincodeClient(address, credentials);
    await new Promise<void>((resolve, reject) => {
      client.waitForReady(Date.now() + 10_000, (error) => (error ? reject(error) : resolve()));
    });
    const stream = client.connect();
    const [register] = (await once(stream, 'data')) as [types.ChaincodeMessage];
    if (register.getType() !== Type.REGISTER) throw new Error(`expected REGISTER, got ${register.getType()}`);
    for (const type of [Type.REGISTERED, Type.READY]) {
      const message = new peer.ChaincodeMessage();
      message.setType(type);
      stream.write(message);
    }
    const name = peer.ChaincodeID.deserializeBinary(register.getPayload_asU8()).getName();
    return new ShimPeer(client, stream, name);
  }

  close(): void {
    this.stream.on('error', () => undefined);
    this.stream.cancel();
    this.client.close();
  }

  async call(
    channel: string,
    proposal: Proposal,
    simulator: Simulator,
    invoke: CrossChannelCall,
  ): Promise<Completion> {
    const transaction = new peer.ChaincodeMessage();
    transaction.setType(Type.TRANSACTION);
    transaction.setChannelId(channel);
    transaction.setTxid(proposal.txId);
    transaction.setPayload(proposal.input.serializeBinary());
    transaction.setProposal(proposal.signedProposal);
    this.stream.write(transaction);
    for (;;) {
      const [message] = (await once(this.stream, 'data')) as [types.ChaincodeMessage];
      if (message.getType() === Type.COMPLETED) return completion(message);
      const answer = new peer.ChaincodeMessage();
      answer.setChannelId(channel);
      answer.setTxid(proposal.txId);
      try {
        const respond = answers.get(message.getType());
        if (respond === undefined)
          throw new Error(`this peer does not answer messages of type ${message.getType()}`);
        answer.setPayload(await respond(message.getPayload_asU8(), simulator, invoke));
        answer.setType(Type.RESPONSE);
      } catch (error) {
        answer.setType(Type.ERROR);
        answer.setPayload(Buffer.from(error instanceof Error ? error.message : String(error)));
      }
      this.stream.write(answer);
    }
  }
}

type Answer = (
  bytes: Uint8Array,
  simulator: Simulator,
  invoke: CrossChannelCall,
) => Uint8Array | Promise<Uint8Array>;

/** What a peer answers to each type of message a chaincode sends during a transaction. */
const answers = new Map<number, Answer>([
  [Type.GET_STATE, (bytes, simulator) => simulator.getState(peer.GetState.deserializeBinary(bytes).getKey())],
  [
    Type.PUT_STATE,
    (bytes, simulator) => {
      const put = peer.PutState.deserializeBinary(bytes);
      simulator.putState(put.getKey(), put.getValue_asU8());
      return new Uint8Array();
    },
  ],
  [
    Type.DEL_STATE,
    (bytes, simulator) => {
      simulator.putState(peer.DelState.deserializeBinary(bytes).getKey(), null);
      return new Uint8Array();
    },
  ],
  [
    Type.GET_STATE_BY_RANGE,
    (bytes, simulator) => rangeAnswer(peer.GetStateByRange.deserializeBinary(bytes), simulator),
  ],
  [
    Type.GET_HISTORY_FOR_KEY,
    (bytes, simulator) => historyAnswer(peer.GetHistoryForKey.deserializeBinary(bytes).getKey(), simulator),
  ],
  [Type.QUERY_STATE_CLOSE, () => new peer.QueryResponse().serializeBinary()],
  [
    Type.INVOKE_CHAINCODE,
    (bytes, _simulator, invoke) => invokeAnswer(peer.ChaincodeSpec.deserializeBinary(bytes), invoke),
  ],
]);

function completion(message: types.ChaincodeMessage): Completion {
  const response = peer.Response.deserializeBinary(message.getPayload_asU8());
  const event = message.getChaincodeEvent();
  return {
    status: response.getStatus(),
    message: response.getMessage(),
    payload: Buffer.from(response.getPayload_asU8()).toString(),
    event: event && { name: event.getEventName(), payload: Buffer.from(event.getPayload_asU8()).toString() },
  };
}

function rangeAnswer(request: types.GetStateByRange, simulator: Simulator): Uint8Array {
  const response = new peer.QueryResponse();
  const metadata = request.getMetadata_asU8();
  let entries;
  if (metadata.length === 0) {
    entries = simulator.getRange(request.getStartkey(), request.getEndkey());
  } else {
    const query = peer.QueryMetadata.deserializeBinary(metadata);
    const page = simulator.getPage(
      request.getStartkey(),
      request.getEndkey(),
      query.getPagesize(),
      query.getBookmark(),
    );
    entries = page.entries;
    const answer = new peer.QueryResponseMetadata();
    answer.setBookmark(page.bookmark);
    answer.setFetchedRecordsCount(entries.length);
    response.setMetadata(answer.serializeBinary());
  }
  for (const { key, value } of entries) {
    const result = new ledger.queryresult.KV();
    result.setKey(key);
    result.setValue(value);
    response.addResults(queryResult(result.serializeBinary()));
  }
  return response.serializeBinary();
}

function historyAnswer(key: string, simulator: Simulator): Uint8Array {
  const response = new peer.QueryResponse();
  for (const modification of simulator.getHistory(key)) {
    const timestamp = new Timestamp();
    timestamp.setSeconds(modification.timestamp.seconds);
    timestamp.setNanos(modification.timestamp.nanos);
    const result = new ledger.queryresult.KeyModification();
    result.setTxId(modification.txId);
    result.setValue(modification.value);
    result.setTimestamp(timestamp);
    result.setIsDelete(modification.isDelete);
    response.addResults(queryResult(result.serializeBinary()));
  }
  return response.serializeBinary();
}

function queryResult(bytes: Uint8Array): types.QueryResultBytes {
  const result = new peer.QueryResultBytes();
  result.setResultbytes(bytes);
  return result;
}

async function invokeAnswer(spec: types.ChaincodeSpec, invoke: CrossChannelCall): Promise<Uint8Array> {
  const args = spec.getInput()?.getArgsList_asU8() ?? [];
  const target = spec.getChaincodeId()?.getName() ?? '';
  const called = await invoke(
    target,
    args.map((argument) => Buffer.from(argument).toString()),
  );
  const response = new peer.Response();
  response.setStatus(called.status);
  response.setMessage(called.message ?? '');
  response.setPayload(called.payload ?? new Uint8Array());
  const message = new peer.ChaincodeMessage();
  message.setType(Type.COMPLETED);
  message.setPayload(response.serializeBinary());
  return message.serializeBinary();
}
