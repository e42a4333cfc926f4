import { peer } from '@hyperledger/fabric-protos';
import type { Logger } from '../../node/logging';
import type { PeerChannel, PeerContext } from '../channel';
import type { ChannelMember, ChannelMembers } from '../membership/members';
import { channelNodes, type OrdererEndpoint } from '../services/channel-nodes';
import type { NodeConnections } from '../services/connections';
import type { GatewayEndorser } from './endorser';
import { endorsementRequirements } from './endorsement-policies';
import { endorsementLayouts } from './layouts';
import { EndorsementPlan } from './plan';
import { describeDifference } from './payload-difference';
import { messageOf, unavailable } from './status';

/** The endorser of this very peer. */
export interface LocalEndorser {
  processProposal(signed: peer.SignedProposal): Promise<peer.ProposalResponse>;
}

export interface RegistryDependencies {
  readonly peer: PeerContext;
  readonly endorser: LocalEndorser;
  readonly members: ChannelMembers;
  readonly connections: NodeConnections;
  readonly logger: Logger;
}

const SYSTEM_CHAINCODES = new Set(['_lifecycle', 'lscc', 'cscc', 'qscc']);

/** How long a remote endorser may be silent before this peer looks whether it is there, in milliseconds. */
const SILENCE_MS = 750;

interface Candidate {
  readonly endorser: GatewayEndorser;
  readonly height: number;
  /** It may be hanging: asked last. */
  readonly silent: boolean;
}

/**
 * Which peers and orderers the gateway can turn to for a channel (internal/pkg/gateway/registry.go), from the live
 * membership and the configuration in force.
 */
export class EndorserRegistry {
  constructor(private readonly deps: RegistryDependencies) {}

  hasChannel(channelId: string): boolean {
    return this.deps.peer.channel(channelId) !== undefined;
  }

