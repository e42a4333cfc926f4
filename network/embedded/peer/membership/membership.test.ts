import { Server, ServerCredentials } from '@grpc/grpc-js';
import { common } from '@hyperledger/fabric-protos';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMaterial } from '../../../artifacts/create-material';
import type { MaterialPaths } from '../../../artifacts/paths';
import { ChannelConfig } from '../../../protocol/channel-config';
import { loadSigner } from '../../../protocol/signing';
import { withFreePorts } from '../../../topology/port-offset';
import type { Topology } from '../../../topology/schema';
import { nodeByName } from '../../../topology/views';
import { createLogger, redirectLogging } from '../../node/logging';
import type { PeerChannel, PeerContext } from '../channel';
import { NodeConnections } from '../services/connections';
import { twoOrganizations } from '../testing/topology';
import { Membership } from './membership';
import { PrivateDataExchange } from './private-data';
import { MembershipService } from './service';

const CHANNEL = 'harbour-channel';
let folder: string;
let topology: Topology;
let paths: MaterialPaths;
let config: ChannelConfig;
let restoreLogging: () => void;

beforeAll(async () => {
  restoreLogging = redirectLogging(() => undefined);
  folder = await mkdtemp(path.join(tmpdir(), 'membership-'));
  topology = await withFreePorts(twoOrganizations());
  ({ paths } = await createMaterial(topology, folder, { addressing: 'localhost' }));
  const genesis = await readFile(paths.genesisFile(CHANNEL));
  config = ChannelConfig.fromBlock(common.Block.deserializeBinary(genesis));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  restoreLogging();
});

interface Running {
  readonly membership: Membership;
  readonly privateData: PrivateDataExchange;
  readonly received: Map<string, Uint8Array>;
  readonly ledger: { height: number };
  stop(): void;
}

const running: Running[] = [];
afterEach(() => {
  for (const one of running.splice(0)) one.stop();
});

