import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { bringUp } from '../../../network/runtime/bring-up';
import type { BringUpReport } from '../../../network/runtime/bring-up-progress';
import type { NetworkRuntime, NodeStatus } from '../../../network/runtime/network-runtime';
import type { RuntimeName } from '../../api/models';
import type { ContainerFacts } from '../../api/node-models';
import type {
  LogEvent,
  LogRange,
  NetworkHost,
  NodeProcess,
  NodeProcessChange,
  NodeRun,
  UpOptions,
} from '../../core/ports/network-host';
import { problem, toProblem } from '../../core/problem';
import type { TaskProgress } from '../../core/tasks';
import { DockerOpener } from './docker-opener';
import type { LocalNetwork } from './local-network';
import type { OpenedRuntime, RunState, RuntimeOpener } from './opened-runtime';
import { ProcessOpener } from './process-opener';
import { runtimeProblem } from './problems';

/** What belongs to the supervisor itself and goes when it ends. */
const OWN_FILES = ['supervisor.lock', 'supervisor.sock'];

/** The network's nodes, in whichever way they run. */
export class RuntimeHost implements NetworkHost {
  readonly #listeners = new Set<(change: NodeProcessChange) => void>();
  readonly #processes: ProcessOpener;
  readonly #docker: DockerOpener;
  #opened: OpenedRuntime | undefined;

  constructor(private readonly network: LocalNetwork) {
    this.#processes = new ProcessOpener(network);
    this.#docker = new DockerOpener(network);
  }

  declared = () => this.network.declared;

  async runtime(): Promise<RuntimeName | null> {
    return this.#opened?.name ?? (await this.#opener()).runtime();
  }

  async up(options: UpOptions, progress: TaskProgress, signal: AbortSignal): Promise<void> {
    try {
      const { runtime } = await this.#open(options, progress, signal);
      const { material } = this.network;
      await bringUp(
        { material, runtime, clients: await this.network.clients() },
        { progress: stageSteps(progress, signal), signal },
      );
    } catch (error) {
      throw runtimeProblem(error, this.network);
    }
  }

