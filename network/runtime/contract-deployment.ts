import type { ChaincodeDefinition } from '../admin/chaincode-definition';
import type { LifecycleTransaction } from '../admin/lifecycle';
import type { NetworkClients } from '../admin/network-clients';
import type { CallLimits } from '../admin/node-connection';
import { readChaincodePackage, type ChaincodePackage } from '../artifacts/chaincode-package';
import type { MaterialPaths } from '../artifacts/paths';
import type { Contract } from '../topology/schema';
import { channelsOf, contractsOf, membersOf, type TopologyPeer } from '../topology/views';
import { untilCaughtUp } from './ledger-heights';

/** The definition organizations approve for a contract of the topology. */
export function definitionOf(contract: Contract): ChaincodeDefinition {
  const { name, version, sequence, endorsement, collections } = contract;
  return { name, version, sequence, endorsementPolicy: endorsement, collections };
}

/** Gets the contracts of a topology onto their channels. Every step does what is missing and says whether it did. */
export class ContractDeployment {
  readonly #limits: CallLimits;
  /** Contracts that were found committed as declared. */
  readonly #committed = new Set<string>();
  readonly #packages = new Map<string, Promise<ChaincodePackage>>();

  constructor(
    private readonly clients: NetworkClients,
    private readonly material: MaterialPaths,
    signal?: AbortSignal,
  ) {
    this.#limits = signal ? { signal } : {};
  }

  /** Installs on one peer the packages of its channels' contracts. */
  async install(peer: TopologyPeer): Promise<boolean> {
    const { directory, lifecycle } = this.clients;
    const { topology } = directory;
    const node = directory.node(peer.name);
    const admin = await directory.admin(peer.organization);
    const wanted = await Promise.all(
      channelsOf(topology, peer.organization)
        .flatMap(({ name }) => contractsOf(topology, name))
        .map((contract) => this.#package(contract)),
    );
    const installed = new Set(
      (await lifecycle.queryInstalled(node, admin, this.#limits)).map(({ packageId }) => packageId),
    );
    const missing = wanted.filter(({ packageId }) => !installed.has(packageId));
    await Promise.all(
      missing.map(({ bytes, packageId }) => lifecycle.install(node, admin, bytes, packageId, this.#limits)),
    );
    return missing.length > 0;
  }

  /**
   * Every member approves, all at the same time: their approvals share a block instead of waiting for one each.
   * A definition that is committed needs no approvals any more.
   */
  async approve(contract: Contract): Promise<boolean> {
    const { directory, lifecycle } = this.clients;
    if (await this.#isCommitted(contract)) return false;
    // Peers of one organization have to agree on what they endorse.
    await untilCaughtUp(
      this.clients,
      contract.channel,
      directory.peersOfChannel(contract.channel),
      this.#limits.signal,
    );
    const { packageId } = await this.#package(contract);
    const approved = await Promise.all(
      membersOf(directory.topology, contract.channel).map(async (organization) => {
        const transaction = await this.#transaction(contract, organization.name);
        const peers = directory.peersOf(organization.name);
        return lifecycle.approve({ ...transaction, peers, packageId }, this.#limits);
      }),
    );
    return approved.some((result) => result !== undefined);
  }

  /** The organization that answers for the contract commits it, endorsed by one peer of each member. */
  async commit(contract: Contract): Promise<boolean> {
    const { directory, lifecycle } = this.clients;
    if (this.#committed.has(contract.name)) return false;
    const endorsers = membersOf(directory.topology, contract.channel).flatMap((organization) =>
      directory.peersOf(organization.name).slice(0, 1),
    );
    const transaction = await this.#transaction(contract, contract.owner);
    return (await lifecycle.commit({ ...transaction, endorsers }, this.#limits)) !== undefined;
  }

  async #isCommitted(contract: Contract): Promise<boolean> {
    const { directory, lifecycle } = this.clients;
    const [peer] = directory.peersOf(contract.owner);
    if (!peer) return false;
    await untilCaughtUp(this.clients, contract.channel, [peer], this.#limits.signal);
    const admin = await directory.admin(contract.owner);
    const committed = await lifecycle.isCommitted(
      peer,
      admin,
      contract.channel,
      definitionOf(contract),
      this.#limits,
    );
    if (committed) this.#committed.add(contract.name);
    return committed;
  }

  async #transaction(contract: Contract, organization: string): Promise<LifecycleTransaction> {
    const { directory } = this.clients;
    return {
      channelId: contract.channel,
      definition: definitionOf(contract),
      admin: await directory.admin(organization),
      orderers: directory.orderers(),
      observers: directory.peersOfChannel(contract.channel),
    };
  }

  #package(contract: Contract): Promise<ChaincodePackage> {
    let known = this.#packages.get(contract.name);
    if (!known) {
      known = readChaincodePackage(this.material.contract(contract.name));
      this.#packages.set(contract.name, known);
    }
    return known;
  }
}
