import { missingForNetwork } from '../testing/city-network';
import { describeOrderers } from '../testing/orderers-suite';
import { missingEngine, missingGenuineImages } from './testing/engine';
import { inContainers } from './testing/in-containers';

for (const { count, spare } of [
  { count: 'three', spare: 1 },
  { count: 'five', spare: 2 },
]) {
  describeOrderers({
    title: `${count} genuine orderers in containers`,
    file: `${count}-orderers.yaml`,
    spare,
    missing: async () =>
      missingForNetwork(false) ?? (await missingEngine()) ?? (await missingGenuineImages()),
    open: inContainers({ images: 'genuine' }),
  });
}
