import { common, msp, orderer, peer } from '@hyperledger/fabric-protos';
import { channelIdOfBlock, configFromBlock } from './block';
import { parseGoDuration } from './go-duration';
import { Msp, MspManager } from './msp';
import {
  implicitMetaPolicy,
  PolicyError,
  rejectPolicy,
  signaturePolicyFromBytes,
  type Policy,
} from './policy';
import { decodeMessage } from './wire';

/** A channel configuration no Fabric node would accept; the message says which part. */
export class ChannelConfigError extends Error {
  override readonly name = 'ChannelConfigError';
}

export interface ApplicationOrganization {
  readonly name: string;
  readonly mspId: string;
  readonly anchorPeers: readonly { readonly host: string; readonly port: number }[];
}

export interface OrdererOrganization {
  readonly name: string;
  readonly mspId: string;
  /** host:port of the organization's orderers; empty where the channel lists them for all. */
  readonly endpoints: readonly string[];
}

export interface Consenter {
  readonly host: string;
  readonly port: number;
  readonly clientTlsCert: Uint8Array;
  readonly serverTlsCert: Uint8Array;
}

export interface Batch {
  readonly timeoutMs: number;
  readonly maxMessageCount: number;
  readonly absoluteMaxBytes: number;
  readonly preferredMaxBytes: number;
}

export interface Capabilities {
  readonly channel: readonly string[];
  readonly orderer: readonly string[];
  readonly application: readonly string[];
}

const APPLICATION = 'Application';
const ORDERER = 'Orderer';
/** Capabilities whose MSP rules are those of version 1.4.3, the ones this project knows. */
const KNOWN_MSP_RULES = ['V1_4_3', 'V2_0', 'V3_0'];

/**
 * The configuration of a channel, ready to be asked: organizations, batch, MSPs and policies
 * (common/channelconfig Bundle). Immutable.
 */
export class ChannelConfig {
  readonly channelId: string;
  readonly config: common.Config;
  readonly sequence: number;
  readonly msps: MspManager;
  readonly #root: common.ConfigGroup;
  readonly #policies: ReadonlyMap<string, Policy>;
  /** Read from the configuration on first use: nodes ask for it with every transaction. */
  #organizations: readonly ApplicationOrganization[] | undefined;
  #acls: ReadonlyMap<string, string> | undefined;

  private constructor(channelId: string, config: common.Config) {
    const root = config.getChannelGroup();
    if (root === undefined) throw new ChannelConfigError('channelgroup not specified in config');
    this.channelId = channelId;
    this.config = config;
    this.sequence = config.getSequence();
    this.#root = root;
    this.#checkValues();
    this.msps = new MspManager(readMsps(root));
    this.#policies = readPolicies(root, this.msps);
  }

  /** From a configuration block. Throws when the block is not one or its configuration is not valid. */
  static fromBlock(block: common.Block): ChannelConfig {
    return new ChannelConfig(channelIdOfBlock(block), configFromBlock(block));
  }

  static fromConfig(channelId: string, config: common.Config): ChannelConfig {
    return new ChannelConfig(channelId, config);
  }

