import { common, msp, orderer, peer } from '@hyperledger/fabric-protos';
import { parsePolicy } from '../protocol/policy';
import type { Channel, OrdererOrganization, PeerOrganization, Topology } from '../topology/schema';
import { byteCount, durationMs, goDuration } from '../topology/quantities';
import {
  configGroupName,
  grpcAddress,
  membersOf,
  nodeHost,
  ordererNodes,
  ordererOrganization,
  peersOf,
  type Addressing,
} from '../topology/views';

/** Certificates (PEM, as on disk) that go into a channel's configuration. */
export interface ChannelCertificates {
  /** Certificate of an organization's CA, by the organization's name. */
  authority(organization: string): Uint8Array;
  /** Certificate of an organization's TLS CA. */
  tlsAuthority(organization: string): Uint8Array;
  /** TLS certificate of an orderer node: by it the others know it as a consenter. */
  ordererTls(node: string): Uint8Array;
}

const ADMINS = 'Admins';
/** Raft timing and flow as configtxgen's defaults (genesisconfig/config.go, `genesisDefaults`). */
const RAFT_OPTIONS = {
  tickInterval: '500ms',
  electionTick: 10,
  heartbeatTick: 1,
  maxInflightBlocks: 5,
  snapshotIntervalSize: 16 * 1024 * 1024,
} as const;
/** "One node over the whole block": the only value Fabric knows (common/channelconfig/util.go). */
const BLOCK_DATA_HASHING_WIDTH = 0xffffffff;

type Rule = keyof typeof common.ImplicitMetaPolicy.Rule;
interface Message {
  serializeBinary(): Uint8Array;
}

/** The root group of a new channel's configuration, as configtxgen's encoder builds it (internal/configtxgen/encoder). */
export function channelGroup(
  topology: Topology,
  channel: Channel,
  certificates: ChannelCertificates,
  addressing: Addressing,
): common.ConfigGroup {
  const group = groupWith(standardPolicies());
  const hashing = new common.HashingAlgorithm();
  hashing.setName('SHA256');
  const structure = new common.BlockDataHashingStructure();
  structure.setWidth(BLOCK_DATA_HASHING_WIDTH);
  addValue(group, 'HashingAlgorithm', hashing);
  addValue(group, 'BlockDataHashingStructure', structure);
  const addresses = new common.OrdererAddresses();
  addresses.setAddressesList(ordererAddresses(topology, addressing));
  addValue(group, 'OrdererAddresses', addresses, '/Channel/Orderer/Admins');
  addValue(group, 'Capabilities', capabilities('V2_0'));
  group.getGroupsMap().set('Orderer', ordererGroup(topology, certificates, addressing));
  group.getGroupsMap().set('Application', applicationGroup(topology, channel, certificates, addressing));
  return group;
}

function ordererGroup(
  topology: Topology,
  certificates: ChannelCertificates,
  addressing: Addressing,
): common.ConfigGroup {
  const { ordering } = topology;
  const group = groupWith([...standardPolicies(), ['BlockValidation', implicitMeta('ANY', 'Writers')]]);
  const batchSize = new orderer.BatchSize();
  batchSize.setMaxMessageCount(ordering.maxMessageCount);
  batchSize.setAbsoluteMaxBytes(byteCount(ordering.absoluteMaxBytes));
  batchSize.setPreferredMaxBytes(byteCount(ordering.preferredMaxBytes));
  addValue(group, 'BatchSize', batchSize);
  const batchTimeout = new orderer.BatchTimeout();
  batchTimeout.setTimeout(goDuration(durationMs(ordering.batchTimeout)));
  addValue(group, 'BatchTimeout', batchTimeout);
  addValue(group, 'ChannelRestrictions', new orderer.ChannelRestrictions());
  addValue(group, 'Capabilities', capabilities('V2_0'));
  const consensus = new orderer.ConsensusType();
  consensus.setType(ordering.consensus);
  consensus.setMetadata(raftMetadata(topology, certificates, addressing).serializeBinary());
  addValue(group, 'ConsensusType', consensus);
  const organization = ordererOrganization(topology);
  group
    .getGroupsMap()
    .set(
      configGroupName(organization),
      ordererOrganizationGroup(organization, certificates, ordererAddresses(topology, addressing)),
    );
  return group;
}

function raftMetadata(
  topology: Topology,
  certificates: ChannelCertificates,
  addressing: Addressing,
): orderer.etcdraft.ConfigMetadata {
  const metadata = new orderer.etcdraft.ConfigMetadata();
  metadata.setConsentersList(
    ordererNodes(topology).map((node) => {
      const consenter = new orderer.etcdraft.Consenter();
      consenter.setHost(nodeHost(node, addressing));
      consenter.setPort(node.ports.grpc);
      consenter.setClientTlsCert(certificates.ordererTls(node.name));
      consenter.setServerTlsCert(certificates.ordererTls(node.name));
      return consenter;
    }),
  );
  const options = new orderer.etcdraft.Options();
  options.setTickInterval(RAFT_OPTIONS.tickInterval);
  options.setElectionTick(RAFT_OPTIONS.electionTick);
  options.setHeartbeatTick(RAFT_OPTIONS.heartbeatTick);
  options.setMaxInflightBlocks(RAFT_OPTIONS.maxInflightBlocks);
  options.setSnapshotIntervalSize(RAFT_OPTIONS.snapshotIntervalSize);
  metadata.setOptions(options);
  return metadata;
}

