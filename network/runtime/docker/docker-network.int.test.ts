import type { DockerSettings } from '../../topology/schema';
import { missingForNetwork, programsFolder } from '../testing/city-network';
import type { OpenNetwork } from '../testing/city-network';
import { describeNetwork } from '../testing/network-suite';
import { openDockerNetwork } from './open-network';
import { localEngine, missingEngine, missingGenuineImages } from './testing/engine';

const inContainers =
  (changes: Partial<DockerSettings>): OpenNetwork =>
  async (topology, root) => {
    const wanted = { ...topology, docker: { ...topology.docker, ...changes } };
    const name = root.split('-').at(-1)?.toLowerCase() ?? 'test';
    return openDockerNetwork(await localEngine(), wanted, name, root, {
      programs: { programsFolder },
      onProgress: () => undefined,
    });
  };

const kinds = [
  { title: 'nine genuine nodes in containers', images: 'genuine', contracts: 'container' },
  { title: 'nine embedded nodes in containers', images: 'embedded', contracts: 'container' },
  {
    title: 'nine embedded nodes in containers, contracts beside them',
    images: 'embedded',
    contracts: 'process',
  },
] as const;

for (const { title, images, contracts } of kinds) {
  describeNetwork({
    title,
    missing: async () =>
      missingForNetwork(false) ??
      (await missingEngine()) ??
      (images === 'genuine' ? await missingGenuineImages() : undefined),
    open: inContainers({ images, contracts }),
    missingOther: missingGenuineImages,
    openOther: inContainers({ images: images === 'genuine' ? 'embedded' : 'genuine', contracts }),
    outlivesSupervisor: true,
  });
}
