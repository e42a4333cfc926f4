import type { ChaincodeDefinition } from '../admin/chaincode-definition';
import type { LifecycleTransaction } from '../admin/lifecycle';
import type { NetworkClients } from '../admin/network-clients';
import type { CallLimits } from '../admin/node-connection';
import { readChaincodePackage, type ChaincodePackage } from '../artifacts/chaincode-package';
import type { MaterialPaths } from '../artifacts/paths';
import type { Contract } from '../topology/schema';
import { membersOf, peersOfChannel } from '../topology/views';
import type { ItemReporter } from './bring-up-progress';

/** The definition organizations approve for a contract of the topology. */
export function definitionOf(contract: Contract): ChaincodeDefinition {
  const { name, version, sequence, endorsement, collections } = contract;
  return { name, version, sequence, endorsementPolicy: endorsement, collections };
}

/** Gets the contracts of a topology onto their channels. Every step does what is missing and says whether it did. */
export class ContractDeployment {
  readonly #limits: CallLimits;
  readonly #packages = new Map<string, Promise<ChaincodePackage>>();

  constructor(
    private readonly clients: NetworkClients,
    private readonly material: MaterialPaths,
    signal?: AbortSignal,
  ) {
    this.#limits = signal ? { signal } : {};
  }

  /** Installs the contract's package on every peer of its channel; one report a peer. */
  async install(contract: Contract, item: ItemReporter): Promise<void> {
    const { directory, lifecycle } = this.clients;
    const { bytes, packageId } = await this.#package(contract);
    await Promise.all(
      peersOfChannel(directory.topology, contract.channel).map((peer) =>
        item(`${contract.name} on ${peer.name}`, async () => {
          const admin = await directory.admin(peer.organization);
          return lifecycle.install(directory.node(peer.name), admin, bytes, packageId, this.#limits);
        }),
      ),
    );
  }

  /**
   * Every member approves, all at the same time: their approvals share a block instead of waiting for one each.
   * A definition that is committed needs no approvals any more.
   */
  async approve(contract: Contract): Promise<boolean> {
    const { directory, lifecycle } = this.clients;
    if (await this.#isCommitted(contract)) return false;
    const { packageId } = await this.#package(contract);
    const approved = await Promise.all(
      membersOf(directory.topology, contract.channel).map(async (organization) => {
        const transaction = await this.#transaction(contract, organization.name);
        return lifecycle.approve(
          { ...transaction, peers: directory.peersOf(organization.name), packageId },
          this.#limits,
        );
      }),
    );
    return approved.some((result) => result !== undefined);
  }

  /** The organization that answers for the contract commits it, endorsed by one peer of each member. */
  async commit(contract: Contract): Promise<boolean> {
    const { directory, lifecycle } = this.clients;
    const endorsers = membersOf(directory.topology, contract.channel).flatMap((organization) =>
      directory.peersOf(organization.name).slice(0, 1),
    );
    const transaction = await this.#transaction(contract, contract.owner);
    return (await lifecycle.commit({ ...transaction, endorsers }, this.#limits)) !== undefined;
  }

  async #isCommitted(contract: Contract): Promise<boolean> {
    return this.clients.lifecycle.isCommitted(
      await this.#transaction(contract, contract.owner),
      this.#limits,
    );
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
