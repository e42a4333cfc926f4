import os from 'node:os';
import type { Engine } from '../../../network/runtime/docker/engine';
import { clockWarning } from '../../../network/runtime/docker/engine-clock';
import { readIdentity } from '../../../network/runtime/docker/network-identity';
import { openDockerNetwork } from '../../../network/runtime/docker/open-network';
import { OwnObjects } from '../../../network/runtime/docker/own-objects';
import { ordererNodes } from '../../../network/topology/views';
import type { UpOptions } from '../../core/ports/network-host';
import { problem } from '../../core/problem';
import type { TaskProgress } from '../../core/tasks';
import type { LocalNetwork } from './local-network';
import type { OpenedRuntime, RunState, RuntimeOpener } from './opened-runtime';
import { runtimeProblem } from './problems';

const MATERIAL_STEP = 'Images, certificates, genesis blocks, packages';

/** Nodes as containers of this machine's Docker engine. */
export class DockerOpener implements RuntimeOpener {
  constructor(private readonly network: LocalNetwork) {}

  /** Whether this network has ledgers in containers. */
  async isOwn(): Promise<boolean> {
    return (await readIdentity(this.network.location.folder)) !== undefined;
  }

  async runtime(): Promise<'docker' | null> {
    return (await this.isOwn()) ? 'docker' : null;
  }

  programs(): Promise<string> {
    this.#refuseOrderers();
    return Promise.resolve(`Containers of ${this.network.topology.docker.images} images now.`);
  }

  async open(_options: UpOptions, progress: TaskProgress, signal: AbortSignal): Promise<OpenedRuntime> {
    const programs = await this.programs();
    const { topology, location } = this.network;
    const engine = await this.#step(progress, 'Docker engine', () => localEngine());
    progress.log(
      `Docker ${engine.version} at ${engine.address} (${engine.source}), API ${engine.apiVersion}.`,
    );
    const clock = await clockWarning(engine);
    if (clock !== undefined) progress.log(clock);
    for (const { source, address, reason } of engine.passedOver) {
      progress.log(`Not taken: ${source} (${address}): ${reason}.`);
    }
    const images = new Map<string, string>();
    const { runtime, notes } = await this.#step(progress, MATERIAL_STEP, () =>
      openDockerNetwork(engine, topology, location.network, location.folder, {
        programs: { programsFolder: location.programs },
        signal,
        onProgress: ({ image, detail }) => {
          images.set(image, detail);
          const told = [...images].map(([name, state]) => `${name}: ${state}`).join('; ');
          progress.report({ name: MATERIAL_STEP, state: 'running', detail: told });
        },
      }),
    );
    for (const note of notes) progress.log(note);
    return { name: 'docker', runtime, programs };
  }

  programOf = () => this.network.topology.docker.images;

  async found(): Promise<ReadonlyMap<string, RunState>> {
    const objects = await this.#objects();
    return objects ? objects.states() : new Map();
  }

  async endFound(): Promise<number> {
    return (await (await this.#objects())?.stopAll()) ?? 0;
  }

  async belongings(): Promise<string[]> {
    return ((await (await this.#objects())?.list()) ?? []).map(({ name }) => name);
  }

  async purge(): Promise<string[]> {
    return (await (await this.#objects())?.purge()) ?? [];
  }

  #step<T>(progress: TaskProgress, name: string, work: () => Promise<T>): Promise<T> {
    return progress.step(name, async () => {
      try {
        return await work();
      } catch (error) {
        throw runtimeProblem(error, this.network);
      }
    });
  }

  async #objects(): Promise<OwnObjects | undefined> {
    const identity = await readIdentity(this.network.location.folder);
    return identity && new OwnObjects((await localEngine()).docker, identity);
  }

  #refuseOrderers(): void {
    const orderers = ordererNodes(this.network.topology);
    if (orderers.length < 2 || this.network.topology.docker.images === 'genuine') return;
    throw problem('TOPOLOGY_INVALID', {
      title: `The topology has ${orderers.length} orderers, and an embedded orderer orders alone.`,
      detail: 'Nothing was changed.',
      hint: 'Leave one orderer in the topology, or set `docker: { images: genuine }`.',
    });
  }
}

/** @throws EngineUnavailableError */
export async function localEngine(): Promise<Engine> {
  // The engine's client is large: networks that run as processes do without it.
  const { findEngine } = await import('../../../network/runtime/docker/engine');
  return findEngine({ variables: process.env, homeFolder: os.homedir(), platform: process.platform });
}
