import { readFile } from 'node:fs/promises';
import { common } from '@hyperledger/fabric-protos';
import type { NetworkClients } from '../admin/network-clients';
import type { MaterialPaths } from '../artifacts/paths';
import { blockHeader, blockHeaderHash } from '../protocol/block';
import { channelsOf, ordererNodes, peerNodes } from '../topology/views';
import { StageReporter, type BringUpProgress, type ItemReporter } from './bring-up-progress';
import { ContractDeployment } from './contract-deployment';
import { untilChannelsAreLed } from './channel-leaders';
import { firstCalls } from './first-calls';
import type { NetworkRuntime } from './network-runtime';

/** A network to be brought up. Its material has been created. */
export interface NetworkToBringUp {
  readonly material: MaterialPaths;
  readonly runtime: NetworkRuntime;
  readonly clients: NetworkClients;
}

export interface BringUpOptions {
  readonly progress?: BringUpProgress;
  readonly signal?: AbortSignal;
}

/**
 * Brings a network to ready: nodes running, channels joined, contracts installed, approved, committed and answering.
 * Each stage finds out what is there and does what is missing, so it may be called at any time and again after any
 * failure. Nodes that were started stay running when it fails.
 * @throws ForeignDataError, PortTakenError, ProgramMissingError before anything is started; else what the stage's clients throw
 */
export async function bringUp(network: NetworkToBringUp, options: BringUpOptions = {}): Promise<void> {
  const { material, runtime, clients } = network;
  const { signal } = options;
  const { topology } = clients.directory;
  const report = new StageReporter(options.progress ?? (() => undefined));
  const genesis = await readGenesis(
    topology.channels.map(({ name }) => name),
    material,
  );
  await runtime.claim(hashesOf(genesis));
  await runtime.assertStartable();

  await report.stage('start nodes', (item) => startNodes(runtime, item, signal));
  await report.stage('join orderers', (item) => joinOrderers(clients, genesis, item, signal));
  await report.stage('join peers', (item) => joinPeers(clients, genesis, item, signal));
  const deployment = new ContractDeployment(clients, material, signal);
  await report.stage('install contracts', (item) =>
    all(peerNodes(topology), (peer) => item(peer.name, () => deployment.install(peer))),
  );
  await report.stage('approve contracts', (item) =>
    all(topology.contracts, (contract) => item(contract.name, () => deployment.approve(contract))),
  );
  await report.stage('commit contracts', (item) =>
    all(topology.contracts, (contract) => item(contract.name, () => deployment.commit(contract))),
  );
  await report.stage('first calls', async (item) => {
    await all(topology.contracts, (contract) =>
      item(contract.name, () => firstCalls(clients, contract, signal)),
    );
    await untilChannelsAreLed(topology, signal);
  });
}

async function startNodes(runtime: NetworkRuntime, item: ItemReporter, signal?: AbortSignal): Promise<void> {
  await all(runtime.nodes(), ({ name }) =>
    item(name, async () => {
      if ((await runtime.state(name)).state === 'running') return false;
      await runtime.start(name, signal && { signal });
      return true;
    }),
  );
}

async function joinOrderers(
  clients: NetworkClients,
  genesis: ReadonlyMap<string, Buffer>,
  item: ItemReporter,
  signal?: AbortSignal,
): Promise<void> {
  const { topology } = clients.directory;
  await all(ordererNodes(topology), (orderer) =>
    item(orderer.name, async () => {
      const participation = await clients.participation(orderer.name);
      const joined = await Promise.all(
        [...genesis].map(([channel, block]) => participation.join(channel, block, signal)),
      );
      return joined.includes(true);
    }),
  );
}

async function joinPeers(
  clients: NetworkClients,
  genesis: ReadonlyMap<string, Buffer>,
  item: ItemReporter,
  signal?: AbortSignal,
): Promise<void> {
  const { directory, channels } = clients;
  await all(peerNodes(directory.topology), (peer) =>
    item(peer.name, async () => {
      const limits = signal && { signal };
      const node = directory.node(peer.name);
      const admin = await directory.admin(peer.organization);
      const already = await channels.joined(node, admin, limits);
      const missing = channelsOf(directory.topology, peer.organization).filter(
        ({ name }) => !already.includes(name),
      );
      await Promise.all(
        missing.map(async ({ name }) => {
          const block = genesis.get(name);
          if (block) await channels.join(node, admin, name, block, limits);
        }),
      );
      return missing.length > 0;
    }),
  );
}

async function readGenesis(
  channels: readonly string[],
  material: MaterialPaths,
): Promise<Map<string, Buffer>> {
  const read = channels.map(async (channel): Promise<[string, Buffer]> => [
    channel,
    await readFile(material.genesisFile(channel)),
  ]);
  return new Map(await Promise.all(read));
}

function hashesOf(genesis: ReadonlyMap<string, Buffer>): Record<string, string> {
  return Object.fromEntries(
    [...genesis].map(([channel, bytes]) => {
      const block = common.Block.deserializeBinary(bytes);
      return [channel, blockHeaderHash(blockHeader(block)).toString('hex')];
    }),
  );
}

/** Everything side by side; the first failure is thrown after all have settled, so nothing goes on behind it. */
async function all<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(items.map(work));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
