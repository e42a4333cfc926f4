import {
  Client,
  connectivityState,
  credentials,
  status,
  type CallOptions,
  type ClientOptions,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { NodeCallError } from './errors';

/** How a node's gRPC listener is reached. */
export interface NodeAddress {
  /** The node's name in the topology; errors carry it. */
  readonly name: string;
  readonly mspId: string;
  /** `host:port`. */
  readonly address: string;
  /** TLS CA certificates that vouch for the node, PEM. */
  readonly tlsRootCertificates: string;
  /** Name to expect in the node's certificate where it differs from the host in `address`. */
  readonly tlsServerName?: string;
}

export interface CallLimits {
  /** Milliseconds until the call is given up as DEADLINE_EXCEEDED. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** As the peer's own limit (`peer.maxRecvMsgSize`): a block may be that large. */
const maxMessageBytes = 100 * 1024 * 1024;

const clientOptions: ClientOptions = {
  'grpc.max_receive_message_length': maxMessageBytes,
  'grpc.max_send_message_length': maxMessageBytes,
  // A node that was just started must be seen soon: grpc-js would wait up to two minutes between attempts.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2000,
  // Genuine nodes close connections that ping more often than once a minute (keepalive.minInterval).
  'grpc.keepalive_time_ms': 120_000,
  'grpc.keepalive_timeout_ms': 20_000,
  // Clients with equal options would otherwise share one subchannel, and close() of one network's set must not be felt by another's.
  'grpc.use_local_subchannel_pool': 1,
};

/**
 * One gRPC client per node, shared by all identities: an identity signs messages and owns no connection.
 * A node whose address or TLS CA changed gets a new client.
 */
export class NodeConnections {
  readonly #clients = new Map<string, { readonly node: NodeAddress; readonly client: Client }>();
  #closed = false;

  /** The node's client; connecting happens on first use, and at once when an earlier attempt failed. */
  client(node: NodeAddress): Client {
    if (this.#closed) throw new Error('the connections of this network are closed');
    const known = this.#clients.get(node.name);
    if (known && sameNode(known.node, node) && !isResting(known.client)) return known.client;
    known?.client.close();
    const options: ClientOptions =
      node.tlsServerName === undefined
        ? clientOptions
        : {
            ...clientOptions,
            'grpc.ssl_target_name_override': node.tlsServerName,
            'grpc.default_authority': node.tlsServerName,
          };
    const client = new Client(
      node.address,
      credentials.createSsl(Buffer.from(node.tlsRootCertificates)),
      options,
    );
    this.#clients.set(node.name, { node, client });
    return client;
  }

  /** Number of open clients: switching identities must not raise it. */
  get size(): number {
    return this.#clients.size;
  }

  /**
   * One unary call.
   * @throws NodeCallError with the gRPC status of the node or of the transport
   */
  unary<Request, Response>(
    node: NodeAddress,
    operation: string,
    method: MethodDefinition<Request, Response>,
    request: Request,
    limits: CallLimits = {},
  ): Promise<Response> {
    const { signal } = limits;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(new NodeCallError(node.name, operation, status.CANCELLED, 'cancelled by the caller'));
        return;
      }
      const call = this.client(node).makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        callOptions(limits),
        (error, response) => {
          signal?.removeEventListener('abort', cancel);
          if (error) reject(callError(node, operation, error));
          else if (response === undefined) {
            reject(new NodeCallError(node.name, operation, status.INTERNAL, 'the node sent no response'));
          } else resolve(response);
        },
      );
      const cancel = (): void => call.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  close(): void {
    this.#closed = true;
    for (const { client } of this.#clients.values()) client.close();
    this.#clients.clear();
  }
}

export function callOptions(limits: CallLimits): CallOptions {
  return limits.timeoutMs === undefined ? {} : { deadline: Date.now() + limits.timeoutMs };
}

export function callError(node: NodeAddress, operation: string, error: ServiceError): NodeCallError {
  return new NodeCallError(node.name, operation, error.code, error.details, { cause: error });
}

/**
 * Its last attempt to connect failed and the next is some time off. It carries no call: whoever asks now would be told
 * of a node that may have been started since.
 */
const isResting = (client: Client): boolean =>
  client.getChannel().getConnectivityState(false) === connectivityState.TRANSIENT_FAILURE;

function sameNode(a: NodeAddress, b: NodeAddress): boolean {
  return (
    a.address === b.address &&
    a.tlsRootCertificates === b.tlsRootCertificates &&
    a.tlsServerName === b.tlsServerName
  );
}
