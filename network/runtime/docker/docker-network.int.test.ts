import { missingForNetwork } from '../testing/city-network';
import { describeNetwork } from '../testing/network-suite';
import { missingEngine, missingGenuineImages } from './testing/engine';
import { inContainers } from './testing/in-containers';

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
