import { Client, credentials } from '@grpc/grpc-js';
import { createHash } from 'node:crypto';

/** As a genuine peer's client limits (comm.ClientConfig); the peer's own blocks may be that large. */
const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;

/** This node's TLS identity, which it shows to other nodes. PEM. */
export interface TlsIdentity {
  readonly certificatePem: Buffer;
  readonly privateKeyPem: Buffer;
}

/**
 * One gRPC connection per node and set of TLS roots, shared by everything this peer asks of that node: endorsements,
 * broadcasts, membership.
 */
export class NodeConnections {
  readonly #clients = new Map<string, Client>();
  #closed = false;

  constructor(private readonly tls: TlsIdentity | undefined) {}

  /**
   * The client for host:port; it connects with its first call. With no TLS roots the connection is plain text, as in
   * genuine Fabric. Throws once this peer is stopping.
   */
  client(address: string, tlsRoots: readonly string[]): Client {
    if (this.#closed) throw new Error('this peer is stopping');
    const key = keyOf(address, tlsRoots);
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const client = new Client(
      address,
      tlsRoots.length === 0
        ? credentials.createInsecure()
        : credentials.createSsl(
            Buffer.from(tlsRoots.join('\n')),
            this.tls?.privateKeyPem ?? null,
            this.tls?.certificatePem ?? null,
          ),
      {
        'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
        'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
        // A node that was restarted is found again within a second or two, without hammering one that is gone.
        'grpc.initial_reconnect_backoff_ms': 250,
        'grpc.min_reconnect_backoff_ms': 250,
        'grpc.max_reconnect_backoff_ms': 2000,
        'grpc.keepalive_time_ms': 60_000,
        'grpc.keepalive_timeout_ms': 20_000,
        'grpc.enable_channelz': 0,
        'grpc.use_local_subchannel_pool': 1,
      },
    );
    this.#clients.set(key, client);
    return client;
  }

  /** Gives a connection up, so that the next call dials anew instead of waiting for the backoff. */
  drop(address: string, tlsRoots: readonly string[]): void {
    const key = keyOf(address, tlsRoots);
    this.#clients.get(key)?.close();
    this.#clients.delete(key);
  }

  close(): void {
    this.#closed = true;
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }
}

function keyOf(address: string, tlsRoots: readonly string[]): string {
  const roots = createHash('sha256');
  for (const root of tlsRoots) roots.update(root).update('\0');
  return `${address} ${roots.digest('base64')}`;
}
