import { peer } from '@hyperledger/fabric-protos';
import { createTransactionEnvelope } from '../protocol/proposal';
import type { Signer } from '../protocol/signing';
import {
  approveArgs,
  commitArgs,
  differences,
  readinessArgs,
  reported,
  type ApprovedDefinition,
  type ChaincodeDefinition,
  type CommittedDefinition,
} from './chaincode-definition';
import { signProposal, type ChaincodeCall, type EndorserClient } from './endorser-client';
import { ChaincodeResponseError } from './errors';
import type { CallLimits, NodeAddress } from './node-connection';
import type { TransactionSubmission } from './transaction-submission';

const { lifecycle } = peer;

export interface InstalledPackage {
  readonly packageId: string;
  readonly label: string;
  /** Channel → definitions there that run this package. */
  readonly references: Readonly<
    Record<string, readonly { readonly name: string; readonly version: string }[]>
  >;
}

/** A definition of this sequence is committed already, and it is another one. */
export class DefinitionConflictError extends Error {
  constructor(
    readonly channelId: string,
    readonly definition: ChaincodeDefinition,
    readonly found: readonly string[],
  ) {
    super(
      `${definition.name} on ${channelId} is already committed with sequence ${definition.sequence} and has ` +
        `${found.join(', ')}: give the new definition sequence ${definition.sequence + 1}`,
    );
    this.name = 'DefinitionConflictError';
  }
}

/** Who takes part in a lifecycle transaction. */
export interface LifecycleTransaction {
  readonly channelId: string;
  readonly definition: ChaincodeDefinition;
  /** Admin of the organization that sends it. */
  readonly admin: Signer;
  readonly orderers: readonly NodeAddress[];
  /** Peers that have to have committed it before the call returns. */
  readonly observers: readonly NodeAddress[];
}

/**
 * The chaincode lifecycle (core/chaincode/lifecycle/scc.go), as `peer lifecycle chaincode`. Each call that changes
 * something finds out first whether it is done already, and says so.
 */
export class Lifecycle {
  constructor(
    private readonly endorser: EndorserClient,
    private readonly submission: TransactionSubmission,
  ) {}

  /**
   * Installs a package on one peer.
   * @param admin admin of the peer's organization
   * @param packageBytes what `peer lifecycle chaincode package` makes (tar.gz)
   * @returns whether it was installed now
   */
  async install(
    node: NodeAddress,
    admin: Signer,
    packageBytes: Uint8Array,
    packageId: string,
    limits: CallLimits = {},
  ): Promise<boolean> {
    const args = new lifecycle.InstallChaincodeArgs();
    args.setChaincodeInstallPackage(packageBytes);
    // A genuine peer runs its external builders now: `chaincode.installTimeout` is 300 s.
    const patient = { timeoutMs: 300_000, ...limits };
    try {
      const payload = await this.#call(node, admin, '', 'InstallChaincode', args.serializeBinary(), patient);
      const installed = lifecycle.InstallChaincodeResult.deserializeBinary(payload).getPackageId();
      if (installed === packageId) return true;
      throw new Error(`${node.name} installed ${installed} although the package is ${packageId}`);
    } catch (error) {
      const already = 'already successfully installed';
      if (error instanceof ChaincodeResponseError && error.chaincodeMessage.includes(already)) return false;
      throw error;
    }
  }

  async queryInstalled(node: NodeAddress, admin: Signer, limits?: CallLimits): Promise<InstalledPackage[]> {
    const args = new lifecycle.QueryInstalledChaincodesArgs().serializeBinary();
    const payload = await this.#call(node, admin, '', 'QueryInstalledChaincodes', args, limits);
    return lifecycle.QueryInstalledChaincodesResult.deserializeBinary(payload)
      .getInstalledChaincodesList()
      .map((installed) => ({
        packageId: installed.getPackageId(),
        label: installed.getLabel(),
        references: Object.fromEntries(
          installed
            .getReferencesMap()
            .toArray()
            .map(([channelId]) => [
              channelId,
              (installed.getReferencesMap().get(channelId)?.getChaincodesList() ?? []).map((chaincode) => ({
                name: chaincode.getName(),
                version: chaincode.getVersion(),
              })),
            ]),
        ),
      }));
  }

