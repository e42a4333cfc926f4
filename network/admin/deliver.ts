import { status, type ClientDuplexStream, type MethodDefinition, type ServiceError } from '@grpc/grpc-js';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { createEnvelope } from '../protocol/envelope';
import type { Signer } from '../protocol/signing';
import { DeliverError } from './errors';
import { callError, type NodeAddress, type NodeConnections } from './node-connection';

export interface BlockRange {
  /** First block wanted; `oldest` and `newest` are what the node has at that moment. */
  readonly from: number | 'oldest' | 'newest';
  /** Last block wanted, included; without it the stream goes on with every new block. */
  readonly to?: number | 'newest';
}

export interface DeliverOptions {
  /** Ends the stream without an error. */
  readonly signal?: AbortSignal;
  /** `fail` ends with NOT_FOUND past the tip instead of waiting for blocks that don't exist yet. */
  readonly pastTip?: 'wait' | 'fail';
}

/** Blocks and filtered blocks from one node's Deliver service, in order, as fast as the consumer takes them. */
export class DeliverReader {
  constructor(private readonly connections: NodeConnections) {}

  /**
   * Blocks as this peer committed them (with its validation filter).
   * @throws NodeCallError, DeliverError (NOT_FOUND: channel not joined there; FORBIDDEN: not a reader)
   */
  peerBlocks(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    range: BlockRange,
    options: DeliverOptions = {},
  ): AsyncGenerator<common.Block, void, undefined> {
    const { deliver } = peer.DeliverService;
    return this.#stream(deliver, (response) => response.getBlock(), node, signer, channelId, range, options);
  }

  /** Transaction ids, codes and events (without payload) of each block. */
  filteredBlocks(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    range: BlockRange,
    options: DeliverOptions = {},
  ): AsyncGenerator<peer.FilteredBlock, void, undefined> {
    const { deliverFiltered } = peer.DeliverService;
    const content = (response: peer.DeliverResponse) => response.getFilteredBlock();
    return this.#stream(deliverFiltered, content, node, signer, channelId, range, options);
  }

  /** Blocks as the orderer wrote them: without validation filter and commit hash. */
  ordererBlocks(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    range: BlockRange,
    options: DeliverOptions = {},
  ): AsyncGenerator<common.Block, void, undefined> {
    const { deliver } = orderer.AtomicBroadcastService;
    return this.#stream(deliver, (response) => response.getBlock(), node, signer, channelId, range, options);
  }

  async *#stream<Response extends DeliverResponse, Content>(
    method: MethodDefinition<common.Envelope, Response>,
    content: (response: Response) => Content | undefined,
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    range: BlockRange,
    options: DeliverOptions,
  ): AsyncGenerator<Content, void, undefined> {
    const { path, requestSerialize, responseDeserialize } = method;
    const open = () =>
      this.connections.client(node).makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    const seek = seekEnvelope(signer, channelId, range, options);
    for await (const response of stream(node, channelId, open, seek, options)) {
      const wanted = content(response);
      if (wanted !== undefined) yield wanted;
    }
  }
}

/** What the Deliver services of peers and orderers have in common. */
interface DeliverResponse {
  hasStatus(): boolean;
  getStatus(): common.StatusMap[keyof common.StatusMap];
}

async function* stream<Response extends DeliverResponse>(
  node: NodeAddress,
  channelId: string,
  open: () => ClientDuplexStream<common.Envelope, Response>,
  seek: common.Envelope,
  { signal }: DeliverOptions,
): AsyncGenerator<Response, void, undefined> {
  if (signal?.aborted) return;
  const call = open();
  const cancel = (): void => call.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    call.write(seek);
    for await (const response of call as AsyncIterable<Response>) {
      if (response.hasStatus()) {
        const code = response.getStatus();
        if (code === common.Status.SUCCESS) return;
        throw new DeliverError(node.name, channelId, code, nameOfStatus(code));
      }
      yield response;
    }
  } catch (error) {
    if (signal?.aborted) return;
    if (isServiceError(error)) throw callError(node, `deliver ${channelId}`, error);
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
    // After cancel() grpc-js still emits CANCELLED; nobody listens any more.
    call.on('error', () => undefined);
    call.cancel();
  }
}

function seekEnvelope(
  signer: Signer,
  channelId: string,
  range: BlockRange,
  options: DeliverOptions,
): common.Envelope {
  const seek = new orderer.SeekInfo();
  seek.setStart(position(range.from));
  seek.setStop(position(range.to ?? Number.MAX_SAFE_INTEGER));
  seek.setBehavior(
    options.pastTip === 'fail'
      ? orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY
      : orderer.SeekInfo.SeekBehavior.BLOCK_UNTIL_READY,
  );
  return createEnvelope(signer, {
    type: common.HeaderType.DELIVER_SEEK_INFO,
    channelId,
    data: seek.serializeBinary(),
  });
}

function position(at: number | 'oldest' | 'newest'): orderer.SeekPosition {
  const found = new orderer.SeekPosition();
  if (at === 'oldest') found.setOldest(new orderer.SeekOldest());
  else if (at === 'newest') found.setNewest(new orderer.SeekNewest());
  else {
    const specified = new orderer.SeekSpecified();
    specified.setNumber(at);
    found.setSpecified(specified);
  }
  return found;
}

function nameOfStatus(code: number): string {
  return Object.entries(common.Status).find(([, value]) => value === code)?.[0] ?? 'UNKNOWN';
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code in status;
}
