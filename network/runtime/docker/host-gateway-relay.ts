import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

const LOOPBACK = '127.0.0.1';
/** Docker Desktop's containers reach this machine's loopback by it. */
export const HOST_GATEWAY = 'host-gateway';

/**
 * Lets containers reach programs of this machine that listen on loopback only: the same ports on this machine's
 * address in their bridge, and on no other.
 */
export class HostGatewayRelay {
  readonly #sockets = new Set<Socket>();
  readonly #servers: readonly Server[];

  private constructor(ports: readonly number[]) {
    this.#servers = ports.map((port) => createServer((inward) => this.#relay(inward, port)).unref());
  }

  /** @throws Error (EADDRINUSE) where a port is taken there */
  static async open(address: string, ports: readonly number[]): Promise<HostGatewayRelay> {
    if (address === HOST_GATEWAY) return new HostGatewayRelay([]);
    const relay = new HostGatewayRelay(ports);
    try {
      await Promise.all(relay.#servers.map((server, index) => listening(server, address, ports[index] ?? 0)));
    } catch (error) {
      await relay.close();
      throw error;
    }
    return relay;
  }

  async close(): Promise<void> {
    const closed = this.#servers.map(
      (server) => new Promise<void>((resolve) => void server.close(() => resolve())),
    );
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #relay(inward: Socket, port: number): void {
    const outward = connect(port, LOOPBACK);
    inward.pipe(outward).pipe(inward);
    const ends: readonly [Socket, Socket][] = [
      [inward, outward],
      [outward, inward],
    ];
    for (const [socket, other] of ends) {
      this.#sockets.add(socket);
      // Either end takes the other along; whoever called is told by its own connection.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => resolve());
  });
}