  /**
   * Approves a definition for the admin's organization and waits until all observers have committed it.
   * @param peers EVERY peer of the organization: an approval is private data of the organization, and a peer that
   *   didn't endorse it would wait for it up to a minute when it commits the block (pvtData.pullRetryThreshold)
   * @returns transaction id and block, or undefined when it was approved (or committed) already with this package
   * @throws DefinitionConflictError, ChaincodeResponseError, NodeCallError, BroadcastError, TransactionInvalidError,
   *   CommitUnknownError
   */
  async approve(
    transaction: LifecycleTransaction & {
      readonly peers: readonly NodeAddress[];
      readonly packageId?: string;
    },
    limits?: CallLimits,
  ): Promise<{ transactionId: string; blockNumber: number } | undefined> {
    const { channelId, definition, admin, peers, packageId } = transaction;
    if (await this.#approvedEverywhere(transaction, limits)) return undefined;
    const args = approveArgs(definition, packageId);
    const call: ChaincodeCall = {
      channelId,
      chaincode: '_lifecycle',
      args: ['ApproveChaincodeDefinitionForMyOrg', args],
    };
    return this.#transact(transaction, peers, call, admin, limits);
  }

  /** @returns MSP id → whether that organization has approved this definition */
  async checkCommitReadiness(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    definition: ChaincodeDefinition,
    limits?: CallLimits,
  ): Promise<Record<string, boolean>> {
    const args = readinessArgs(definition);
    const payload = await this.#call(node, signer, channelId, 'CheckCommitReadiness', args, limits);
    const approvals = lifecycle.CheckCommitReadinessResult.deserializeBinary(payload).getApprovalsMap();
    return Object.fromEntries(approvals.toArray());
  }

  /**
   * Commits a definition and waits until all observers have committed it.
   * @param endorsers one peer each of enough organizations for /Channel/Application/LifecycleEndorsement
   * @returns transaction id and block, or undefined when this definition was committed already
   * @throws as `approve`
   */
  async commit(
    transaction: LifecycleTransaction & { readonly endorsers: readonly NodeAddress[] },
    limits?: CallLimits,
  ): Promise<{ transactionId: string; blockNumber: number } | undefined> {
    const { channelId, definition, admin, endorsers } = transaction;
    const [endorser] = endorsers;
    if (endorser && (await this.isCommitted(endorser, admin, channelId, definition, limits)))
      return undefined;
    const call: ChaincodeCall = {
      channelId,
      chaincode: '_lifecycle',
      args: ['CommitChaincodeDefinition', commitArgs(definition)],
    };
    return this.#transact(transaction, endorsers, call, admin, limits);
  }

  /**
   * Whether a peer has committed this definition. Definitions are public state: what one peer says holds for all
   * that have come as far.
   * @throws DefinitionConflictError when the sequence is taken by a different definition, or is behind
   */
  async isCommitted(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    definition: ChaincodeDefinition,
    limits?: CallLimits,
  ): Promise<boolean> {
    const committed = await this.queryCommitted(node, signer, channelId, definition.name, limits);
    if (!committed || committed.sequence < definition.sequence) return false;
    if (committed.sequence > definition.sequence) {
      throw new DefinitionConflictError(channelId, definition, [`sequence ${committed.sequence} in force`]);
    }
    const different = differences(definition, committed);
    if (different.length > 0) throw new DefinitionConflictError(channelId, definition, different);
    return true;
  }

  /** @returns the definition in force at this peer, with approvals; undefined when none was ever committed */
  async queryCommitted(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    name: string,
    limits?: CallLimits,
  ): Promise<CommittedDefinition | undefined> {
    const args = new lifecycle.QueryChaincodeDefinitionArgs();
    args.setName(name);
    try {
      const result = lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(
        await this.#call(node, signer, channelId, 'QueryChaincodeDefinition', args.serializeBinary(), limits),
      );
      return { ...reported(name, result), approvals: Object.fromEntries(result.getApprovalsMap().toArray()) };
    } catch (error) {
      if (error instanceof ChaincodeResponseError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** All definitions in force at this peer; a list tells nothing of approvals. */
  async queryAllCommitted(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    limits?: CallLimits,
  ): Promise<Omit<CommittedDefinition, 'approvals'>[]> {
    const args = new lifecycle.QueryChaincodeDefinitionsArgs().serializeBinary();
    const payload = await this.#call(node, signer, channelId, 'QueryChaincodeDefinitions', args, limits);
    return lifecycle.QueryChaincodeDefinitionsResult.deserializeBinary(payload)
      .getChaincodeDefinitionsList()
      .map((definition) => reported(definition.getName(), definition));
  }

  /**
   * What the peer's own organization has approved.
   * @param admin admin of the peer's organization
   * @returns undefined when nothing of that sequence is approved, as far as this peer knows
   */
  async queryApproved(
    node: NodeAddress,
    admin: Signer,
    channelId: string,
    name: string,
    sequence: number,
    limits?: CallLimits,
  ): Promise<ApprovedDefinition | undefined> {
    const args = new lifecycle.QueryApprovedChaincodeDefinitionArgs();
    args.setName(name);
    args.setSequence(sequence);
    try {
      const result = lifecycle.QueryApprovedChaincodeDefinitionResult.deserializeBinary(
        await this.#call(
          node,
          admin,
          channelId,
          'QueryApprovedChaincodeDefinition',
          args.serializeBinary(),
          limits,
        ),
      );
      return { ...reported(name, result), packageId: result.getSource()?.getLocalPackage()?.getPackageId() };
    } catch (error) {
      const nothing = 'could not fetch approved chaincode definition';
      if (error instanceof ChaincodeResponseError && error.chaincodeMessage.includes(nothing))
        return undefined;
      throw error;
    }
  }

  async #approvedEverywhere(
    {
      channelId,
      definition,
      admin,
      peers,
      packageId,
    }: LifecycleTransaction & {
      readonly peers: readonly NodeAddress[];
      readonly packageId?: string;
    },
    limits: CallLimits | undefined,
  ): Promise<boolean> {
    const approved = await Promise.all(
      peers.map((node) =>
        this.queryApproved(node, admin, channelId, definition.name, definition.sequence, limits),
      ),
    );
    return approved.every(
      (found) =>
        found?.packageId === packageId && found !== undefined && differences(definition, found).length === 0,
    );
  }

  async #transact(
    { channelId, orderers, observers }: LifecycleTransaction,
    endorsers: readonly NodeAddress[],
    call: ChaincodeCall,
    signer: Signer,
    limits: CallLimits | undefined,
  ): Promise<{ transactionId: string; blockNumber: number }> {
    const proposal = signProposal(signer, call);
    const responses = await Promise.all(
      endorsers.map((node) => this.endorser.endorse(node, proposal, call, limits)),
    );
    const envelope = createTransactionEnvelope(signer, proposal.proposal, responses);
    await this.submission.broadcast(orderers, envelope, limits);
    const blocks = await Promise.all(
      observers.map((node) => this.submission.waitForCommit(node, signer, channelId, proposal.txId, limits)),
    );
    return { transactionId: proposal.txId, blockNumber: blocks[0] ?? 0 };
  }

  #call(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    functionName: string,
    args: Uint8Array,
    limits: CallLimits | undefined,
  ): Promise<Uint8Array> {
    return this.endorser.query(
      node,
      signer,
      { channelId, chaincode: '_lifecycle', args: [functionName, args] },
      limits,
    );
  }
}
