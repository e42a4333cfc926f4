import { peer } from '@hyperledger/fabric-protos';
import { randomUUID } from 'node:crypto';
import { decodeMessage } from '../../../protocol/wire';
import type { TransactionSimulator } from '../endorser/simulator';
import { encodeKeyValue, encodeModification, serialized, type QueryContexts } from './query-context';

const MessageType = peer.ChaincodeMessage.Type;

/** What a chaincode's request is answered from. */
export interface RequestContext {
  readonly channelId: string;
  readonly txId: string;
  /** Name of the chaincode: the namespace of its state. */
  readonly namespace: string;
  readonly simulator: TransactionSimulator;
  readonly queries: QueryContexts;
  /** Most results an iterator yields (ledger.state.totalQueryLimit). */
  readonly totalQueryLimit: number;
  invokeChaincode(spec: peer.ChaincodeSpec): Promise<peer.ChaincodeMessage>;
}

type RequestHandler = (payload: Uint8Array, context: RequestContext) => Promise<Uint8Array>;

const NOTHING = new Uint8Array();

/** Why private collections of contracts are refused, until this peer offers them. */
const PRIVATE_DATA_UNAVAILABLE = 'private data collections of chaincodes are not available on this peer';
/** Why key-level endorsement is refused, until this peer offers it. */
const KEY_LEVEL_UNAVAILABLE = 'key level endorsement is not available on this peer';

/** What a chaincode may ask of its peer (core/chaincode/handler.go handleMessageReadyState); each gives the answer's payload. */
export const REQUEST_HANDLERS: ReadonlyMap<number, RequestHandler> = new Map<number, RequestHandler>([
  [MessageType.GET_STATE, getState],
  [MessageType.PUT_STATE, putState],
  [MessageType.DEL_STATE, delState],
  [MessageType.GET_STATE_BY_RANGE, getStateByRange],
  [MessageType.GET_QUERY_RESULT, getQueryResult],
  [MessageType.GET_HISTORY_FOR_KEY, getHistoryForKey],
  [MessageType.QUERY_STATE_NEXT, queryStateNext],
  [MessageType.QUERY_STATE_CLOSE, queryStateClose],
  [MessageType.INVOKE_CHAINCODE, invokeChaincode],
  [MessageType.GET_STATE_METADATA, () => refuse(KEY_LEVEL_UNAVAILABLE)],
  [MessageType.PUT_STATE_METADATA, () => refuse(KEY_LEVEL_UNAVAILABLE)],
  [MessageType.GET_PRIVATE_DATA_HASH, () => refuse(PRIVATE_DATA_UNAVAILABLE)],
  [MessageType.PURGE_PRIVATE_DATA, () => refuse(PRIVATE_DATA_UNAVAILABLE)],
]);

async function getState(payload: Uint8Array, { simulator, namespace }: RequestContext): Promise<Uint8Array> {
  const request = decode(peer.GetState, payload);
  assertPublic(request.getCollection());
  return (await simulator.getState(namespace, request.getKey())) ?? NOTHING;
}

async function putState(payload: Uint8Array, { simulator, namespace }: RequestContext): Promise<Uint8Array> {
  const request = decode(peer.PutState, payload);
  assertPublic(request.getCollection());
  simulator.setState(namespace, request.getKey(), request.getValue_asU8());
  return Promise.resolve(NOTHING);
}

async function delState(payload: Uint8Array, { simulator, namespace }: RequestContext): Promise<Uint8Array> {
  const request = decode(peer.DelState, payload);
  assertPublic(request.getCollection());
  simulator.setState(namespace, request.getKey(), undefined);
  return Promise.resolve(NOTHING);
}

async function getStateByRange(payload: Uint8Array, context: RequestContext): Promise<Uint8Array> {
  const { simulator, namespace } = context;
  const request = decode(peer.GetStateByRange, payload);
  const page = pageOf(request.getMetadata_asU8());
  assertPublic(request.getCollection());
  const [start, end] = [request.getStartkey(), request.getEndkey()];
  const range =
    page === undefined
      ? simulator.range(namespace, start, end)
      : simulator.paginatedRange(namespace, page.bookmark === '' ? start : page.bookmark, end, page.size);
  const id = randomUUID();
  context.queries.open(id, serialized(range, encodeKeyValue(namespace)));
  const limit = totalLimit(context, page?.size ?? 0);
  return (await context.queries.respond(id, page !== undefined, limit)).serializeBinary();
}

/** Rich queries need a document database; texts of stateleveldb.go. */
async function getQueryResult(payload: Uint8Array): Promise<Uint8Array> {
  const request = decode(peer.GetQueryResult, payload);
  const page = pageOf(request.getMetadata_asU8());
  assertPublic(request.getCollection());
  return refuse(
    page === undefined
      ? 'ExecuteQuery not supported for leveldb'
      : 'ExecuteQueryWithMetadata not supported for leveldb',
  );
}

async function getHistoryForKey(payload: Uint8Array, context: RequestContext): Promise<Uint8Array> {
  const request = decode(peer.GetHistoryForKey, payload);
  const id = randomUUID();
  const history = context.simulator.history(context.namespace, request.getKey());
  context.queries.open(id, serialized(history, encodeModification));
  return (await context.queries.respond(id, false, totalLimit(context, 0))).serializeBinary();
}

async function queryStateNext(payload: Uint8Array, context: RequestContext): Promise<Uint8Array> {
  const request = decode(peer.QueryStateNext, payload);
  return (await context.queries.respond(request.getId(), false, totalLimit(context, 0))).serializeBinary();
}

async function queryStateClose(payload: Uint8Array, { queries }: RequestContext): Promise<Uint8Array> {
  const request = decode(peer.QueryStateClose, payload);
  await queries.close(request.getId());
  const response = new peer.QueryResponse();
  response.setId(request.getId());
  return response.serializeBinary();
}

async function invokeChaincode(payload: Uint8Array, context: RequestContext): Promise<Uint8Array> {
  const spec = decode(peer.ChaincodeSpec, payload);
  return (await context.invokeChaincode(spec)).serializeBinary();
}

interface Page {
  /** 0: as many as the peer allows. */
  readonly size: number;
  readonly bookmark: string;
}

/** Absent metadata, and metadata that asks for nothing, mean an ordinary query. */
function pageOf(metadata: Uint8Array): Page | undefined {
  if (metadata.length === 0) return undefined;
  const message = decode(peer.QueryMetadata, metadata);
  const page = { size: message.getPagesize(), bookmark: message.getBookmark() };
  return page.size === 0 && page.bookmark === '' ? undefined : page;
}

function totalLimit({ totalQueryLimit }: RequestContext, pageSize: number): number {
  return pageSize > 0 ? Math.min(pageSize, totalQueryLimit) : totalQueryLimit;
}

function assertPublic(collection: string): void {
  if (collection !== '') throw new Error(`collection [${collection}]: ${PRIVATE_DATA_UNAVAILABLE}`);
}

function refuse(reason: string): Promise<never> {
  return Promise.reject(new Error(reason));
}

function decode<T>(type: { deserializeBinary(bytes: Uint8Array): T }, payload: Uint8Array): T {
  try {
    return decodeMessage(type, payload, 'request');
  } catch (cause) {
    throw new Error('unmarshal failed: proto: cannot parse invalid wire-format data', { cause });
  }
}
