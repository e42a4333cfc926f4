import { readFile } from 'node:fs/promises';
import { peer } from '@hyperledger/fabric-protos';
import type { common } from '@hyperledger/fabric-protos';
import type { NetworkClients } from '../../../network/admin/network-clients';
import type { NodeAddress } from '../../../network/admin/node-connection';
import { packageId } from '../../../network/artifacts/chaincode-package';
import { blockHeader, blockHeaderHash } from '../../../network/protocol/block';
import { ChannelConfig } from '../../../network/protocol/channel-config';
import { formatPolicy } from '../../../network/protocol/policy';
import type { Signer } from '../../../network/protocol/signing';
import type { ContractFunction } from '../../api/contract-models';
import type { ContractStatus } from '../../api/models';
import type { ChannelConfiguration, ChannelReader } from '../../core/ports/fabric';
import { ProblemError } from '../../core/problem';
import type { LocalNetwork } from '../runtime/local-network';
import { functionsOf } from './contract-metadata';
import { policiesInWords } from './policy-words';
import { translated } from './problems';
import { parsedResult } from './transactor';

const ASK_MS = 5_000;
const METADATA = 'org.hyperledger.fabric:GetMetadata';

interface Asked {
  readonly clients: NetworkClients;
  readonly node: NodeAddress;
  readonly admin: Signer;
}

/** What a channel's peers say of it: the first that answers is believed, each asked as its own admin. */
export class FabricChannelReader implements ChannelReader {
  constructor(private readonly network: LocalNetwork) {}

  configuration(channel: string): Promise<ChannelConfiguration> {
    return this.#askAnyPeer(channel, async ({ clients, node, admin }) => {
      const limits = { timeoutMs: ASK_MS };
      const [config, genesis] = await Promise.all([
        clients.channels.channelConfig(node, admin, channel, limits),
        clients.ledger.blockByNumber(node, admin, channel, 0, limits),
      ]);
      return configurationOf(channel, config, genesis);
    });
  }

  definition(channel: string, contract: string): Promise<ContractStatus['committed']> {
    return this.#askAnyPeer(channel, async ({ clients, node, admin }) => {
      const found = await clients.lifecycle.queryCommitted(node, admin, channel, contract, {
        timeoutMs: ASK_MS,
      });
      if (!found) return null;
      return {
        version: found.version,
        sequence: String(found.sequence),
        endorsement: endorsementInWords(found.validationParameter),
        approvals: { ...found.approvals },
      };
    });
  }

  async functions(channel: string, contract: string): Promise<ContractFunction[] | undefined> {
    const clients = await this.network.clients();
    const organizations = new Map(
      clients.directory.peersOfChannel(channel).map((node) => [node.mspId, node.name]),
    );
    let failure: unknown;
    for (const node of organizations.values()) {
      try {
        const admin = await clients.directory.adminOfNode(node);
        const call = { channelId: channel, contract, functionName: METADATA, args: [] };
        const options = { timeouts: { evaluate: ASK_MS } };
        const { result } = await translated(
          { declared: this.network.declared, call: { channel, contract } },
          () => clients.transactions.evaluate(admin, call, options),
        );
        return functionsOf(parsedResult(result));
      } catch (error) {
        failure = error;
        // What the contract itself said, it says to everybody.
        if (!(error instanceof ProblemError) || error.problem.code !== 'NODE_UNAVAILABLE') break;
      }
    }
    throw failure;
  }

  async packageId(contract: string): Promise<string> {
    const { label, packageFile } = this.network.material.contract(contract);
    return packageId(label, await readFile(packageFile));
  }

  async #askAnyPeer<T>(channel: string, ask: (asked: Asked) => Promise<T>): Promise<T> {
    const clients = await this.network.clients();
    let failure: unknown;
    for (const node of clients.directory.peersOfChannel(channel)) {
      try {
        const admin = await clients.directory.adminOfNode(node.name);
        return await translated(this.network, () => ask({ clients, node, admin }));
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }
}

function configurationOf(
  channel: string,
  config: common.Config,
  genesis: common.Block | undefined,
): ChannelConfiguration {
  const parsed = ChannelConfig.fromConfig(channel, config);
  const batch = parsed.batch();
  const capabilities = parsed.capabilities();
  return {
    organizations: parsed.organizations().map(({ name, mspId, anchorPeers }) => ({
      name,
      mspId,
      anchorPeers: anchorPeers.map(({ host, port }) => `${host}:${port}`),
    })),
    ordererEndpoints: [...parsed.ordererEndpoints()],
    blockCutting: {
      batchTimeoutMs: batch.timeoutMs,
      maxMessageCount: batch.maxMessageCount,
      preferredMaxBytes: batch.preferredMaxBytes,
      absoluteMaxBytes: batch.absoluteMaxBytes,
    },
    capabilities: {
      channel: [...capabilities.channel],
      orderer: [...capabilities.orderer],
      application: [...capabilities.application],
    },
    policies: policiesInWords(config),
    genesisHash: genesis ? blockHeaderHash(blockHeader(genesis)).toString('hex') : null,
  };
}

function endorsementInWords(validationParameter: Uint8Array): string {
  const policy = peer.ApplicationPolicy.deserializeBinary(validationParameter);
  const signature = policy.getSignaturePolicy();
  return signature ? formatPolicy(signature) : policy.getChannelConfigPolicyReference();
}
