import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash, signers, type Gateway } from '@hyperledger/fabric-gateway';
import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NetworkClients } from '../../../admin/network-clients';
import { NetworkDirectory } from '../../../admin/network-directory';
import { readChaincodePackage } from '../../../artifacts/chaincode-package';
import { createMaterial } from '../../../artifacts/create-material';
import type { MaterialPaths } from '../../../artifacts/paths';
import { ContractDeployment } from '../../../runtime/contract-deployment';
import { NetworkFolder } from '../../../runtime/network-folder';
import { nodeEnvironment, onThisMachine } from '../../../runtime/node-environment';
import { withFreePorts } from '../../../topology/port-offset';
import type { Topology } from '../../../topology/schema';
import { contractByName, nodeByName, ordererNodes, peerNodes } from '../../../topology/views';
import { redirectLogging } from '../../node/logging';
import { readConfiguration as readOrdererConfiguration } from '../../orderer/configuration';
import { startOrderer, type RunningOrderer } from '../../orderer/orderer';
import { readConfiguration } from '../configuration';
import { startPeer, type RunningPeer } from '../peer';
import { startBerths, type RunningChaincode } from './chaincode';
import { twoOrganizations } from './topology';

export const CHANNEL = 'harbour-channel';
export const CONTRACT = 'berths';

/** A gateway connection through one peer; must be closed. */
export interface GatewayConnection {
  readonly gateway: Gateway;
  close(): void;
}

/**
 * One embedded orderer and three embedded peers of two organizations in this process, on free ports and in a folder
 * of their own, and the test chaincode in a process of its own.
 */
export class TestNetwork {
  /** What the nodes logged. */
  readonly log: string[] = [];
  readonly #peers = new Map<string, RunningPeer>();
  #orderer: RunningOrderer | undefined;
  #chaincode: RunningChaincode | undefined;

  private constructor(
    readonly topology: Topology,
    readonly folder: NetworkFolder,
    readonly material: MaterialPaths,
    readonly clients: NetworkClients,
    readonly genesis: Buffer,
  ) {}

  /** Everything started, no channel joined by the peers yet. */
  static async start(): Promise<TestNetwork> {
    const folder = new NetworkFolder(await mkdtemp(path.join(tmpdir(), 'embedded-peer-')));
    const topology = await withFreePorts(twoOrganizations());
    const { paths } = await createMaterial(topology, folder.root, { addressing: 'localhost' });
    const clients = new NetworkClients(await NetworkDirectory.read(topology, paths, 'localhost'));
    const genesis = await readFile(paths.genesisFile(CHANNEL));
    const network = new TestNetwork(topology, folder, paths, clients, genesis);
    redirectLogging((line) => network.log.push(line));
    await network.startOrderer();
    for (const { name } of ordererNodes(topology)) {
      await (await clients.participation(name)).join(CHANNEL, genesis);
    }
    for (const { name } of peerNodes(topology)) await network.startPeer(name);
    return network;
  }

  async startOrderer(): Promise<void> {
    const [node] = ordererNodes(this.topology);
    if (node === undefined) throw new Error('the topology has no orderer');
    const environment = this.environment(node.name);
    this.#orderer = await startOrderer(await readOrdererConfiguration(environment));
  }

  async stopOrderer(): Promise<void> {
    await this.#orderer?.close();
    this.#orderer = undefined;
  }

  /** The environment a node is started with. */
  environment(name: string): Record<string, string> {
    const node = nodeByName(this.topology, name);
    return nodeEnvironment(this.topology, node, this.material.node(name), this.folder, onThisMachine);
  }

  /** Starts a peer, with some variables of its environment changed. */
  async startPeer(name: string, changes: Record<string, string> = {}): Promise<void> {
    this.#peers.set(name, await startPeer(readConfiguration({ ...this.environment(name), ...changes })));
  }

  async stopPeer(name: string): Promise<void> {
    await this.#peers.get(name)?.close();
    this.#peers.delete(name);
  }

  async joinAll(): Promise<void> {
    const { channels, directory } = this.clients;
    for (const { name, organization } of peerNodes(this.topology)) {
      await channels.join(directory.node(name), await directory.admin(organization), CHANNEL, this.genesis);
    }
  }

  async startChaincode(): Promise<void> {
    const paths = this.material.contract(CONTRACT);
    const { packageId } = await readChaincodePackage(paths);
    this.#chaincode = await startBerths(contractByName(this.topology, CONTRACT), paths, packageId);
  }

  /** Installs, approves and commits the test chaincode. */
  async deploy(): Promise<void> {
    const deployment = new ContractDeployment(this.clients, this.material);
    const contract = contractByName(this.topology, CONTRACT);
    for (const peer of peerNodes(this.topology)) await deployment.install(peer);
    await deployment.approve(contract);
    await deployment.commit(contract);
  }

  /** Blocks each peer has committed, by its name. */
  async heights(): Promise<Record<string, number>> {
    const { channels, directory } = this.clients;
    const entries = peerNodes(this.topology)
      .filter(({ name }) => this.#peers.has(name))
      .map(async ({ name, organization }) => {
        const admin = await directory.admin(organization);
        return [name, (await channels.chainInfo(directory.node(name), admin, CHANNEL)).height] as const;
      });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** Connects a user of an organization through a peer. */
  async connect(organization: string, user: string, peer: string): Promise<GatewayConnection> {
    const { address, tlsRootCertificates } = this.clients.directory.node(peer);
    const identity = this.material.user(organization, user);
    const client = new Client(address, credentials.createSsl(Buffer.from(tlsRootCertificates)), {
      'grpc.max_reconnect_backoff_ms': 500,
    });
    const gateway = connect({
      client,
      hash: hash.sha256,
      identity: { mspId: identity.mspId, credentials: await readFile(identity.certificate) },
      signer: signers.newPrivateKeySigner(createPrivateKey(await readFile(identity.key))),
      evaluateOptions: () => ({ deadline: Date.now() + 5000 }),
      endorseOptions: () => ({ deadline: Date.now() + 15_000 }),
      submitOptions: () => ({ deadline: Date.now() + 5000 }),
      commitStatusOptions: () => ({ deadline: Date.now() + 15_000 }),
    });
    return {
      gateway,
      close: () => {
        gateway.close();
        client.close();
      },
    };
  }

  async close(): Promise<void> {
    await this.clients.close();
    await Promise.all([...this.#peers.keys()].map((name) => this.stopPeer(name)));
    await this.#chaincode?.close();
    await this.stopOrderer();
    await rm(this.folder.root, { recursive: true, force: true });
  }
}
