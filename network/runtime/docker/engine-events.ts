import type Docker from 'dockerode';
import { z } from 'zod';
import { Backoff } from './backoff';
import { nodeOf, ownFilter } from './labels';
import type { DockerNetworkIdentity } from './labels';

const eventSchema = z.object({
  Action: z.string(),
  Actor: z.object({ Attributes: z.record(z.string(), z.string()).default({}) }),
});

export interface EngineEventListener {
  /** Something happened to a node's container. */
  onContainer(node: string): void;
  /** The stream begins, for the first time or again: whatever was missed meanwhile is to be asked for. */
  onResync(): void;
  /** The engine does not answer; asked again after a pause. */
  onLost(error: unknown): void;
}

/** Actions that change nothing about a node. */
const IDLE = /^(exec_|top|attach|resize|export|archive-path|extract-to-dir)/;

/** The engine's events of one network, in one stream that comes back by itself. */
export class EngineEvents {
  readonly #closed = new AbortController();
  #run: Promise<void> | undefined;

  constructor(
    private readonly docker: Docker,
    private readonly identity: DockerNetworkIdentity,
    private readonly listener: EngineEventListener,
  ) {}

  start(): void {
    this.#run ??= this.#listen();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#run;
  }

  async #listen(): Promise<void> {
    const { signal } = this.#closed;
    const backoff = new Backoff();
    while (!signal.aborted) {
      const begun = Date.now();
      try {
        await this.#follow();
        // Not asked for: the engine ended it, most likely because it ends itself.
        if (!signal.aborted) this.listener.onLost(new Error('the engine ended its stream of events'));
      } catch (error) {
        if (signal.aborted) return;
        this.listener.onLost(error);
      }
      await backoff.pause(Date.now() - begun, signal);
    }
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closed;
    const stream = await this.docker.getEvents({
      filters: { type: ['container'], ...ownFilter(this.identity) },
      abortSignal: signal,
    });
    this.listener.onResync();
    let rest = '';
    for await (const chunk of stream) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#told(line);
    }
  }

  #told(line: string): void {
    if (line.trim() === '') return;
    const { Action, Actor } = eventSchema.parse(JSON.parse(line));
    const node = nodeOf(Actor.Attributes);
    if (node !== undefined && !IDLE.test(Action)) this.listener.onContainer(node);
  }
}