  /** A single endorsement: peers of the own organization first, the highest of them first of all. Throws when there are none. */
  evaluationPlan(channelId: string, chaincode: string, organizations: readonly string[]): EndorsementPlan {
    const candidates = this.#candidates(channelId, chaincode).filter(
      ({ endorser }) => organizations.length === 0 || organizations.includes(endorser.mspId),
    );
    const isOwn = ({ endorser }: Candidate): boolean => endorser.mspId === this.deps.peer.signer.mspId;
    const ordered = [
      ...candidates.filter(isOwn).sort(higherFirst),
      ...candidates.filter((candidate) => !isOwn(candidate)).sort(higherFirst),
    ].map(({ endorser }) => endorser);
    if (ordered.length === 0) {
      throw new Error(`no peers available to evaluate chaincode ${chaincode} in channel ${channelId}`);
    }
    return new EndorsementPlan([new Map([['any', 1]])], new Map([['any', ordered]]));
  }

  /** One endorsement of each organization. Throws naming the organizations without a suitable peer. */
  planForOrganizations(
    channelId: string,
    chaincode: string,
    organizations: readonly string[],
  ): EndorsementPlan {
    const candidates = this.#candidates(channelId, chaincode).sort(higherFirst);
    const groups = new Map<string, GatewayEndorser[]>();
    for (const mspId of organizations) {
      const endorsers = candidates
        .filter(({ endorser }) => endorser.mspId === mspId)
        .map(({ endorser }) => endorser);
      if (endorsers.length > 0) groups.set(mspId, endorsers);
    }
    const missing = organizations.filter((mspId) => !groups.has(mspId));
    if (missing.length > 0) {
      throw new Error(`failed to find any endorsing peers for org(s): ${missing.join(', ')}`);
    }
    const layout = new Map([...groups.keys()].map((mspId) => [mspId, 1]));
    return new EndorsementPlan([layout], groups, this.#mismatchLog());
  }

  /** Every way to meet the policies of what the transaction touches, those with the preferred endorser first. */
  async endorsementPlan(
    channelId: string,
    interest: peer.ChaincodeInterest,
    preferred?: GatewayEndorser,
  ): Promise<EndorsementPlan> {
    const channel = this.deps.peer.channel(channelId);
    let found;
    if (channel === undefined) {
      const name = interest.getChaincodesList()[0]?.getName() ?? '';
      throw new Error(
        `no combination of peers can be derived which satisfy the endorsement policy: No metadata was found for chaincode ${name} in channel ${channelId}`,
      );
    }
    try {
      const requirements = await endorsementRequirements(channel, interest);
      found = endorsementLayouts(requirements, this.deps.members.peersOf(channelId));
    } catch (cause) {
      throw new Error(
        `no combination of peers can be derived which satisfy the endorsement policy: ${messageOf(cause)}`,
        { cause },
      );
    }
    const groups = new Map<string, GatewayEndorser[]>();
    for (const [group, members] of found.groups) {
      const candidates = members.map((member) => this.#candidate(channel, member)).sort(higherFirst);
      groups.set(
        group,
        candidates.map(({ endorser }) => endorser),
      );
    }
    const isPreferred = (layout: ReadonlyMap<string, number>): boolean =>
      [...layout.keys()].some((group) =>
        groups.get(group)?.some(({ address }) => address === preferred?.address),
      );
    // At random among equals, so that the same organizations don't do all the work.
    const layouts = found.layouts
      .map((layout) => ({ layout, rank: (isPreferred(layout) ? 0 : 1) + Math.random() * 0.5 }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ layout }) => layout);
    return new EndorsementPlan(layouts, groups, this.#mismatchLog());
  }

  /** Orderers of the channel with the TLS roots of their organization. Throws when the channel is not joined. */
  orderers(channelId: string): readonly OrdererEndpoint[] {
    return channelNodes(this.#channel(channelId).config().config).orderers;
  }

  /** A call to the endorser failed: its connection is given up and membership looks at it again. */
  suspect(endorser: GatewayEndorser): void {
    if (!endorser.local) this.deps.members.suspect(endorser.address);
  }

  #channel(channelId: string): PeerChannel {
    const channel = this.deps.peer.channel(channelId);
    if (channel === undefined) {
      throw new Error(
        `failed to get config for channel [${channelId}]: could not get last config for channel ${channelId}`,
      );
    }
    return channel;
  }

  #candidates(channelId: string, chaincode: string): Candidate[] {
    const channel = this.deps.peer.channel(channelId);
    if (channel === undefined) return [];
    return this.deps.members
      .peersOf(channelId)
      .filter(
        ({ chaincodes }) =>
          SYSTEM_CHAINCODES.has(chaincode) ||
          chaincodes === undefined ||
          chaincodes.some(({ name }) => name === chaincode),
      )
      .map((member) => this.#candidate(channel, member));
  }

  #candidate(channel: PeerChannel, member: ChannelMember): Candidate {
    if (member.local) return { endorser: this.#local(), height: channel.ledger.height, silent: false };
    return { endorser: this.#remote(channel, member), height: member.height, silent: member.silent === true };
  }

  #local(): GatewayEndorser {
    return {
      mspId: this.deps.peer.signer.mspId,
      address: this.deps.peer.endpoint,
      local: true,
      processProposal: (signed) => this.deps.endorser.processProposal(signed),
    };
  }

  #remote(channel: PeerChannel, { mspId, endpoint }: ChannelMember): GatewayEndorser {
    const tlsRoots = channelNodes(channel.config().config).tlsRoots.get(mspId) ?? [];
    return {
      mspId,
      address: endpoint,
      local: false,
      processProposal: (signed, signal, timeoutMs) =>
        new Promise((resolve, reject) => {
          const { processProposal: method } = peer.EndorserService;
          let stopWatching = (): void => undefined;
          let hangs = false;
          // A process that hangs keeps its connections: only asking tells it from a contract that takes its time.
          const silence = setTimeout(() => {
            stopWatching = this.deps.members.watch(endpoint, () => {
              hangs = true;
              cancel();
            });
          }, SILENCE_MS);
          const call = this.deps.connections
            .client(endpoint, tlsRoots)
            .makeUnaryRequest(
              method.path,
              method.requestSerialize,
              method.responseDeserialize,
              signed,
              { deadline: Date.now() + timeoutMs },
              (error, response) => {
                clearTimeout(silence);
                stopWatching();
                signal.removeEventListener('abort', cancel);
                if (error !== null) reject(hangs ? unavailable('the peer does not answer', error) : error);
                else if (response === undefined) reject(new Error('the endorser sent no response'));
                else resolve(response);
              },
            );
          const cancel = (): void => call.cancel();
          signal.addEventListener('abort', cancel, { once: true });
        }),
    };
  }

  #mismatchLog() {
    return (endorser: GatewayEndorser, expected: Uint8Array, actual: Uint8Array): void => {
      this.deps.logger.warn('ProposalResponsePayloads do not match', {
        invokedEndorser: `${endorser.address} (${endorser.mspId})`,
        differences: describeDifference(expected, actual),
      });
    };
  }
}

/** By decreasing height; this very peer first among equals, peers that may be hanging after all others. */
function higherFirst(a: Candidate, b: Candidate): number {
  return (
    Number(a.silent) - Number(b.silent) ||
    b.height - a.height ||
    Number(b.endorser.local) - Number(a.endorser.local)
  );
}
