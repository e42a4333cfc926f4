import { asProcesses, missingForNetwork } from '../testing/city-network';
import { describeNetwork } from '../testing/network-suite';

for (const genuine of [true, false]) {
  describeNetwork({
    title: `nine ${genuine ? 'genuine' : 'embedded'} nodes as processes`,
    missing: () => Promise.resolve(missingForNetwork(genuine)),
    open: asProcesses(() => genuine),
    openOther: asProcesses(() => !genuine),
    // Programs of this project don't outlive their supervisor: the next one finds them ended, or ends them.
    outlivesSupervisor: genuine,
  });
}