  /** Organizations of peers, in the order of their names. */
  organizations(): readonly ApplicationOrganization[] {
    this.#organizations ??= organizationGroups(this.#root, APPLICATION).map(([name, group]) => ({
      name,
      mspId: mspIdOfGroup(group),
      anchorPeers: value(group, 'AnchorPeers', peer.AnchorPeers)
        .getAnchorPeersList()
        .map((anchor) => ({ host: anchor.getHost(), port: anchor.getPort() })),
    }));
    return this.#organizations;
  }

  ordererOrganizations(): OrdererOrganization[] {
    return organizationGroups(this.#root, ORDERER).map(([name, group]) => ({
      name,
      mspId: mspIdOfGroup(group),
      endpoints: value(group, 'Endpoints', common.OrdererAddresses).getAddressesList(),
    }));
  }

  /** host:port of all orderers: those of the organizations, else the channel's own list, as a peer connects. */
  ordererEndpoints(): string[] {
    const ofOrganizations = this.ordererOrganizations().flatMap(({ endpoints }) => endpoints);
    const known =
      ofOrganizations.length > 0
        ? ofOrganizations
        : value(this.#root, 'OrdererAddresses', common.OrdererAddresses).getAddressesList();
    return [...new Set(known)];
  }

  /** PEM of the TLS authorities of the orderer organizations. */
  ordererTlsAuthorities(): string[] {
    return this.ordererOrganizations().flatMap(({ mspId }) => this.msps.msp(mspId)?.tlsAuthoritiesPem ?? []);
  }

  /** `etcdraft`, `BFT`, …; empty when the channel has no orderer group. */
  consensusType(): string {
    return value(this.#group(ORDERER), 'ConsensusType', orderer.ConsensusType).getType();
  }

  /** Members of the Raft group; empty for another consensus. */
  consenters(): Consenter[] {
    return this.#raft()
      .getConsentersList()
      .map((consenter) => ({
        host: consenter.getHost(),
        port: consenter.getPort(),
        clientTlsCert: consenter.getClientTlsCert_asU8(),
        serverTlsCert: consenter.getServerTlsCert_asU8(),
      }));
  }

  raftOptions(): orderer.etcdraft.Options | undefined {
    return this.#raft().getOptions();
  }

  #raft(): orderer.etcdraft.ConfigMetadata {
    const consensus = value(this.#group(ORDERER), 'ConsensusType', orderer.ConsensusType);
    const metadata = consensus.getType() === 'etcdraft' ? consensus.getMetadata_asU8() : new Uint8Array();
    return decodeMessage(orderer.etcdraft.ConfigMetadata, metadata, 'ConfigMetadata');
  }

  batch(): Batch {
    const group = this.#group(ORDERER);
    const size = value(group, 'BatchSize', orderer.BatchSize);
    return {
      timeoutMs: parseGoDuration(value(group, 'BatchTimeout', orderer.BatchTimeout).getTimeout()),
      maxMessageCount: size.getMaxMessageCount(),
      absoluteMaxBytes: size.getAbsoluteMaxBytes(),
      preferredMaxBytes: size.getPreferredMaxBytes(),
    };
  }

  capabilities(): Capabilities {
    return {
      channel: capabilityNames(this.#root),
      orderer: capabilityNames(this.#group(ORDERER)),
      application: capabilityNames(this.#group(APPLICATION)),
    };
  }

  /** Resource name → policy reference, where the channel overrides Fabric's defaults. */
  acls(): ReadonlyMap<string, string> {
    this.#acls ??= new Map(
      entries(value(this.#group(APPLICATION), 'ACLs', peer.ACLs).getAclsMap()).map(
        ([resource, reference]) => [resource, reference.getPolicyRef()],
      ),
    );
    return this.#acls;
  }

  hasPolicy(path: string): boolean {
    return this.#policies.has(relativePolicyPath(path) ?? '');
  }

  /**
   * A policy by its path: absolute (`/Channel/Application/Writers`) or relative to the channel group
   * (`Application/Writers`, `Writers`). A path without a policy gives one that refuses everyone, naming the path, as
   * genuine Fabric does (common/policies ManagerImpl.GetPolicy).
   */
  policy(path: string): Policy {
    const relative = relativePolicyPath(path);
    return (
      (relative === undefined ? undefined : this.#policies.get(relative)) ?? rejectPolicy(relative ?? path)
    );
  }

  #group(name: string): common.ConfigGroup | undefined {
    return this.#root.getGroupsMap().get(name);
  }

  /** What genuine nodes check of the values when they read a configuration (common/channelconfig). */
  #checkValues(): void {
    const hashing = value(this.#root, 'HashingAlgorithm', common.HashingAlgorithm).getName();
    if (hashing !== 'SHA256') throw new ChannelConfigError(`Unknown hashing algorithm type: ${hashing}`);
    const width = value(this.#root, 'BlockDataHashingStructure', common.BlockDataHashingStructure).getWidth();
    if (width !== 0xffffffff) {
      throw new ChannelConfigError(
        'BlockDataHashStructure width only supported at MaxUint32 in this version',
      );
    }
    const channelCapabilities = capabilityNames(this.#root);
    if (!channelCapabilities.some((name) => KNOWN_MSP_RULES.includes(name))) {
      throw new ChannelConfigError(
        `channel ${this.channelId} has channel capabilities [${channelCapabilities.join(', ')}]; one of ${KNOWN_MSP_RULES.join(', ')} is needed`,
      );
    }
    for (const name of entries(this.#root.getGroupsMap()).map(([group]) => group)) {
      if (![APPLICATION, ORDERER, 'Consortiums'].includes(name)) {
        throw new ChannelConfigError(`Disallowed channel group: ${name}`);
      }
    }
    if (this.#group(ORDERER) !== undefined) checkBatch(this.batch());
  }
}

function checkBatch(batch: Batch): void {
  const problem = (what: string, why: string): ChannelConfigError =>
    new ChannelConfigError(`Attempted to set the batch ${what} to ${why}`);
  if (batch.maxMessageCount === 0) throw problem('size max message count', 'an invalid value: 0');
  if (batch.absoluteMaxBytes === 0) throw problem('size absolute max bytes', 'an invalid value: 0');
  if (batch.preferredMaxBytes === 0) throw problem('size preferred max bytes', 'an invalid value: 0');
  if (batch.preferredMaxBytes > batch.absoluteMaxBytes) {
    throw new ChannelConfigError(
      `Attempted to set the batch size preferred max bytes (${batch.preferredMaxBytes}) greater than the absolute max bytes (${batch.absoluteMaxBytes}).`,
    );
  }
  if (batch.timeoutMs <= 0) throw problem('timeout', `a non-positive value: ${batch.timeoutMs}ms`);
}

function relativePolicyPath(path: string): string | undefined {
  if (!path.startsWith('/')) return path;
  return path.startsWith('/Channel/') ? path.slice('/Channel/'.length) : undefined;
}

interface MessageType<T> {
  new (): T;
  deserializeBinary(bytes: Uint8Array): T;
}

/** A value of a group; an empty message where the group has none, as Fabric's own reader does. */
function value<T>(group: common.ConfigGroup | undefined, key: string, type: MessageType<T>): T {
  const bytes = group?.getValuesMap().get(key)?.getValue_asU8();
  return bytes === undefined ? new type() : decodeMessage(type, bytes, key);
}

/** Entries of a protobuf map in the order of their keys: what is derived from them must not depend on encoding. */
function entries<V>(map: { forEach(callback: (entry: V, key: string) => void): void }): [string, V][] {
  const list: [string, V][] = [];
  map.forEach((entry, key) => list.push([key, entry]));
  return list.sort(([one], [other]) => (one < other ? -1 : 1));
}

function capabilityNames(group: common.ConfigGroup | undefined): string[] {
  return entries(value(group, 'Capabilities', common.Capabilities).getCapabilitiesMap()).map(
    ([name]) => name,
  );
}

function organizationGroups(root: common.ConfigGroup, kind: string): [string, common.ConfigGroup][] {
  const group = root.getGroupsMap().get(kind);
  return group === undefined ? [] : entries(group.getGroupsMap());
}

function mspConfigOf(group: common.ConfigGroup): msp.MSPConfig {
  return value(group, 'MSP', msp.MSPConfig);
}

function mspIdOfGroup(group: common.ConfigGroup): string {
  return decodeMessage(msp.FabricMSPConfig, mspConfigOf(group).getConfig_asU8(), 'FabricMSPConfig').getName();
}

function readMsps(root: common.ConfigGroup): Msp[] {
  const msps = new Map<string, { source: string; msp: Msp }>();
  for (const kind of [APPLICATION, ORDERER]) {
    for (const [name, group] of organizationGroups(root, kind)) {
      const config = mspConfigOf(group);
      const source = Buffer.from(config.serializeBinary()).toString('base64');
      const mspId = mspIdOfGroup(group);
      const known = msps.get(mspId);
      if (known === undefined) {
        msps.set(mspId, { source, msp: setUpMsp(config, name, kind) });
      } else if (known.source !== source) {
        throw new ChannelConfigError(`Attempted to define two different versions of MSP: ${mspId}`);
      }
    }
  }
  return [...msps.values()].map((entry) => entry.msp);
}

function setUpMsp(config: msp.MSPConfig, name: string, kind: string): Msp {
  try {
    return new Msp(config);
  } catch (cause) {
    throw new ChannelConfigError(
      `could not create channel ${kind} sub-group config: setting up the MSP manager failed: ${name}: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** Policies by path relative to the group, those of the groups below included (NewManagerImpl). */
function readPolicies(group: common.ConfigGroup, msps: MspManager, path = 'Channel'): Map<string, Policy> {
  const below = entries(group.getGroupsMap()).map(
    ([name, child]) => [name, readPolicies(child, msps, `${path}/${name}`)] as const,
  );
  const policies = new Map<string, Policy>();
  for (const [name, configPolicy] of entries(group.getPoliciesMap())) {
    const definition = configPolicy.getPolicy();
    if (definition === undefined) throw new ChannelConfigError(`policy ${name} at path ${path} was nil`);
    try {
      policies.set(name, compilePolicy(definition, below, msps));
    } catch (cause) {
      throw new ChannelConfigError(`policy ${name} at path ${path} did not compile: ${messageOf(cause)}`, {
        cause,
      });
    }
  }
  for (const [child, nested] of below) {
    for (const [name, policy] of nested) policies.set(`${child}/${name}`, policy);
  }
  return policies;
}

function compilePolicy(
  definition: common.Policy,
  below: readonly (readonly [string, ReadonlyMap<string, Policy>])[],
  msps: MspManager,
): Policy {
  const bytes = definition.getValue_asU8();
  switch (definition.getType()) {
    case common.Policy.PolicyType.SIGNATURE:
      return signaturePolicyFromBytes(bytes, msps);
    case common.Policy.PolicyType.IMPLICIT_META: {
      const implicit = decodeMessage(common.ImplicitMetaPolicy, bytes, 'ImplicitMetaPolicy');
      const name = implicit.getSubPolicy();
      const subPolicies = below.map(([group, policies]) => ({
        group,
        policy: policies.get(name) ?? rejectPolicy(name),
      }));
      return implicitMetaPolicy(implicit, subPolicies, msps);
    }
    default:
      throw new PolicyError(`unknown policy type: ${definition.getType()}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
