import type { ContractDetail, ContractStatus } from '../../api/models';
import type { ChannelReader } from '../ports/fabric';
import type { DeclaredNetwork, NetworkHost } from '../ports/network-host';
import { problem } from '../problem';

type Declared = DeclaredNetwork['contracts'][number];

/** Contracts as declared beside what the channel has committed. */
export class ContractsService {
  constructor(
    private readonly host: NetworkHost,
    private readonly channels: ChannelReader,
  ) {}

  list(): Promise<ContractStatus[]> {
    return Promise.all(this.host.declared().contracts.map((contract) => this.#status(contract)));
  }

  async show(name: string): Promise<ContractDetail> {
    const contract = this.require(name);
    const status = await this.#status(contract);
    const functions = status.committed
      ? await this.channels.functions(contract.channel, contract.name)
      : null;
    return { ...status, functions };
  }

  async status(name: string): Promise<ContractStatus> {
    return this.#status(this.require(name));
  }

  require(name: string): Declared {
    const contracts = this.host.declared().contracts;
    const contract = contracts.find((candidate) => candidate.name === name);
    if (contract) return contract;
    throw problem('UNKNOWN_CONTRACT', {
      title: `There is no contract ${name}.`,
      hint: `The contracts: ${contracts.map((candidate) => candidate.name).join(', ')}.`,
    });
  }

  async #status(contract: Declared): Promise<ContractStatus> {
    return {
      name: contract.name,
      channel: contract.channel,
      declared: {
        version: contract.version,
        sequence: String(contract.sequence),
        endorsement: contract.endorsement,
      },
      committed: await this.channels.definition(contract.channel, contract.name),
      packageId: await this.channels.packageId(contract.name),
      address: contract.address,
    };
  }
}
