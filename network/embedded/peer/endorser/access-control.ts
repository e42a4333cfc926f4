import type { peer } from '@hyperledger/fabric-protos';
import type { Msp } from '../../../protocol/msp';
import { rolePrincipal } from '../../../protocol/principal';
import { parseSignedProposal } from '../../../protocol/proposal';
import type { PeerChannel } from '../channel';
import { messageOf } from '../../../protocol/cause';

const READERS = '/Channel/Application/Readers';
const WRITERS = '/Channel/Application/Writers';

/** Resources that concern the peer: decided by its own MSP, never by a channel (defaultaclprovider.go pResourcePolicyMap). */
const PEER_RESOURCES: ReadonlyMap<string, 'Admins' | 'Members'> = new Map([
  ['_lifecycle/InstallChaincode', 'Admins'],
  ['_lifecycle/QueryInstalledChaincode', 'Admins'],
  ['_lifecycle/GetInstalledChaincodePackage', 'Admins'],
  ['_lifecycle/QueryInstalledChaincodes', 'Admins'],
  ['_lifecycle/ApproveChaincodeDefinitionForMyOrg', 'Admins'],
  ['_lifecycle/QueryApprovedChaincodeDefinition', 'Admins'],
  ['snapshot/submitrequest', 'Admins'],
  ['snapshot/cancelrequest', 'Admins'],
  ['snapshot/listpending', 'Admins'],
  ['cscc/JoinChain', 'Admins'],
  ['cscc/JoinChainBySnapshot', 'Admins'],
  ['cscc/JoinBySnapshotStatus', 'Admins'],
  ['cscc/GetChannels', 'Members'],
]);

/** Resources of a channel with the policy that holds unless the channel's configuration names another. */
const CHANNEL_RESOURCES: ReadonlyMap<string, string> = new Map([
  ['_lifecycle/CommitChaincodeDefinition', WRITERS],
  ['_lifecycle/QueryChaincodeDefinition', WRITERS],
  ['_lifecycle/QueryChaincodeDefinitions', WRITERS],
  ['_lifecycle/CheckCommitReadiness', WRITERS],
  ['qscc/GetChainInfo', READERS],
  ['qscc/GetBlockByNumber', READERS],
  ['qscc/GetBlockByHash', READERS],
  ['qscc/GetTransactionByID', READERS],
  ['qscc/GetBlockByTxID', READERS],
  ['cscc/GetConfigBlock', READERS],
  ['cscc/GetChannelConfig', READERS],
  ['peer/Propose', WRITERS],
  ['peer/ChaincodeToChaincode', WRITERS],
  ['event/Block', READERS],
  ['event/FilteredBlock', READERS],
  ['gateway/CommitStatus', READERS],
  ['gateway/ChaincodeEvents', READERS],
]);

/** Bytes, who signed them (serialized identity) and the signature. */
export interface SignedData {
  readonly identity: Uint8Array;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/** Who may use which resource (core/aclmgmt, core/policy); error texts are from there. */
export class AccessControl {
  readonly #localMsp: Msp;
  readonly #channel: (channelId: string) => PeerChannel | undefined;

  constructor(localMsp: Msp, channel: (channelId: string) => PeerChannel | undefined) {
    this.#localMsp = localMsp;
    this.#channel = channel;
  }

  /** Throws unless the proposal's creator may use the resource. The channel id is ignored for the peer's own resources. */
  check(resource: string, channelId: string, proposal: peer.SignedProposal): void {
    const { creator, proposalBytes, signature } = parseSignedProposal(proposal);
    const signed = { identity: creator, data: proposalBytes, signature };
    const peerPolicy = PEER_RESOURCES.get(resource);
    if (peerPolicy !== undefined) {
      this.#checkLocal(peerPolicy, signed);
      return;
    }
    this.#checkChannel(resource, channelId, signed);
  }

  /** As check, of a resource of a channel, for a request that is signed but no proposal. */
  checkSigned(resource: string, channelId: string, signed: SignedData): void {
    if (channelId === '') {
      throw new Error(
        'Invalid channel ID name during check policy on signed data. Name must be different from nil.',
      );
    }
    this.#checkChannel(resource, channelId, signed);
  }

  #checkChannel(resource: string, channelId: string, signed: SignedData): void {
    const override = channelId === '' ? '' : this.#channel(channelId)?.config().acls().get(resource);
    if (override) this.#checkOverride(channelId, absolutePath(override), signed);
    else this.#checkDefault(resource, channelId, signed);
  }

  #checkLocal(policy: 'Admins' | 'Members', signed: SignedData): void {
    const during = `during channelless check policy with policy [${policy}]`;
    let creator;
    try {
      creator = this.#localMsp.deserializeIdentity(signed.identity);
    } catch (cause) {
      throw new Error(`Failed deserializing proposal creator ${during}: [${messageOf(cause)}]`, { cause });
    }
    try {
      creator.checkPrincipal(rolePrincipal(this.#localMsp.mspId, policy === 'Admins' ? 'admin' : 'member'));
    } catch (cause) {
      throw new Error(
        `Failed verifying that proposal's creator satisfies local MSP principal ${during}: [${messageOf(cause)}]`,
        { cause },
      );
    }
    if (!creator.verify(signed.data, signed.signature)) throw new Error('The signature is invalid');
  }

  #checkOverride(channelId: string, policy: string, signed: SignedData): void {
    const { satisfied, message } = this.#policy(channelId, policy).evaluate([signed]);
    if (!satisfied) {
      throw new Error(
        `failed evaluating policy on signed data during check policy [${policy}]: [${message}]`,
      );
    }
  }

  #checkDefault(resource: string, channelId: string, signed: SignedData): void {
    const policy = CHANNEL_RESOURCES.get(resource);
    if (policy === undefined) throw new Error(`Unmapped policy for ${resource}`);
    if (channelId === '') {
      // A channel policy without a channel: genuine peers look for a role of that name in their own MSP.
      throw new Error(
        `Failed getting local MSP principal during channelless check policy with policy [${policy}]: [MSP Principal role [${policy}] not recognized]`,
      );
    }
    const { satisfied, message } = this.#policy(channelId, policy).evaluate([signed]);
    if (!satisfied) {
      throw new Error(
        `Failed evaluating policy on signed data during check policy on channel [${channelId}] with policy [${policy}]: [${message}]`,
      );
    }
  }

  #policy(channelId: string, policy: string): ReturnType<ReturnType<PeerChannel['config']>['policy']> {
    const channel = this.#channel(channelId);
    if (channel === undefined) throw new Error(`Failed to get policy manager for channel [${channelId}]`);
    return channel.config().policy(policy);
  }
}

/** An ACL names a policy by its path, or one of the application group by its name (common/channelconfig/api.go). */
function absolutePath(reference: string): string {
  return reference.startsWith('/') ? reference : `/Channel/Application/${reference}`;
}
