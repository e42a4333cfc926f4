import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { stringify } from 'yaml';
import { NetworkFolder } from '../runtime/network-folder';
import { writeGenuineConfiguration } from '../runtime/genuine-configuration';
import { processNodes } from '../runtime/process/node-programs';
import { ProcessRuntime } from '../runtime/process/process-runtime';
import { loadTopology } from '../topology/load';
import { withFreePorts } from '../topology/port-offset';
import type { Topology } from '../topology/schema';
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
import { readChaincodePackage } from './chaincode-package';
import { createMaterial } from './create-material';
import type { MaterialPaths } from './paths';

const binaries = process.env.FABRIC_BIN;
const run = promisify(execFile);

/** Runs a genuine command; rejects with what it wrote to stderr. */
async function genuine(
  command: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<string> {
  const file = path.join(binaries ?? '', command);
  const { stdout } = await run(file, args, { env: { PATH: process.env.PATH ?? '', ...environment } });
  return stdout;
}

async function needs(context: TestContext, ...commands: string[]): Promise<void> {
  for (const command of commands) {
    const present =
      binaries !== undefined &&
      (await access(path.join(binaries, command)).then(
        () => true,
        () => false,
      ));
    if (!present) context.skip(`genuine Fabric binaries not found (${command}): set FABRIC_BIN`);
  }
}

let topology: Topology;
let scratch: string;
beforeAll(async () => {
  topology = await withFreePorts(await loadTopology(path.join(import.meta.dirname, '..', 'cityflow.yaml')));
  scratch = await mkdtemp(path.join(os.tmpdir(), 'genuine-material-'));
});
afterAll(() => rm(scratch, { recursive: true }));

describe('configtxgen makes the same genesis blocks from our MSP folders', () => {
  it.for<Addressing>(['localhost', 'hostnames'])('with %s as addresses', async (addressing, context) => {
    await needs(context, 'configtxgen', 'configtxlator');
    await sameGenesis(topology, addressing);
  });

  it('with three orderers and other block cutting', async (context) => {
    await needs(context, 'configtxgen', 'configtxlator');
    const larger = structuredClone(topology);
    const { domain, nodes } = ordererOrganization(larger);
    for (const number of [2, 3]) {
      const grpc = 1000 + number;
      nodes.push({
        name: `orderer${number}.${domain}`,
        ports: { grpc, admin: grpc + 10, operations: grpc + 20 },
      });
    }
    larger.ordering = {
      ...larger.ordering,
      batchTimeout: '90s',
      maxMessageCount: 77,
      preferredMaxBytes: '2 MB',
    };
    await sameGenesis(larger, 'hostnames');
  });

  async function sameGenesis(of: Topology, addressing: Addressing): Promise<void> {
    const folder = await mkdtemp(path.join(scratch, 'genesis-'));
    const { paths } = await createMaterial(of, folder, { addressing });
    await writeFile(path.join(folder, 'configtx.yaml'), stringify(configtx(of, paths, addressing)));
    for (const { name } of of.channels) {
      const file = path.join(folder, `${name}.genuine.block`);
      await genuine('configtxgen', [
        '-configPath',
        folder,
        '-profile',
        name,
        '-channelID',
        name,
        '-outputBlock',
        file,
      ]);
      expect(await decoded(paths.genesisFile(name))).toEqual(await decoded(file));
    }
  }

  /** What configtxlator makes of a block, without what configtxgen draws anew each time. */
  async function decoded(block: string): Promise<unknown> {
    const output = `${block}.json`;
    const type = ['--type', 'common.Block'];
    await genuine('configtxlator', ['proto_decode', ...type, '--input', block, '--output', output]);
    const json = await readFile(output, 'utf8');
    return JSON.parse(json, (key, value: unknown): unknown =>
      ['timestamp', 'tx_id', 'nonce', 'data_hash'].includes(key) ? typeof value : value,
    );
  }
});

describe('genuine nodes work with our material', () => {
  it('an orderer and peers of two organizations join, and install our package', async (context) => {
    await needs(context, 'orderer', 'peer', 'osnadmin');
    const folder = path.join(scratch, 'network');
    const { paths } = await createMaterial(topology, folder, { addressing: 'localhost' });
    const networkFolder = new NetworkFolder(folder);
    await writeGenuineConfiguration(networkFolder);
    const declared = await processNodes(topology, paths, networkFolder, {
      programsFolder: '',
      isGenuine: () => true,
      variables: process.env,
    });
    const runtime = await ProcessRuntime.open(declared, networkFolder);
    const [channel] = topology.channels;
    const [orderer] = ordererNodes(topology);
    if (channel === undefined || orderer === undefined)
      throw new Error('the topology has a channel and an orderer');
    const peers = membersOf(topology, channel.name)
      .slice(0, 2)
      .map(({ name }) => peersOf(topology, name)[0]);
    try {
      await Promise.all([orderer, ...peers].map((node) => runtime.start(node?.name ?? '')));
      const admin = paths.user(orderer.organization, 'Admin');
      const joined = await genuine('osnadmin', [
        ...[
          'channel',
          'join',
          '--channelID',
          channel.name,
          '--config-block',
          paths.genesisFile(channel.name),
        ],
        ...['-o', `localhost:${orderer.ports.admin}`, '--ca-file', admin.tls.rootCertificate],
        ...['--client-cert', admin.tls.certificate, '--client-key', admin.tls.key],
      ]);
      expect(joined).toMatch(/^Status: 201/);

      for (const node of peers) {
        if (node === undefined) throw new Error('every member has a peer');
        const user = paths.user(node.organization, 'Admin');
        const environment = {
          FABRIC_CFG_PATH: networkFolder.peerConfiguration,
          CORE_PEER_TLS_ENABLED: 'true',
          CORE_PEER_LOCALMSPID: node.mspId,
          CORE_PEER_ADDRESS: grpcAddress(node, 'localhost'),
          CORE_PEER_MSPCONFIGPATH: user.mspFolder,
          CORE_PEER_TLS_ROOTCERT_FILE: user.tls.rootCertificate,
        };
        const peer = (...args: string[]) => genuine('peer', args, environment);
        const as = (name: string) => ({
          CORE_PEER_MSPCONFIGPATH: paths.user(node.organization, name).mspFolder,
        });
        await peer('channel', 'join', '-b', paths.genesisFile(channel.name));
        expect(await peer('channel', 'list')).toContain(channel.name);
        for (const { name } of paths.organization(node.organization).users) {
          const args = ['channel', 'getinfo', '-c', channel.name];
          expect(await genuine('peer', args, { ...environment, ...as(name) }), name).toContain('"height":1');
        }

        for (const contract of topology.contracts.filter(({ channel: at }) => at === channel.name)) {
          const { packageFile } = paths.contract(contract.name);
          const { packageId } = await readChaincodePackage(paths.contract(contract.name));
          expect((await peer('lifecycle', 'chaincode', 'calculatepackageid', packageFile)).trim()).toBe(
            packageId,
          );
          await peer('lifecycle', 'chaincode', 'install', packageFile);
          expect(await peer('lifecycle', 'chaincode', 'queryinstalled')).toContain(
            `Package ID: ${packageId},`,
          );
        }
      }
    } finally {
      await runtime.stopAll();
      await runtime.close();
    }
  });
});

/** configtx.yaml of this network, written by hand as the documentation teaches. */
function configtx(of: Topology, paths: MaterialPaths, addressing: Addressing): object {
  const rule = (Type: string, Rule: string) => ({ Type, Rule });
  const standard = {
    Readers: rule('ImplicitMeta', 'ANY Readers'),
    Writers: rule('ImplicitMeta', 'ANY Writers'),
    Admins: rule('ImplicitMeta', 'MAJORITY Admins'),
  };
  const endorsement = rule('ImplicitMeta', 'MAJORITY Endorsement');
  const organization = ordererOrganization(of);
  const addresses = ordererNodes(of).map((node) => grpcAddress(node, addressing));
  const orderer = {
    OrdererType: of.ordering.consensus,
    Addresses: addresses,
    EtcdRaft: {
      Consenters: ordererNodes(of).map((node) => {
        const certificate = paths.node(node.name).tls.certificate;
        const Host = nodeHost(node, addressing);
        return { Host, Port: node.ports.grpc, ClientTLSCert: certificate, ServerTLSCert: certificate };
      }),
    },
    BatchTimeout: of.ordering.batchTimeout,
    BatchSize: {
      MaxMessageCount: of.ordering.maxMessageCount,
      AbsoluteMaxBytes: of.ordering.absoluteMaxBytes,
      PreferredMaxBytes: of.ordering.preferredMaxBytes,
    },
    Organizations: [
      {
        Name: configGroupName(organization),
        ID: organization.mspId,
        MSPDir: paths.organization(organization.name).mspFolder,
        Policies: {
          Readers: rule('Signature', `OR('${organization.mspId}.member')`),
          Writers: rule('Signature', `OR('${organization.mspId}.member')`),
          Admins: rule('Signature', `OR('${organization.mspId}.admin')`),
        },
        OrdererEndpoints: addresses,
      },
    ],
    Policies: { ...standard, BlockValidation: rule('ImplicitMeta', 'ANY Writers') },
    Capabilities: { V2_0: true },
  };
  const profile = (channel: string) => ({
    Policies: standard,
    Capabilities: { V2_0: true },
    Orderer: orderer,
    Application: {
      Organizations: membersOf(of, channel).map((member) => ({
        Name: configGroupName(member),
        ID: member.mspId,
        MSPDir: paths.organization(member.name).mspFolder,
        Policies: {
          Readers: rule(
            'Signature',
            `OR('${member.mspId}.admin', '${member.mspId}.peer', '${member.mspId}.client')`,
          ),
          Writers: rule('Signature', `OR('${member.mspId}.admin', '${member.mspId}.client')`),
          Admins: rule('Signature', `OR('${member.mspId}.admin')`),
          Endorsement: rule('Signature', `OR('${member.mspId}.peer')`),
        },
        AnchorPeers: peersOf(of, member.name).map((node) => ({
          Host: nodeHost(node, addressing),
          Port: node.ports.grpc,
        })),
      })),
      Policies: { ...standard, LifecycleEndorsement: endorsement, Endorsement: endorsement },
      Capabilities: { V2_5: true },
    },
  });
  return { Profiles: Object.fromEntries(of.channels.map(({ name }) => [name, profile(name)])) };
}
