import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { bringUp } from '../../../network/runtime/bring-up';
import type { BringUpReport } from '../../../network/runtime/bring-up-progress';
import { programOfData } from '../../../network/runtime/data-origin';
import type { NetworkRuntime, NodeStatus } from '../../../network/runtime/network-runtime';
import { openProcessNetwork } from '../../../network/runtime/process/open-network';
import { endLeftovers } from '../../../network/runtime/process/process-runtime';
import { nodes } from '../../../network/topology/views';
import type { RuntimeName } from '../../api/models';
import type {
  LogEvent,
  LogRange,
  NetworkHost,
  NodeProcess,
  NodeProcessChange,
  UpOptions,
} from '../../core/ports/network-host';
import { problem } from '../../core/problem';
import { requireNode } from '../../core/services/network-status';
import type { TaskProgress } from '../../core/tasks';
import type { LocalNetwork } from './local-network';
import { runtimeProblem } from './problems';

/** What belongs to the supervisor itself and goes when it ends. */
const OWN_FILES = ['supervisor.lock', 'supervisor.sock'];

/** The network as processes of this machine: embedded nodes, genuine ones, or both. */
export class ProcessHost implements NetworkHost {
  readonly #listeners = new Set<(change: NodeProcessChange) => void>();
  #opened: { readonly runtime: NetworkRuntime; readonly genuine: ReadonlySet<string> } | undefined;

  constructor(private readonly network: LocalNetwork) {}

  declared = () => this.network.declared;

  async runtime(): Promise<RuntimeName | null> {
    const programs = await this.#programsOfData();
    if (programs.every((program) => program === undefined)) return null;
    return programs.every((program) => program === 'genuine') ? 'native' : 'embedded';
  }

  async up(options: UpOptions, progress: TaskProgress, signal: AbortSignal): Promise<void> {
    try {
      const genuine = await this.#chooseGenuine(options);
      this.#refuseOrderers(genuine);
      await progress.step('Certificates, genesis blocks, packages', async () => {
        try {
          await this.#open(genuine, progress);
        } catch (error) {
          throw runtimeProblem(error, this.network);
        }
      });
      const { runtime } = this.#requireOpened();
      await bringUp(
        {
          material: this.network.material,
          folder: this.network.folder,
          runtime,
          clients: await this.network.clients(),
        },
        { progress: stageSteps(progress, signal), signal },
      );
    } catch (error) {
      throw runtimeProblem(error, this.network);
    }
  }

