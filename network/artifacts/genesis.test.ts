import path from 'node:path';
import { common, msp, orderer } from '@hyperledger/fabric-protos';
import { beforeAll, describe, expect, it } from 'vitest';
import { configFromBlock } from '../protocol/block';
import { referenceBlock } from '../protocol/fixtures/blocks';
import { loadTopology } from '../topology/load';
import type { Topology } from '../topology/schema';
import { configGroupName, organizationByName } from '../topology/views';
import type { ChannelCertificates } from './config-group';
import { createGenesisBlock } from './genesis';

let topology: Topology;
beforeAll(async () => {
  topology = await loadTopology(path.join(import.meta.dirname, '..', 'cityflow.yaml'));
});

/**
 * Genesis blocks configtxgen made for this network, when only peer0 of each organization was an anchor peer and
 * addresses were host names.
 */
describe.each(['parking-channel', 'wallet-channel'])('the genuine genesis block of %s', (channel) => {
  let genuine: common.Block;
  let certificates: ChannelCertificates;
  let single: Topology;
  beforeAll(() => {
    genuine = referenceBlock(channel, 0);
    certificates = certificatesOf(genuine, topology);
    single = structuredClone(topology);
    for (const organization of single.organizations) organization.nodes.splice(1);
  });

  it('holds the configuration we make from the same certificates, byte by byte', () => {
    const own = createGenesisBlock(single, channel, certificates, 'hostnames');
    expect(Buffer.from(configFromBlock(own).serializeBinary())).toEqual(
      Buffer.from(configFromBlock(genuine).serializeBinary()),
    );
  });

  it('differs from ours in nonce, transaction id and time only', () => {
    const own = createGenesisBlock(single, channel, certificates, 'hostnames');
    expect(headersOf(own)).toEqual({
      ...headersOf(genuine),
      txId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(own.getHeader()?.getNumber()).toBe(0);
    expect(own.getHeader()?.getPreviousHash_asU8()).toHaveLength(0);
    const { SIGNATURES, LAST_CONFIG } = common.BlockMetadataIndex;
    for (const index of [SIGNATURES, LAST_CONFIG])
      expect(metadataOf(own, index)).toEqual(metadataOf(genuine, index));
  });

  it('is the same every time', () => {
    const [first, second] = [0, 1].map(() =>
      createGenesisBlock(topology, channel, certificates, 'localhost'),
    );
    expect(first?.serializeBinary()).toEqual(second?.serializeBinary());
  });

  it('changes with block cutting and addressing', () => {
    const faster = structuredClone(topology);
    faster.ordering.batchTimeout = '200ms';
    const blocks = [
      createGenesisBlock(topology, channel, certificates, 'localhost'),
      createGenesisBlock(topology, channel, certificates, 'hostnames'),
      createGenesisBlock(faster, channel, certificates, 'localhost'),
    ];
    expect(new Set(blocks.map((block) => block.getHeader()?.getDataHash_asB64())).size).toBe(blocks.length);
  });
});

function headersOf(block: common.Block) {
  const [envelope] = block.getData()?.getDataList_asU8() ?? [];
  const payload = common.Payload.deserializeBinary(
    common.Envelope.deserializeBinary(envelope ?? new Uint8Array()).getPayload_asU8(),
  );
  const header = common.ChannelHeader.deserializeBinary(
    payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
  );
  const signature = common.SignatureHeader.deserializeBinary(
    payload.getHeader()?.getSignatureHeader_asU8() ?? new Uint8Array(),
  );
  return {
    type: header.getType(),
    version: header.getVersion(),
    channel: header.getChannelId(),
    txId: header.getTxId(),
    epoch: header.getEpoch(),
    extension: header.getExtension_asU8().length,
    creator: signature.getCreator_asU8().length,
    nonce: signature.getNonce_asU8().length,
  };
}

function metadataOf(block: common.Block, index: number): string | undefined {
  return block.getMetadata()?.getMetadataList_asB64()[index];
}

/** The certificates inside a genesis block, in place of a material folder. */
function certificatesOf(block: common.Block, topology: Topology): ChannelCertificates {
  const root = configFromBlock(block).getChannelGroup();
  const groups = ['Orderer', 'Application'].map((name) => root?.getGroupsMap().get(name));
  const fabricMsp = (organization: string): msp.FabricMSPConfig => {
    const name = configGroupName(organizationByName(topology, organization));
    const group = groups
      .map((parent) => parent?.getGroupsMap().get(name))
      .find((found) => found !== undefined);
    const config = msp.MSPConfig.deserializeBinary(
      group?.getValuesMap().get('MSP')?.getValue_asU8() ?? new Uint8Array(),
    );
    return msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
  };
  const consensus = orderer.ConsensusType.deserializeBinary(
    groups[0]?.getValuesMap().get('ConsensusType')?.getValue_asU8() ?? new Uint8Array(),
  );
  const [consenter] = orderer.etcdraft.ConfigMetadata.deserializeBinary(
    consensus.getMetadata_asU8(),
  ).getConsentersList();
  const first = (list: Uint8Array[]): Uint8Array => list[0] ?? new Uint8Array();
  return {
    authority: (name) => first(fabricMsp(name).getRootCertsList_asU8()),
    tlsAuthority: (name) => first(fabricMsp(name).getTlsRootCertsList_asU8()),
    ordererTls: () => consenter?.getServerTlsCert_asU8() ?? new Uint8Array(),
  };
}
