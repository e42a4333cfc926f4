import { common, msp } from '@hyperledger/fabric-protos';

/** An orderer as the channel's configuration names it. */
export interface OrdererEndpoint {
  /** host:port */
  readonly address: string;
  readonly mspId: string;
  /** PEM of TLS roots and intermediates of the orderer's organization; empty when it uses no TLS. */
  readonly tlsRoots: readonly string[];
}

/** What a channel's configuration says about reaching its nodes. */
export interface ChannelNodes {
  readonly orderers: readonly OrdererEndpoint[];
  /** PEM of TLS roots and intermediates by MSP ID, of every organization of the channel. */
  readonly tlsRoots: ReadonlyMap<string, readonly string[]>;
}

const known = new WeakMap<common.Config, ChannelNodes>();

/** Addresses and TLS roots of a channel's nodes (discovery/support/config); computed once per configuration. */
export function channelNodes(config: common.Config): ChannelNodes {
  const found = known.get(config);
  if (found !== undefined) return found;
  const nodes = read(config);
  known.set(config, nodes);
  return nodes;
}

function read(config: common.Config): ChannelNodes {
  const channel = config.getChannelGroup();
  const ordererOrganizations = organizationsOf(channel, 'Orderer');
  const tlsRoots = new Map<string, readonly string[]>();
  for (const { mspId, roots } of [...ordererOrganizations, ...organizationsOf(channel, 'Application')]) {
    tlsRoots.set(mspId, roots);
  }
  const ownEndpoints = ordererOrganizations.flatMap(({ group, mspId, roots }) =>
    addressesIn(group, 'Endpoints').map((address) => ({ address, mspId, tlsRoots: roots })),
  );
  // Endpoints of organizations replace the channel-wide list, which older configurations carry.
  const orderers =
    ownEndpoints.length > 0
      ? ownEndpoints
      : ordererOrganizations.flatMap(({ mspId, roots }) =>
          addressesIn(channel, 'OrdererAddresses').map((address) => ({ address, mspId, tlsRoots: roots })),
        );
  return { orderers, tlsRoots };
}

function organizationsOf(
  channel: common.ConfigGroup | undefined,
  section: 'Application' | 'Orderer',
): { group: common.ConfigGroup; mspId: string; roots: string[] }[] {
  const groups = channel?.getGroupsMap().get(section)?.getGroupsMap();
  return [...(groups?.entries() ?? [])].map(([, group]) => {
    const value = group.getValuesMap().get('MSP')?.getValue_asU8() ?? new Uint8Array();
    const fabric = msp.FabricMSPConfig.deserializeBinary(
      msp.MSPConfig.deserializeBinary(value).getConfig_asU8(),
    );
    const roots = [...fabric.getTlsRootCertsList_asU8(), ...fabric.getTlsIntermediateCertsList_asU8()];
    return { group, mspId: fabric.getName(), roots: roots.map((pem) => Buffer.from(pem).toString('utf8')) };
  });
}

function addressesIn(group: common.ConfigGroup | undefined, value: string): string[] {
  const bytes = group?.getValuesMap().get(value)?.getValue_asU8();
  return bytes === undefined ? [] : common.OrdererAddresses.deserializeBinary(bytes).getAddressesList();
}
