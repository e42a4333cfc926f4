import type { ContractDetail, ContractStatus } from '../../api/models';
import type { ChannelReader } from '../ports/fabric';
import type { DeclaredNetwork, NetworkHost } from '../ports/network-host';
import { problem, ProblemError } from '../problem';

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
    return { ...status, ...(await this.#functions(status)) };
  }

  /** A contract that describes nothing, or doesn't answer now, can be called all the same: the reason is told. */
  async #functions({
    name,
    channel,
    committed,
  }: ContractStatus): Promise<Pick<ContractDetail, 'functions' | 'noFunctions'>> {
    if (!committed) return { functions: null, noFunctions: `${name} is not committed on ${channel} yet.` };
    try {
      const functions = await this.channels.functions(channel, name);
      if (functions) return { functions, noFunctions: null };
      return { functions: null, noFunctions: `${name} answers, but not with metadata.` };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { code, title, detail } = error.problem;
      const silent = code !== 'CONTRACT_REFUSED';
      const said = `${title} ${detail}`.trim();
      return {
        functions: null,
        noFunctions: silent ? said : `${name} has no metadata. Asked for it, it said: ${detail}`,
      };
    }
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

  /** Runs a call; where it could not be endorsed because the channel has no such contract, says that. */
  async explained<T>(call: { channel: string; contract: string }, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const declared = this.host.declared().contracts.filter(({ channel }) => channel === call.channel);
      const unknown = !declared.some(({ name }) => name === call.contract);
      if (!unknown || !(error instanceof ProblemError) || error.problem.code !== 'ENDORSEMENT_FAILED')
        throw error;
      throw problem('UNKNOWN_CONTRACT', {
        title: `There is no contract ${call.contract} on ${call.channel}.`,
        detail: error.problem.detail,
        hint: `Its contracts: ${declared.map(({ name }) => name).join(', ') || 'none'}. \`cityflow contracts list\` shows all.`,
        sources: error.problem.sources,
        transactionId: error.problem.transactionId,
        cause: error,
      });
    }
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