  async down(): Promise<number> {
    return this.#told(async () => {
      if (!this.#opened) return (await this.#opener()).endFound();
      const running = (await this.runs()).filter(
        ({ state }) => state === 'running' || state === 'starting' || state === 'paused',
      );
      await this.network.disconnect();
      await this.#opened.runtime.stopAll();
      await this.#opened.runtime.close();
      this.#opened = undefined;
      return running.length;
    });
  }

  async belongings(): Promise<string[]> {
    return this.#told(async () => [
      ...(await (await this.#opener()).belongings()),
      ...(await this.#ownEntries()),
    ]);
  }

  async purge(): Promise<string[]> {
    return this.#told(async () => {
      const outside = await (await this.#opener()).purge();
      const doomed = await this.#ownEntries();
      for (const entry of doomed) await rm(entry, { recursive: true, force: true });
      return [...outside, ...doomed];
    });
  }

  async runs(): Promise<readonly NodeRun[]> {
    const opener = await this.#opener();
    const stateOf = this.#opened ? openedStates(this.#opened) : await this.#foundStates(opener);
    return Promise.all(
      this.network.declared.nodes.map(async ({ name, role }): Promise<NodeRun> => {
        const program = role === 'contract' ? 'contract' : opener.programOf(name);
        return { name, program, ...(await stateOf(name)) };
      }),
    );
  }

  async processes(): Promise<readonly NodeProcess[]> {
    const runtime = this.#opened?.runtime;
    return Promise.all(
      (await this.runs()).map(async (run) => {
        const stats = await runtime?.stats(run.name);
        return {
          ...run,
          cpuPercent: stats?.cpuPercent ?? null,
          residentBytes: stats?.residentBytes ?? null,
          drift: runtime?.drift?.(run.name) ?? null,
        };
      }),
    );
  }

  onChange(listener: (change: NodeProcessChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start = (node: string) => this.#onNode((runtime) => runtime.start(node));
  stop = (node: string) => this.#onNode((runtime) => runtime.stop(node));
  kill = (node: string) => this.#onNode((runtime) => runtime.kill(node));
  pause = (node: string) => this.#onNode((runtime) => runtime.pause(node));
  resume = (node: string) => this.#onNode((runtime) => runtime.unpause(node));
  remove = (node: string) => this.#onContainer(node, (runtime) => runtime.remove?.(node));
  exec = (node: string, command: readonly string[]) =>
    this.#onContainer(node, (runtime) => runtime.exec?.(node, command));

  async container(node: string): Promise<ContainerFacts | null> {
    const runtime = this.#opened?.runtime;
    if (!runtime?.container) return null;
    const [found, stats] = await this.#told(() =>
      Promise.all([runtime.container?.(node), runtime.stats(node)]),
    );
    if (!found) return null;
    const { volume, memoryLimitBytes, processorLimit, drift, ...known } = found;
    return {
      ...known,
      volume: volume ?? null,
      memoryLimitBytes: memoryLimitBytes ?? null,
      processorLimit: processorLimit ?? null,
      drift: [...drift],
      network: stats?.network ?? null,
      disk: stats?.disk ?? null,
    };
  }

  async *logs(node: string, range: LogRange, signal: AbortSignal): AsyncGenerator<LogEvent> {
    const { LogReader } = await import('../../../network/runtime/log/log-reader');
    yield* new LogReader(this.network.folder.log(node)).lines({ ...range, signal });
  }

  async close(): Promise<void> {
    await this.#opened?.runtime.close();
    await this.network.disconnect();
  }

  async #ownEntries(): Promise<string[]> {
    const root = this.network.location.folder;
    const entries = (await readdir(root)).filter((name) => !OWN_FILES.includes(name));
    return entries.sort().map((name) => path.join(root, name));
  }

  #onNode(change: (runtime: NetworkRuntime) => Promise<void>): Promise<void> {
    return this.#told(() => change(this.#requireOpened().runtime));
  }

  #onContainer<T>(
    node: string,
    work: (runtime: OpenedRuntime['runtime']) => Promise<T> | undefined,
  ): Promise<T> {
    return this.#told(async () => {
      const { runtime } = this.#requireOpened();
      const working = runtime.container ? work(runtime) : undefined;
      if (working) return working;
      throw problem('BAD_REQUEST', {
        title: `${node} is no container.`,
        detail: 'It runs as a process of this machine.',
        hint: 'Start and stop it instead; networks run in containers with `--runtime docker`.',
      });
    });
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw runtimeProblem(error, this.network);
    }
  }

  #requireOpened(): OpenedRuntime {
    if (this.#opened) return this.#opened;
    throw problem('NETWORK_NOT_RUNNING', {
      title: `The network ${this.network.declared.name} is not running.`,
      hint: 'Run `cityflow up`; it starts all nodes.',
      retryable: true,
    });
  }

  async #opener(): Promise<RuntimeOpener> {
    if (this.#opened) return this.#opened.name === 'docker' ? this.#docker : this.#processes;
    return (await this.#docker.isOwn()) ? this.#docker : this.#processes;
  }

  /** As asked for, else as its ledgers are. Ledgers of one runtime are nothing to another. */
  async #chooseOpener({ runtime }: UpOptions): Promise<RuntimeOpener> {
    const present = await this.runtime();
    const wanted = runtime ?? present ?? 'embedded';
    if (present !== null && (present === 'docker') !== (wanted === 'docker')) {
      throw problem('NETWORK_FOREIGN_DATA', {
        title: `The ledgers of ${this.network.declared.name} belong to the runtime ${present}.`,
        detail: `How its nodes reach each other stands in its genesis blocks: ${wanted} cannot go on with them.`,
        hint: `Start it with \`--runtime ${present}\`, another network with \`--network NAME\`, or delete its ledgers with \`cityflow down --purge\`.`,
      });
    }
    return wanted === 'docker' ? this.#docker : this.#processes;
  }

  async #open(options: UpOptions, progress: TaskProgress, signal: AbortSignal): Promise<OpenedRuntime> {
    const opener = await this.#chooseOpener(options);
    const programs = await opener.programs(options);
    if (this.#opened?.programs === programs) return this.#opened;
    if (this.#opened) {
      throw problem('NETWORK_BUSY', {
        title: 'The network runs with other programs already.',
        detail: this.#opened.programs,
        hint: 'Stop it with `cityflow down` first.',
      });
    }
    const opened = await opener.open(options, progress, signal);
    // Only now: a topology that the network refused must not stand in its folder for the next command.
    await this.network.keepTopology();
    await this.network.disconnect();
    this.#opened = opened;
    const { runtime } = opened;
    runtime.onChange(({ node, status }) => this.#changed(node, status));
    // Nodes that an earlier supervisor left running are news here.
    for (const { name } of runtime.nodes()) {
      const status = await runtime.state(name);
      if (status.state === 'running') this.#changed(name, status);
    }
    return opened;
  }

  async #foundStates(opener: RuntimeOpener): Promise<StateOf> {
    try {
      const found = await opener.found();
      return (node) => found.get(node) ?? { state: 'stopped', pid: null, reason: '' };
    } catch (error) {
      const reason = toProblem(runtimeProblem(error, this.network)).title;
      return () => ({ state: 'unknown', pid: null, reason });
    }
  }

  #changed(node: string, status: NodeStatus): void {
    const change = { node, state: status.state, reason: reasonOf(status) };
    for (const listener of this.#listeners) listener(change);
  }
}

type StateOf = (node: string) => RunState | Promise<RunState>;

const openedStates =
  ({ runtime }: OpenedRuntime): StateOf =>
  async (node) => {
    const status = await runtime.state(node);
    return { state: status.state, pid: 'pid' in status ? status.pid : null, reason: reasonOf(status) };
  };

const reasonOf = (status: NodeStatus): string => ('reason' in status ? status.reason : '');

const stageNames: Record<BringUpReport['stage'], string> = {
  material: 'Certificates, genesis blocks, packages',
  'start nodes': 'Start nodes',
  'join orderers': 'Orderers join their channels',
  'join peers': 'Peers join their channels',
  'install contracts': 'Install contracts',
  'approve contracts': 'Organizations approve contracts',
  'commit contracts': 'Commit contracts',
  'first calls': 'First call of each contract',
};

/** Stages become steps; what is done in each is its detail, what failed in it a line of the log. */
function stageSteps(progress: TaskProgress, signal: AbortSignal) {
  let items = 0;
  return ({ stage, item, state, ms }: BringUpReport): void => {
    if (item !== undefined) {
      if (state === 'done' || state === 'kept') items += 1;
      // After a cancellation all that was under way fails; that is no news.
      if (state === 'failed' && !signal.aborted) progress.log(`${stageNames[stage]}: ${item} failed`);
      return;
    }
    if (state === 'running') {
      items = 0;
      progress.report({ name: stageNames[stage], state });
      return;
    }
    const detail = state === 'kept' ? 'as it was' : state === 'done' && items > 0 ? `${items} done` : '';
    progress.report({
      name: stageNames[stage],
      state: state === 'failed' ? 'failed' : 'done',
      detail,
      durationMs: ms,
    });
  };
}
