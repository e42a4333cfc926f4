/**
 * The AtomicBroadcast service on a gRPC server. Messages stay bytes here: an envelope goes into its block exactly as it
 * came, and a block is serialized once for all its readers.
 */
import type { handleBidiStreamingCall, ServerDuplexStream, ServiceDefinition } from '@grpc/grpc-js';
import { orderer, type common } from '@hyperledger/fabric-protos';
import type { NodeServer } from '../node/grpc-server';
import { createLogger } from '../node/logging';
import { encodeBroadcastReply, type BroadcastHandler } from './broadcast';
import type { DeliverHandler, DeliverStream } from './deliver';
import type { OrdererMetrics } from './orderer-metrics';

const logger = createLogger('orderer.common.server');

type Call = ServerDuplexStream<Buffer, Buffer>;

const raw = {
  requestStream: true,
  responseStream: true,
  requestSerialize: (value: Buffer) => value,
  requestDeserialize: (value: Buffer) => value,
  responseSerialize: (value: Buffer) => value,
  responseDeserialize: (value: Buffer) => value,
} as const;

const service: ServiceDefinition = {
  broadcast: { ...raw, path: orderer.AtomicBroadcastService.broadcast.path },
  deliver: { ...raw, path: orderer.AtomicBroadcastService.deliver.path },
};

/** Key of DeliverResponse.block: field 2, length-delimited. */
const BLOCK_KEY = 0x12;

/** `DeliverResponse{block}` of an already serialized block. */
export function encodeBlockResponse(block: Uint8Array): Buffer {
  const prefix = [BLOCK_KEY];
  let length = block.length;
  for (; length > 0x7f; length = Math.floor(length / 128)) prefix.push((length & 0x7f) | 0x80);
  prefix.push(length);
  return Buffer.concat([Buffer.from(prefix), block]);
}

function encodeStatusResponse(status: common.StatusMap[keyof common.StatusMap]): Buffer {
  const response = new orderer.DeliverResponse();
  response.setStatus(status);
  return Buffer.from(response.serializeBinary());
}

/** Writes, and waits while the client is behind; returns early when it goes away. */
async function write(call: Call, message: Buffer, cancelled: AbortSignal): Promise<void> {
  if (call.write(message) || cancelled.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      call.off('drain', done);
      cancelled.removeEventListener('abort', done);
      resolve();
    };
    call.once('drain', done);
    cancelled.addEventListener('abort', done);
  });
}

/**
 * Handles a stream's messages one after another. `handle` answers whether the stream goes on; the stream ends, with
 * status OK, when it doesn't or when the client has no more.
 */
function serveStream(
  call: Call,
  cancelled: AbortSignal,
  handle: (message: Buffer) => Promise<boolean>,
): void {
  let over = false;
  const end = (): void => {
    if (over || cancelled.aborted) return;
    over = true;
    call.end();
  };
  call.on('data', (message: Buffer) => {
    if (over) return;
    call.pause();
    handle(message).then(
      (more) => (more ? call.resume() : end()),
      (error: unknown) => {
        logger.error('stream failed', { peer: call.getPeer(), error });
        end();
      },
    );
  });
  call.on('end', end);
  call.on('error', (error) => logger.debug('stream error', { peer: call.getPeer(), error }));
}

/** Aborted when the client cancels or its connection is lost. */
function cancellation(call: Call): AbortSignal {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort());
  return controller.signal;
}

export interface AtomicBroadcastHandlers {
  readonly broadcast: BroadcastHandler;
  readonly deliver: DeliverHandler;
  readonly metrics: OrdererMetrics;
}

export function addAtomicBroadcast(server: NodeServer, handlers: AtomicBroadcastHandlers): void {
  const broadcast: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
    const cancelled = cancellation(call);
    serveStream(call, cancelled, async (message) => {
      const reply = await handlers.broadcast.process(message, call.getPeer());
      await write(call, encodeBroadcastReply(reply), cancelled);
      return reply.status === 200 && !cancelled.aborted;
    });
  };

  const deliver: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
    const cancelled = cancellation(call);
    handlers.metrics.deliver.streamsOpened.add({});
    let closed = false;
    const close = (): void => {
      if (!closed) handlers.metrics.deliver.streamsClosed.add({});
      closed = true;
    };
    cancelled.addEventListener('abort', close);
    call.on('finish', close);
    const stream: DeliverStream = {
      peer: call.getPeer(),
      cancelled,
      clientCertificate: server.clientCertificate(call),
      sendBlock: (block) => write(call, encodeBlockResponse(block), cancelled),
    };
    serveStream(call, cancelled, async (message) => {
      const status = await handlers.deliver.deliver(message, stream);
      if (status === undefined) return false;
      await write(call, encodeStatusResponse(status), cancelled);
      return status === 200 && !cancelled.aborted;
    });
  };

  server.grpc.addService(service, { broadcast, deliver });
}
