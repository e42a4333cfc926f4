import type { DockerSettings } from '../../../topology/schema';
import { programsFolder } from '../../testing/city-network';
import type { OpenNetwork } from '../../testing/city-network';
import { openDockerNetwork } from '../open-network';
import type { Engine } from '../engine';
import { localEngine } from './engine';

/** Nodes in containers, with settings of its own; by another way to the engine than this machine's where one is named. */
export const inContainers =
  (changes: Partial<DockerSettings>, findEngine: () => Promise<Engine> = localEngine): OpenNetwork =>
  async (topology, root) => {
    const wanted = { ...topology, docker: { ...topology.docker, ...changes } };
    const name = root.split('-').at(-1)?.toLowerCase() ?? 'test';
    return openDockerNetwork(await findEngine(), wanted, name, root, {
      programs: { programsFolder },
      onProgress: () => undefined,
    });
  };
