import { asProcesses, missingForNetwork } from '../testing/city-network';
import { describeOrderers } from '../testing/orderers-suite';

for (const { count, spare } of [
  { count: 'three', spare: 1 },
  { count: 'five', spare: 2 },
]) {
  describeOrderers({
    title: `${count} genuine orderers as processes`,
    file: `${count}-orderers.yaml`,
    spare,
    missing: () => Promise.resolve(missingForNetwork(true)),
    open: asProcesses(() => true),
  });
}
