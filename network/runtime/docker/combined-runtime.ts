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
import type { DockerRuntime } from './docker-runtime';
import type { HostGatewayRelay } from './host-gateway-relay';

/** Nodes in containers, and their contracts as processes beside them. */
export class CombinedRuntime implements NetworkRuntime, ContainerRuntime {
  readonly #processNodes: ReadonlySet<string>;

  constructor(
    private readonly containers: DockerRuntime,
    private readonly processes: NetworkRuntime,
    private readonly relay: HostGatewayRelay,
  ) {
    this.#processNodes = new Set(processes.nodes().map(({ name }) => name));
  }

  nodes = (): readonly RuntimeNode[] => [...this.containers.nodes(), ...this.processes.nodes()];
  claim = (genesis: Readonly<Record<string, string>>): Promise<void> => this.containers.claim(genesis);

  async assertStartable(): Promise<void> {
    await this.containers.assertStartable();
    await this.processes.assertStartable();
  }

  start = (node: string, options?: { readonly signal?: AbortSignal }): Promise<void> =>
    this.#of(node).start(node, options);
  restart = (node: string, options?: { readonly signal?: AbortSignal }): Promise<void> =>
    this.#of(node).restart(node, options);
  stop = (node: string): Promise<void> => this.#of(node).stop(node);
  kill = (node: string): Promise<void> => this.#of(node).kill(node);
  pause = (node: string): Promise<void> => this.#of(node).pause(node);
  unpause = (node: string): Promise<void> => this.#of(node).unpause(node);
  state = (node: string): Promise<NodeStatus> => this.#of(node).state(node);
  stats = (node: string): Promise<NodeStats | undefined> => this.#of(node).stats(node);
  logs = (node: string, range?: LogRange): AsyncIterable<LogLine> => this.#of(node).logs(node, range);

  remove = (node: string): Promise<void> => this.containers.remove(node);
  exec = (node: string, command: readonly string[]): Promise<{ output: string; exitCode: number }> =>
    this.containers.exec(node, command);
  drift = (node: string): readonly string[] | undefined =>
    this.#processNodes.has(node) ? undefined : this.containers.drift(node);
  container = (node: string): Promise<NodeContainer | undefined> =>
    this.#processNodes.has(node) ? Promise.resolve(undefined) : this.containers.container(node);

  onChange(listener: (change: NodeChange) => void): () => void {
    const ends = [this.containers.onChange(listener), this.processes.onChange(listener)];
    return () => {
      for (const end of ends) end();
    };
  }

  async stopAll(): Promise<void> {
    await this.processes.stopAll();
    await this.containers.stopAll();
  }

  async close(): Promise<void> {
    await this.relay.close();
    await this.processes.close();
    await this.containers.close();
  }

  #of = (node: string): NetworkRuntime => (this.#processNodes.has(node) ? this.processes : this.containers);
}
