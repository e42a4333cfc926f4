import { ContractDeployment } from '../../../network/runtime/contract-deployment';
import { firstCalls } from '../../../network/runtime/first-calls';
import { contractByName, peersOfChannel } from '../../../network/topology/views';
import type { ContractDeployer } from '../../core/ports/fabric';
import type { TaskProgress } from '../../core/tasks';
import type { LocalNetwork } from '../runtime/local-network';
import { translated } from './problems';

/** Gets a contract's declared definition onto its channel; does only what is missing. */
export class FabricContractDeployer implements ContractDeployer {
  constructor(private readonly network: LocalNetwork) {}

  deploy(name: string, progress: TaskProgress, signal: AbortSignal): Promise<void> {
    return translated(this.network, async () => {
      const contract = contractByName(this.network.topology, name);
      const clients = await this.network.clients();
      const deployment = new ContractDeployment(clients, this.network.material, signal);
      await progress.step(`Install ${name}`, () =>
        Promise.all(
          peersOfChannel(this.network.topology, contract.channel).map((peer) => deployment.install(peer)),
        ),
      );
      await progress.step(`Approve ${name}`, () => deployment.approve(contract));
      await progress.step(`Commit ${name}`, () => deployment.commit(contract));
      await progress.step(`First call of ${name}`, () => firstCalls(clients, contract, signal));
    });
  }
}
