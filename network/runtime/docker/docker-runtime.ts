import { UnknownNameError } from '../../topology/views';
import type { NetworkFolder } from '../network-folder';
import { LogReader } from '../log/log-reader';
import type { LogLine, LogRange } from '../log/log-reader';
import type {
  ContainerRuntime,
  NetworkRuntime,
  NodeChange,
  NodeContainer,
  NodeStats,
  NodeStatus,
  RuntimeNode,
} from '../network-runtime';
import { DockerNode } from './docker-node';
import type { Engine } from './engine';
import { EngineEvents } from './engine-events';
import { EngineLostError } from './engine-unavailable';
import { containerPlans } from './container-plan';
import type { PlannedNetwork } from './container-plan';
import { LogCollector } from './log-collector';
import { OwnObjects } from './own-objects';
import { stopInOrder } from '../stop-in-order';

const ROTATE_MS = 30_000;

/** Runs nodes as containers of one engine. They outlive this process; the next one finds them again. */
export class DockerRuntime implements NetworkRuntime, ContainerRuntime {
  readonly #nodes: ReadonlyMap<string, DockerNode>;
  readonly #collectors: readonly LogCollector[];
  readonly #listeners = new Set<(change: NodeChange) => void>();
  readonly #objects: OwnObjects;
  readonly #events: EngineEvents;
  readonly #rotation: NodeJS.Timeout;

  private constructor(
    private readonly engine: Engine,
    network: PlannedNetwork,
    private readonly folder: NetworkFolder,
  ) {
    const { docker } = engine;
    this.#objects = new OwnObjects(docker, network.identity);
    const nodes = containerPlans(network).map((plan) => {
      const collector = new LogCollector(docker, plan.container, folder.log(plan.node));
      const changed = (status: NodeStatus) => this.#changed({ node: plan.node, status });
      return { collector, node: new DockerNode(docker, this.#objects, plan, collector, changed) };
    });
    this.#collectors = nodes.map(({ collector }) => collector);
    this.#nodes = new Map(nodes.map(({ node }) => [node.plan.node, node]));
    this.#events = new EngineEvents(docker, network.identity, {
      onContainer: (node) => this.#refresh(node),
      onResync: () => [...this.#nodes.keys()].forEach((node) => this.#refresh(node)),
      onLost: (error) => this.#lost(error),
    });
    this.#rotation = setInterval(() => this.#rotate(), ROTATE_MS);
    this.#rotation.unref();
  }

  /** Takes charge of a network's containers as they are; starts none. @throws ForeignObjectError */
  static async open(engine: Engine, network: PlannedNetwork, folder: NetworkFolder): Promise<DockerRuntime> {
    const runtime = new DockerRuntime(engine, network, folder);
    await Promise.all([...runtime.#nodes.values()].map((node) => node.refresh()));
    runtime.#events.start();
    return runtime;
  }

  nodes(): readonly RuntimeNode[] {
    return [...this.#nodes.values()].map(({ plan: { node, kind, program } }) => ({
      name: node,
      kind,
      program,
    }));
  }

  async claim(genesis: Readonly<Record<string, string>>): Promise<void> {
    await this.#objects.ensureBridge();
    for (const { plan } of this.#nodes.values()) {
      await this.#objects.ensureVolume(plan, genesis);
    }
  }

  async assertStartable(): Promise<void> {
    for (const node of this.#nodes.values()) await node.assertStartable();
  }

  start(node: string, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#node(node).start(options.signal);
  }

  stop(node: string): Promise<void> {
    return this.#node(node).stop();
  }

  async restart(node: string, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.stop(node);
    await this.start(node, options);
  }

  kill(node: string): Promise<void> {
    return this.#node(node).kill();
  }

  pause(node: string): Promise<void> {
    return this.#node(node).pause();
  }

  unpause(node: string): Promise<void> {
    return this.#node(node).unpause();
  }

  remove(node: string): Promise<void> {
    return this.#node(node).remove();
  }

  exec(node: string, command: readonly string[]): Promise<{ output: string; exitCode: number }> {
    return this.#node(node).exec(command);
  }

  drift(node: string): readonly string[] | undefined {
    return this.#node(node).drift;
  }

  container(node: string): Promise<NodeContainer | undefined> {
    return this.#node(node).container();
  }

  state(node: string): Promise<NodeStatus> {
    return Promise.resolve(this.#node(node).status);
  }

  logs(node: string, range: LogRange = {}): AsyncIterable<LogLine> {
    return new LogReader(this.folder.log(this.#node(node).plan.node)).lines(range);
  }

  stats(node: string): Promise<NodeStats | undefined> {
    return this.#node(node).sample();
  }

  onChange(listener: (change: NodeChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Deletes all containers, ledgers and the bridge of this network; answers what they were. */
  purge(): Promise<string[]> {
    return this.#objects.purge();
  }

  stopAll(): Promise<void> {
    return stopInOrder(
      [...this.#nodes.values()].map((node) => ({ kind: node.plan.kind, stop: () => node.stop() })),
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#rotation);
    this.#listeners.clear();
    await this.#events.close();
    await Promise.all(this.#collectors.map((collector) => collector.close()));
  }

  #refresh(name: string): void {
    const node = this.#nodes.get(name);
    node?.refresh().catch((error: unknown) => node.lost(this.#lossOf(error)));
  }

  #lost(error: unknown): void {
    for (const node of this.#nodes.values()) node.lost(this.#lossOf(error));
  }

  #lossOf = (error: unknown): string =>
    (error instanceof EngineLostError ? error : new EngineLostError(this.engine.address, error)).message;

  #node(name: string): DockerNode {
    const found = this.#nodes.get(name);
    if (!found) throw new UnknownNameError('node', name, [...this.#nodes.keys()]);
    return found;
  }

  #changed(change: NodeChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #rotate(): void {
    // A log that could not be rotated now is tried again in half a minute.
    for (const collector of this.#collectors) void collector.rotateIfLarge().catch(() => undefined);
  }
}
