import { openProcessNetwork } from '../../../network/runtime/process/open-network';
import { endLeftovers } from '../../../network/runtime/process/process-runtime';
import { programOfData } from '../../../network/runtime/data-origin';
import { nodes } from '../../../network/topology/views';
import type { RuntimeName } from '../../api/models';
import type { UpOptions } from '../../core/ports/network-host';
import { problem } from '../../core/problem';
import { requireNode } from '../../core/services/network-status';
import type { TaskProgress } from '../../core/tasks';
import type { LocalNetwork } from './local-network';
import type { OpenedRuntime, RuntimeOpener } from './opened-runtime';
import { runtimeProblem } from './problems';

/** Nodes as processes of this machine: embedded, genuine, or both. */
export class ProcessOpener implements RuntimeOpener {
  #genuine: ReadonlySet<string> = new Set();

  constructor(private readonly network: LocalNetwork) {}

  /** The runtime its ledgers belong to; null before the first start. */
  async runtime(): Promise<Exclude<RuntimeName, 'docker'> | null> {
    const programs = await this.#programsOfData();
    if (programs.every((program) => program === undefined)) return null;
    return programs.every((program) => program === 'genuine') ? 'native' : 'embedded';
  }

  async programs(options: UpOptions): Promise<string> {
    const genuine = await this.#chooseGenuine(options);
    this.#refuseOrderers(genuine);
    return inWords(genuine);
  }

  async open(options: UpOptions, progress: TaskProgress): Promise<OpenedRuntime> {
    const genuine = await this.#chooseGenuine(options);
    this.#refuseOrderers(genuine);
    return progress.step('Certificates, genesis blocks, packages', async () => {
      try {
        const { runtime, notes } = await openProcessNetwork(
          this.network.topology,
          this.network.location.folder,
          {
            programsFolder: this.network.location.programs,
            isGenuine: (node) => genuine.has(node),
            variables: process.env,
          },
        );
        for (const note of notes) progress.log(note);
        this.#genuine = genuine;
        const name = nodes(this.network.topology).every((node) => genuine.has(node.name))
          ? 'native'
          : 'embedded';
        return { name, runtime, programs: inWords(genuine) };
      } catch (error) {
        throw runtimeProblem(error, this.network);
      }
    });
  }

  programOf = (node: string) => (this.#genuine.has(node) ? 'genuine' : 'embedded');
  /** Nodes whose supervisor has gone end by themselves, or are taken over by the next start. */
  found = () => Promise.resolve(new Map());
  endFound = () => endLeftovers(this.network.folder);
  belongings = () => Promise.resolve([]);
  purge = this.belongings;

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

const inWords = (genuine: ReadonlySet<string>): string =>
  `Genuine nodes now: ${[...genuine].sort().join(', ') || 'none'}.`;