  async down(): Promise<number> {
    if (!this.#opened) return endLeftovers(this.network.folder);
    const running = (await this.processes()).filter(
      ({ state }) => state === 'running' || state === 'starting',
    );
    await this.network.disconnect();
    await this.#opened.runtime.stopAll();
    await this.#opened.runtime.close();
    this.#opened = undefined;
    return running.length;
  }

  async purge(): Promise<string[]> {
    const root = this.network.location.folder;
    const entries = (await readdir(root)).filter((name) => !OWN_FILES.includes(name));
    const doomed = entries.sort().map((name) => path.join(root, name));
    for (const entry of doomed) await rm(entry, { recursive: true, force: true });
    return doomed;
  }

  async processes(): Promise<readonly NodeProcess[]> {
    const opened = this.#opened;
    return Promise.all(
      this.network.declared.nodes.map(async ({ name, role }): Promise<NodeProcess> => {
        const program = role === 'contract' ? 'contract' : opened?.genuine.has(name) ? 'genuine' : 'embedded';
        const known = { name, program } as const;
        if (!opened) {
          return { ...known, state: 'stopped', pid: null, reason: '', cpuPercent: null, residentBytes: null };
        }
        const [status, stats] = await Promise.all([opened.runtime.state(name), opened.runtime.stats(name)]);
        return {
          ...known,
          state: status.state,
          pid: 'pid' in status ? status.pid : null,
          reason: reasonOf(status),
          cpuPercent: stats?.cpuPercent ?? null,
          residentBytes: stats?.residentBytes ?? null,
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

  async *logs(node: string, range: LogRange, signal: AbortSignal): AsyncGenerator<LogEvent> {
    const { LogReader } = await import('../../../network/runtime/process/log-reader');
    yield* new LogReader(this.network.folder.log(node)).lines({ ...range, signal });
  }

  async close(): Promise<void> {
    await this.#opened?.runtime.close();
    await this.network.disconnect();
  }

  async #onNode(change: (runtime: NetworkRuntime) => Promise<void>): Promise<void> {
    try {
      await change(this.#requireOpened().runtime);
    } catch (error) {
      throw runtimeProblem(error, this.network);
    }
  }

  #requireOpened() {
    if (this.#opened) return this.#opened;
    throw problem('NETWORK_NOT_RUNNING', {
      title: `The network ${this.network.declared.name} is not running.`,
      hint: 'Run `cityflow up`; it starts all nodes.',
      retryable: true,
    });
  }

  async #open(genuine: ReadonlySet<string>, progress: TaskProgress): Promise<void> {
    if (this.#opened && sameSet(this.#opened.genuine, genuine)) return;
    if (this.#opened) {
      throw problem('NETWORK_BUSY', {
        title: 'The network runs with other programs already.',
        detail: `Genuine nodes now: ${[...this.#opened.genuine].join(', ') || 'none'}.`,
        hint: 'Stop it with `cityflow down` first.',
      });
    }
    const { runtime, notes } = await openProcessNetwork(this.network.topology, this.network.location.folder, {
      programsFolder: this.network.location.programs,
      isGenuine: (node) => genuine.has(node),
      variables: process.env,
    });
    // Only now: a topology that the network refused must not stand in its folder for the next command.
    await this.network.keepTopology();
    for (const note of notes) progress.log(note);
    await this.network.disconnect();
    this.#opened = { runtime, genuine };
    runtime.onChange(({ node, status }) => this.#changed(node, status));
    // Nodes that an earlier supervisor left running are news here.
    for (const { name } of runtime.nodes()) {
      const status = await runtime.state(name);
      if (status.state === 'running') this.#changed(name, status);
    }
  }

  #changed(node: string, status: NodeStatus): void {
    const change = { node, state: status.state, reason: reasonOf(status) };
    for (const listener of this.#listeners) listener(change);
  }

  /** Which nodes run the genuine program: as asked for, else as their data says. */
  async #chooseGenuine({ runtime, native }: UpOptions): Promise<ReadonlySet<string>> {
    const all = nodes(this.network.topology).map(({ name }) => name);
    if (runtime === 'native') return new Set(all);
    if (runtime === undefined && native.length === 0) {
      const programs = await this.#programsOfData();
      return new Set(all.filter((_name, index) => programs[index] === 'genuine'));
    }
    return new Set(native.map((name) => requireNode(this.network.declared, name).name));
  }

  /** Before anything is made: genesis blocks that name several orderers would bind the network to them for good. */
  #refuseOrderers(genuine: ReadonlySet<string>): void {
    const orderers = nodes(this.network.topology).filter(({ role }) => role === 'orderer');
    const embedded = orderers.filter(({ name }) => !genuine.has(name));
    if (orderers.length < 2 || embedded.length === 0) return;
    throw problem('TOPOLOGY_INVALID', {
      title: `The topology has ${orderers.length} orderers, and an embedded orderer orders alone.`,
      detail: `Embedded would be: ${embedded.map(({ name }) => name).join(', ')}. Nothing was changed.`,
      hint: 'Leave one orderer in the topology, or let genuine programs order: `--runtime native`.',
    });
  }

  #programsOfData() {
    return Promise.all(
      nodes(this.network.topology).map(({ name }) =>
        programOfData(this.network.folder, name).catch(() => undefined),
      ),
    );
  }
}

const reasonOf = (status: NodeStatus): string => ('reason' in status ? status.reason : '');

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((value) => b.has(value));

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