/** A peer of which only the membership exchange is there. */
async function startPeer(name: string): Promise<Running> {
  const node = nodeByName(topology, name);
  const own = paths.node(name);
  const [certificatePem, privateKeyPem] = await Promise.all([
    readFile(own.tls.certificate),
    readFile(own.tls.key),
  ]);
  const received = new Map<string, Uint8Array>();
  const ledger = {
    height: 1,
    transientStore: {
      put: (txId: string, _: number, bytes: Uint8Array) => {
        received.set(txId, bytes);
        return Promise.resolve();
      },
      get: (txId: string) => Promise.resolve([received.get(txId)].filter((bytes) => bytes !== undefined)),
    },
  };
  const channel = { id: CHANNEL, ledger, config: () => config } as unknown as PeerChannel;
  const context = {
    signer: await loadSigner(own.mspId, own.mspFolder),
    endpoint: `localhost:${node.ports.grpc}`,
    channels: () => [channel],
    channel: (id: string) => (id === CHANNEL ? channel : undefined),
  } as unknown as PeerContext;
  const connections = new NodeConnections({ certificatePem, privateKeyPem });
  const logger = createLogger('membership');
  const membership = new Membership({
    peer: context,
    connections,
    logger,
    runnable: () => Promise.resolve([{ name: 'berths', sequence: 1 }]),
  });
  const privateData = new PrivateDataExchange({
    peer: context,
    connections,
    logger,
    ownOrganization: (channelId) => membership.ownOrganization(channelId),
    committed: () => Promise.resolve(undefined),
  });
  const server = new Server();
  server.addService(MembershipService, { ...membership.server(), ...privateData.server() });
  await new Promise<void>((resolve, reject) => {
    const tls = ServerCredentials.createSsl(null, [
      { cert_chain: certificatePem, private_key: privateKeyPem },
    ]);
    server.bindAsync(`127.0.0.1:${node.ports.grpc}`, tls, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  await membership.start();
  const started: Running = {
    membership,
    privateData,
    received,
    ledger,
    stop: () => {
      void membership.close();
      connections.close();
      server.forceShutdown();
    },
  };
  running.push(started);
  return started;
}

const namesSeenBy = ({ membership }: Running): string[] =>
  membership
    .peersOf(CHANNEL)
    .map(
      ({ mspId, height, chaincodes }) =>
        `${mspId} ${height} ${chaincodes?.map(({ name }) => name).join() ?? '?'}`,
    )
    .sort();

describe('membership', () => {
  it('peers find each other from the anchor peers, with heights and chaincodes', async () => {
    const peers = await Promise.all(
      ['peer0.quay.example', 'peer1.quay.example', 'peer0.crane.example'].map(startPeer),
    );
    for (const one of peers) {
      await vi.waitFor(
        () => expect(namesSeenBy(one)).toEqual(['CraneMSP 1 berths', 'QuayMSP 1 berths', 'QuayMSP 1 berths']),
        5000,
      );
    }
  });

  it('follows heights, and forgets a peer that is gone until it is back', async () => {
    const watching = await startPeer('peer0.quay.example');
    const other = await startPeer('peer0.crane.example');
    await vi.waitFor(() => expect(namesSeenBy(watching)).toContain('CraneMSP 1 berths'), 5000);
    other.ledger.height = 7;
    await vi.waitFor(() => expect(namesSeenBy(watching)).toContain('CraneMSP 7 berths'), 5000);
    other.stop();
    await vi.waitFor(() => expect(namesSeenBy(watching)).toEqual(['QuayMSP 1 berths']), 5000);
    await startPeer('peer0.crane.example');
    await vi.waitFor(() => expect(namesSeenBy(watching)).toContain('CraneMSP 1 berths'), 8000);
  });

  it('tells who waits for a peer that it is gone', async () => {
    const watching = await startPeer('peer0.quay.example');
    const other = await startPeer('peer0.crane.example');
    await vi.waitFor(() => expect(namesSeenBy(watching)).toContain('CraneMSP 1 berths'), 5000);
    const { endpoint } = watching.membership.peersOf(CHANNEL).find(({ local }) => !local) ?? { endpoint: '' };
    const gone = vi.fn();
    const stop = watching.membership.watch(endpoint, gone);
    other.stop();
    watching.membership.watch(endpoint, () => undefined)();
    await vi.waitFor(() => expect(gone).toHaveBeenCalled(), 5000);
    stop();
  });

  it('a peer that does not know the exchange counts as a member of its organization', async () => {
    const node = nodeByName(topology, 'peer0.crane.example');
    const { tls } = paths.node(node.name);
    const genuine = new Server();
    const credentials = ServerCredentials.createSsl(null, [
      { cert_chain: await readFile(tls.certificate), private_key: await readFile(tls.key) },
    ]);
    await new Promise<void>((resolve, reject) => {
      genuine.bindAsync(`127.0.0.1:${node.ports.grpc}`, credentials, (error) =>
        error === null ? resolve() : reject(error),
      );
    });
    try {
      const watching = await startPeer('peer0.quay.example');
      await vi.waitFor(() => expect(namesSeenBy(watching)).toContain('CraneMSP 0 ?'), 5000);
    } finally {
      genuine.forceShutdown();
    }
  });

  it('hands private write sets to the other peer of the organization only', async () => {
    const [first, second, foreign] = await Promise.all(
      ['peer0.quay.example', 'peer1.quay.example', 'peer0.crane.example'].map(startPeer),
    );
    if (first === undefined || second === undefined || foreign === undefined) throw new Error('three peers');
    await vi.waitFor(() => expect(first.membership.ownOrganization(CHANNEL)).toHaveLength(1), 5000);
    const { ledger } = await import('@hyperledger/fabric-protos');
    const collection = new ledger.rwset.CollectionPvtReadWriteSet();
    collection.setCollectionName('secret');
    collection.setRwset(Buffer.from('writes'));
    const part = new ledger.rwset.NsPvtReadWriteSet();
    part.setNamespace('berths');
    part.addCollectionPvtRwset(collection);
    const set = new ledger.rwset.TxPvtReadWriteSet();
    set.addNsPvtRwset(part);
    await first.privateData.distribute(CHANNEL, 'tx', set);
    expect([...second.received.keys()]).toEqual(['tx']);
    expect([...foreign.received.keys()]).toEqual([]);

    const wanted = [{ namespace: 'berths', collection: 'secret' }];
    const found = await first.privateData.fetch(CHANNEL, 'tx', 3, 0, wanted);
    expect(Buffer.from(found ?? []).includes('writes')).toBe(true);
    expect(await first.privateData.fetch(CHANNEL, 'unknown', 3, 0, wanted)).toBeUndefined();
    expect(await foreign.privateData.fetch(CHANNEL, 'tx', 3, 0, wanted)).toBeUndefined();
  });
});