function ordererOrganizationGroup(
  organization: OrdererOrganization,
  certificates: ChannelCertificates,
  endpoints: string[],
): common.ConfigGroup {
  const { mspId } = organization;
  const group = groupWith([
    ['Readers', signature(`OR('${mspId}.member')`)],
    ['Writers', signature(`OR('${mspId}.member')`)],
    [ADMINS, signature(`OR('${mspId}.admin')`)],
  ]);
  addValue(group, 'MSP', mspConfig(organization.name, mspId, certificates));
  const addresses = new common.OrdererAddresses();
  addresses.setAddressesList(endpoints);
  addValue(group, 'Endpoints', addresses);
  return group;
}

function applicationGroup(
  topology: Topology,
  channel: Channel,
  certificates: ChannelCertificates,
  addressing: Addressing,
): common.ConfigGroup {
  const endorsement = implicitMeta('MAJORITY', 'Endorsement');
  const group = groupWith([
    ...standardPolicies(),
    ['LifecycleEndorsement', endorsement],
    ['Endorsement', endorsement],
  ]);
  addValue(group, 'Capabilities', capabilities('V2_5'));
  for (const member of membersOf(topology, channel.name)) {
    const organization = applicationOrganizationGroup(topology, member, certificates, addressing);
    group.getGroupsMap().set(configGroupName(member), organization);
  }
  return group;
}

/** Every peer is an anchor peer, so that a stopped one leaves its organization reachable. */
function applicationOrganizationGroup(
  topology: Topology,
  { name, mspId }: PeerOrganization,
  certificates: ChannelCertificates,
  addressing: Addressing,
): common.ConfigGroup {
  const group = groupWith([
    ['Readers', signature(`OR('${mspId}.admin', '${mspId}.peer', '${mspId}.client')`)],
    ['Writers', signature(`OR('${mspId}.admin', '${mspId}.client')`)],
    [ADMINS, signature(`OR('${mspId}.admin')`)],
    ['Endorsement', signature(`OR('${mspId}.peer')`)],
  ]);
  addValue(group, 'MSP', mspConfig(name, mspId, certificates));
  const anchors = new peer.AnchorPeers();
  anchors.setAnchorPeersList(
    peersOf(topology, name).map((node) => {
      const anchor = new peer.AnchorPeer();
      anchor.setHost(nodeHost(node, addressing));
      anchor.setPort(node.ports.grpc);
      return anchor;
    }),
  );
  addValue(group, 'AnchorPeers', anchors);
  return group;
}

/** The verifying MSP of an organization with NodeOUs, as `msp.GetVerifyingMspConfig` reads it from its folder. */
function mspConfig(organization: string, mspId: string, certificates: ChannelCertificates): msp.MSPConfig {
  const authority = certificates.authority(organization);
  const identifier = (role: string): msp.FabricOUIdentifier => {
    const ou = new msp.FabricOUIdentifier();
    ou.setCertificate(authority);
    ou.setOrganizationalUnitIdentifier(role);
    return ou;
  };
  const nodeOus = new msp.FabricNodeOUs();
  nodeOus.setEnable(true);
  nodeOus.setClientOuIdentifier(identifier('client'));
  nodeOus.setPeerOuIdentifier(identifier('peer'));
  nodeOus.setAdminOuIdentifier(identifier('admin'));
  nodeOus.setOrdererOuIdentifier(identifier('orderer'));
  const crypto = new msp.FabricCryptoConfig();
  crypto.setSignatureHashFamily('SHA2');
  crypto.setIdentityIdentifierHashFunction('SHA256');
  const fabric = new msp.FabricMSPConfig();
  fabric.setName(mspId);
  fabric.setRootCertsList([authority]);
  fabric.setTlsRootCertsList([certificates.tlsAuthority(organization)]);
  fabric.setCryptoConfig(crypto);
  fabric.setFabricNodeOus(nodeOus);
  const config = new msp.MSPConfig();
  config.setConfig(fabric.serializeBinary());
  return config;
}

/** Addresses of all orderers, as they stand in the channel's configuration. */
function ordererAddresses(topology: Topology, addressing: Addressing): string[] {
  return ordererNodes(topology).map((node) => grpcAddress(node, addressing));
}

function groupWith(policies: readonly (readonly [string, common.Policy])[]): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setModPolicy(ADMINS);
  for (const [name, policy] of policies) {
    const entry = new common.ConfigPolicy();
    entry.setModPolicy(ADMINS);
    entry.setPolicy(policy);
    group.getPoliciesMap().set(name, entry);
  }
  return group;
}

function addValue(group: common.ConfigGroup, key: string, value: Message, modPolicy = ADMINS): void {
  const entry = new common.ConfigValue();
  entry.setValue(value.serializeBinary());
  entry.setModPolicy(modPolicy);
  group.getValuesMap().set(key, entry);
}

function standardPolicies(): [string, common.Policy][] {
  return [
    ['Readers', implicitMeta('ANY', 'Readers')],
    ['Writers', implicitMeta('ANY', 'Writers')],
    [ADMINS, implicitMeta('MAJORITY', ADMINS)],
  ];
}

function implicitMeta(rule: Rule, subPolicy: string): common.Policy {
  const meta = new common.ImplicitMetaPolicy();
  meta.setRule(common.ImplicitMetaPolicy.Rule[rule]);
  meta.setSubPolicy(subPolicy);
  return policyOf(common.Policy.PolicyType.IMPLICIT_META, meta);
}

function signature(rule: string): common.Policy {
  return policyOf(common.Policy.PolicyType.SIGNATURE, parsePolicy(rule));
}

function policyOf(
  type: common.Policy.PolicyTypeMap[keyof common.Policy.PolicyTypeMap],
  value: Message,
): common.Policy {
  const policy = new common.Policy();
  policy.setType(type);
  policy.setValue(value.serializeBinary());
  return policy;
}

function capabilities(name: string): common.Capabilities {
  const message = new common.Capabilities();
  message.getCapabilitiesMap().set(name, new common.Capability());
  return message;
}
