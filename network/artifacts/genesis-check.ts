import { common, msp, orderer, peer } from '@hyperledger/fabric-protos';
import { channelIdOfBlock, configFromBlock } from '../protocol/block';
import { MaterialError } from './material-error';

/**
 * Compares a channel's genesis block on disk with the one the topology and the material would give now. The block on
 * disk always stays: it is what the channel's ledgers begin with.
 * @returns notes on differences the network can live with
 * @throws MaterialError where nodes could not work with the block: another network's, or another shape of this one
 */
export function checkGenesisBlock(file: string, bytes: Uint8Array, expected: common.Block): string[] {
  const channel = channelIdOfBlock(expected);
  const present = summaryOf(readBlock(file, bytes));
  const wanted = summaryOf(expected);
  const fail = (problem: 'foreign' | 'mismatch', detail: string): never => {
    const hint = `Use the topology the network was created with, or purge the network: this can't be changed without a configuration update.`;
    throw new MaterialError(problem, file, detail, hint);
  };
  if (present.channel !== channel)
    fail('foreign', `the genesis block of ${present.channel}, not of ${channel}`);
  for (const [name, authority] of present.authorities) {
    const own = wanted.authorities.get(name);
    if (own !== undefined && own !== authority)
      fail('foreign', `another network's genesis block: its ${name} has another CA`);
  }
  for (const field of ['members', 'orderers', 'consenters'] as const) {
    if (present[field].join() !== wanted[field].join()) {
      const detail = `${channel} was created with the ${field} ${present[field].join(', ')}; now it would be ${wanted[field].join(', ')}`;
      fail('mismatch', detail);
    }
  }
  if (present.consenterCertificates !== wanted.consenterCertificates) {
    fail('foreign', `${channel} knows the orderers by other TLS certificates than theirs`);
  }
  const moved = present.anchors.filter((anchor) => !wanted.anchors.includes(anchor));
  if (moved.length > 0) fail('mismatch', `${channel} has anchor peers where no peer is: ${moved.join(', ')}`);
  return notes(channel, present, wanted);
}

interface Summary {
  readonly channel: string;
  readonly members: readonly string[];
  /** Root certificates by the name of the organization's group. */
  readonly authorities: ReadonlyMap<string, string>;
  readonly orderers: readonly string[];
  readonly consenters: readonly string[];
  readonly consenterCertificates: string;
  readonly anchors: readonly string[];
  readonly batch: string;
}

function notes(channel: string, present: Summary, wanted: Summary): string[] {
  const added = wanted.anchors.filter((anchor) => !present.anchors.includes(anchor));
  return [
    ...(added.length === 0
      ? []
      : [`${channel}: new peers become anchor peers by a configuration update: ${added.join(', ')}`]),
    ...(present.batch === wanted.batch
      ? []
      : [`${channel}: created with ${present.batch}; ${wanted.batch} takes a configuration update`]),
  ];
}

function readBlock(file: string, bytes: Uint8Array): common.Block {
  try {
    const block = common.Block.deserializeBinary(bytes);
    configFromBlock(block);
    return block;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = 'Put it back from a backup, or purge the network to start a new one.';
    throw new MaterialError('unreadable', file, `not a genesis block (${reason})`, hint, { cause: error });
  }
}

function summaryOf(block: common.Block): Summary {
  const root = configFromBlock(block).getChannelGroup() ?? new common.ConfigGroup();
  const ordererGroup = subgroup(root, 'Orderer');
  const application = subgroup(root, 'Application');
  const consensus = orderer.ConsensusType.deserializeBinary(valueOf(ordererGroup, 'ConsensusType'));
  const consenters = orderer.etcdraft.ConfigMetadata.deserializeBinary(
    consensus.getMetadata_asU8(),
  ).getConsentersList();
  const members = groupsOf(application);
  return {
    channel: channelIdOfBlock(block),
    members: members.map(([name]) => name).sort(),
    authorities: new Map(
      [...members, ...groupsOf(ordererGroup)].map(([name, group]) => [name, rootCertificates(group)]),
    ),
    orderers: common.OrdererAddresses.deserializeBinary(valueOf(root, 'OrdererAddresses')).getAddressesList(),
    consenters: consenters.map((consenter) => `${consenter.getHost()}:${consenter.getPort()}`),
    consenterCertificates: consenters.map((consenter) => consenter.getServerTlsCert_asB64()).join(),
    anchors: members.flatMap(([name, group]) => anchorPeers(group).map((address) => `${address} of ${name}`)),
    batch: batchOf(ordererGroup),
  };
}

function batchOf(group: common.ConfigGroup): string {
  const size = orderer.BatchSize.deserializeBinary(valueOf(group, 'BatchSize'));
  const timeout = orderer.BatchTimeout.deserializeBinary(valueOf(group, 'BatchTimeout')).getTimeout();
  return (
    `a batch of ${timeout}, ${size.getMaxMessageCount()} messages, ` +
    `${size.getPreferredMaxBytes()} bytes preferred, ${size.getAbsoluteMaxBytes()} at most`
  );
}

function rootCertificates(group: common.ConfigGroup): string {
  const config = msp.MSPConfig.deserializeBinary(valueOf(group, 'MSP'));
  const fabric = msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
  return [...fabric.getRootCertsList_asB64(), ...fabric.getTlsRootCertsList_asB64()].join();
}

function anchorPeers(group: common.ConfigGroup): string[] {
  return peer.AnchorPeers.deserializeBinary(valueOf(group, 'AnchorPeers'))
    .getAnchorPeersList()
    .map((anchor) => `${anchor.getHost()}:${anchor.getPort()}`);
}

function subgroup(group: common.ConfigGroup, name: string): common.ConfigGroup {
  return group.getGroupsMap().get(name) ?? new common.ConfigGroup();
}

function groupsOf(group: common.ConfigGroup): [string, common.ConfigGroup][] {
  return [...group.getGroupsMap().entries()] as [string, common.ConfigGroup][];
}

function valueOf(group: common.ConfigGroup, key: string): Uint8Array {
  return group.getValuesMap().get(key)?.getValue_asU8() ?? new Uint8Array();
}
