import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Another way to an engine, which can be cut and restored. */
export class EngineRelay {
  /** When connections were refused, by `Date.now()`. */
  readonly refused: number[] = [];
  readonly #open = new Set<Socket>();
  #isCut = false;

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  /** @param target the engine's socket, a path */
  static async open(target: string): Promise<EngineRelay> {
    const relay = new EngineRelay(
      createServer({ allowHalfOpen: true }, (client) => relay.#take(client, target)),
      await mkdtemp(path.join(os.tmpdir(), 'cityflow-relay-')),
    );
    await new Promise<void>((resolve) => relay.server.listen(relay.#socket, resolve));
    return relay;
  }

  /** As DOCKER_HOST has it. */
  get address(): string {
    return `unix://${this.#socket}`;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#open) socket.destroy();
  }

  restore(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.folder, { recursive: true, force: true });
  }

  get #socket(): string {
    return path.join(this.folder, 'engine.sock');
  }

  #take(client: Socket, target: string): void {
    if (this.#isCut) {
      this.refused.push(Date.now());
      client.destroy();
      return;
    }
    const engine = connect({ path: target, allowHalfOpen: true });
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ] as const) {
      this.#open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#open.delete(from);
        to.destroy();
      });
    }
  }
}
