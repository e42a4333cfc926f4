import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { common } from '@hyperledger/fabric-protos';
import { createBlock } from '../protocol/block';
import { channelHeaderOf, NONCE_BYTES, payloadOf, signatureHeaderOf } from '../protocol/envelope';
import { sha256 } from '../protocol/hash';
import { computeTxId } from '../protocol/proposal';
import type { Topology } from '../topology/schema';
import { channelByName, membersOf, ordererOrganization, type Addressing } from '../topology/views';
import { channelGroup, type ChannelCertificates } from './config-group';
import { MaterialError } from './material-error';
import type { MaterialPaths } from './paths';

/** Version in the channel header of configuration transactions made by configtxgen (common/genesis). */
const HEADER_VERSION = 1;
const NO_CREATOR = new Uint8Array();

/**
 * The genesis block of a channel, as configtxgen makes it for a channel without system channel. The same topology,
 * certificates and addressing give the same bytes: nonce and time are derived from the configuration instead of
 * being drawn.
 * @throws UnknownNameError for a channel that is not in the topology
 */
export function createGenesisBlock(
  topology: Topology,
  channelName: string,
  certificates: ChannelCertificates,
  addressing: Addressing,
): common.Block {
  const channel = channelByName(topology, channelName);
  const config = new common.Config();
  config.setChannelGroup(channelGroup(topology, channel, certificates, addressing));
  const envelopeData = new common.ConfigEnvelope();
  envelopeData.setConfig(config);
  const data = envelopeData.serializeBinary();
  const nonce = sha256(Buffer.from(channelName, 'utf8'), data).subarray(0, NONCE_BYTES);
  const channelHeader = channelHeaderOf({
    type: common.HeaderType.CONFIG,
    version: HEADER_VERSION,
    channelId: channelName,
    txId: computeTxId(nonce, NO_CREATOR),
    timestamp: youngestAuthority(topology, channelName, certificates),
  });
  const envelope = new common.Envelope();
  envelope.setPayload(
    payloadOf(
      channelHeader.serializeBinary(),
      signatureHeaderOf(NO_CREATOR, nonce).serializeBinary(),
      data,
    ).serializeBinary(),
  );
  const block = createBlock(0, new Uint8Array(), [envelope.serializeBinary()]);
  block.setMetadata(genesisMetadata(block));
  return block;
}

/** Reads what {@link createGenesisBlock} needs from the material on disk. @throws MaterialError `unreadable` */
export async function readChannelCertificates(
  topology: Topology,
  material: MaterialPaths,
): Promise<ChannelCertificates> {
  const files = new Map<string, Uint8Array>();
  const key = { authority: 'ca ', tlsAuthority: 'tlsca ', ordererTls: 'tls ' };
  const wanted = [
    ...material.organizations.flatMap((organization): [string, string][] => [
      [key.authority + organization.name, organization.authority.certificate],
      [key.tlsAuthority + organization.name, organization.tlsAuthority.certificate],
    ]),
    ...material
      .organization(ordererOrganization(topology).name)
      .nodes.map((node): [string, string] => [key.ordererTls + node.name, node.tls.certificate]),
  ];
  await Promise.all(wanted.map(async ([name, file]) => files.set(name, await readMaterial(file))));
  const lookup = (prefix: string) => (name: string) => {
    const content = files.get(prefix + name);
    if (content === undefined) throw new Error(`no certificate was read for ${name}`);
    return content;
  };
  return {
    authority: lookup(key.authority),
    tlsAuthority: lookup(key.tlsAuthority),
    ordererTls: lookup(key.ordererTls),
  };
}

async function readMaterial(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = 'Create the material of the network first.';
    throw new MaterialError('unreadable', file, reason, hint, { cause: error });
  }
}

/** A time that is fixed by the material: when the youngest CA the configuration knows became valid. */
function youngestAuthority(topology: Topology, channel: string, certificates: ChannelCertificates): Date {
  const names = [ordererOrganization(topology), ...membersOf(topology, channel)].map(({ name }) => name);
  const times = names.map((name) => new X509Certificate(certificates.authority(name)).validFrom);
  return new Date(Math.max(...times.map((time) => new Date(time).getTime())));
}

/** Unsigned, naming itself as the last configuration block, in the new place and in the old one (common/genesis). */
function genesisMetadata(block: common.Block): common.BlockMetadata {
  const metadata = block.getMetadata() ?? new common.BlockMetadata();
  const fields = metadata.getMetadataList_asU8();
  const lastConfig = new common.LastConfig();
  const ordererMetadata = new common.OrdererBlockMetadata();
  ordererMetadata.setLastConfig(lastConfig);
  fields[common.BlockMetadataIndex.SIGNATURES] = metadataOf(ordererMetadata.serializeBinary());
  fields[common.BlockMetadataIndex.LAST_CONFIG] = metadataOf(lastConfig.serializeBinary());
  metadata.setMetadataList(fields);
  return metadata;
}

function metadataOf(value: Uint8Array): Uint8Array {
  const metadata = new common.Metadata();
  metadata.setValue(value);
  return metadata.serializeBinary();
}
