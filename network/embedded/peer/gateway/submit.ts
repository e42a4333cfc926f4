import { status as Code } from '@grpc/grpc-js';
import { common, gateway, orderer } from '@hyperledger/fabric-protos';
import { untilAborted } from './call-scope';
import type { GatewayContext } from './gateway';
import type { OrdererEndpoint } from '../services/channel-nodes';
import { GatewayStatus, messageOf, type NodeMessage } from './status';

/**
 * Hands a signed transaction to one of the channel's orderers, the next one when that fails
 * (internal/pkg/gateway/submit.go). Success means received for ordering, not committed. Throws GatewayStatus.
 */
export async function submit(
  context: GatewayContext,
  request: gateway.SubmitRequest,
  signal: AbortSignal,
): Promise<gateway.SubmitResponse> {
  const transaction = request.getPreparedTransaction();
  if (transaction === undefined) {
    throw new GatewayStatus(Code.INVALID_ARGUMENT, 'a prepared transaction is required');
  }
  if (transaction.getSignature_asU8().length === 0) {
    throw new GatewayStatus(Code.INVALID_ARGUMENT, 'prepared transaction must be signed');
  }
  const failures: NodeMessage[] = [];
  for (const endpoint of shuffled(ordererEndpoints(context, request.getChannelId()))) {
    let response: orderer.BroadcastResponse;
    try {
      response = await untilAborted(
        broadcast(context, endpoint, transaction, signal),
        signal,
        () =>
          new GatewayStatus(
            Code.DEADLINE_EXCEEDED,
            'submit timeout expired while broadcasting to ordering service',
          ),
      );
    } catch (error) {
      if (error instanceof GatewayStatus) throw error;
      failures.push({ address: endpoint.address, mspId: endpoint.mspId, message: messageOf(error) });
      context.logger.warn('Error sending transaction to orderer', {
        txID: request.getTransactionId(),
        endpoint: endpoint.address,
        err: messageOf(error),
      });
      continue;
    }
    const status = response.getStatus();
    if (status === common.Status.SUCCESS) return new gateway.SubmitResponse();
    context.logger.warn('Unsuccessful response sending transaction to orderer', {
      txID: request.getTransactionId(),
      endpoint: endpoint.address,
      status,
      info: response.getInfo(),
    });
    if (status >= 400 && status < 500) {
      // The transaction itself is refused: no other orderer would take it.
      throw new GatewayStatus(
        Code.ABORTED,
        `received unsuccessful response from orderer: status=${statusName(status)}, info=${response.getInfo()}`,
      );
    }
  }
  throw new GatewayStatus(Code.UNAVAILABLE, 'no orderers could successfully process transaction', failures);
}

function ordererEndpoints(context: GatewayContext, channelId: string): readonly OrdererEndpoint[] {
  let endpoints: readonly OrdererEndpoint[];
  try {
    endpoints = context.registry.orderers(channelId);
  } catch (error) {
    throw new GatewayStatus(Code.FAILED_PRECONDITION, messageOf(error));
  }
  if (endpoints.length === 0) throw new GatewayStatus(Code.UNAVAILABLE, 'no orderer nodes available');
  return endpoints;
}

/** Sends one envelope on a stream of its own, over the node's one connection to that orderer. */
function broadcast(
  context: GatewayContext,
  endpoint: OrdererEndpoint,
  transaction: common.Envelope,
  signal: AbortSignal,
): Promise<orderer.BroadcastResponse> {
  return new Promise((resolve, reject) => {
    const { broadcast: method } = orderer.AtomicBroadcastService;
    const client = context.connections.client(endpoint.address, endpoint.tlsRoots);
    const stream = client.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      { deadline: Date.now() + context.options.broadcastTimeoutMs },
    );
    const cancel = (): void => stream.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    stream.on('data', (response: orderer.BroadcastResponse) => {
      resolve(response);
      stream.end();
    });
    stream.on('error', reject);
    stream.on('end', () => reject(new Error('EOF')));
    stream.on('close', () => signal.removeEventListener('abort', cancel));
    stream.write(transaction);
  });
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

function statusName(status: number): string {
  const found = Object.entries(common.Status).find(([, value]) => value === status);
  return found?.[0] ?? '';
}
