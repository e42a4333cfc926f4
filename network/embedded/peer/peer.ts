import { status as Code } from '@grpc/grpc-js';
import { gateway, peer, type common } from '@hyperledger/fabric-protos';
import { access, constants, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createNodeServer, type NodeServer } from '../node/grpc-server';
import { createLogger } from '../node/logging';
import { Metrics } from '../node/metrics';
import { startOperations, type Operations } from '../node/operations';
import { registerProcessMetrics } from '../node/process-metrics';
import type { RunningNode } from '../node/process';
import type { PeerChannel, PeerContext } from './channel';
import { channelFactory } from './commit/channel-factory';
import type { PeerConfiguration } from './configuration';
import { createDeliver } from './deliver/deliver';
import { messageOf } from '../../protocol/cause';
import type { Endorser } from './endorser/endorser';
import { openEndorsing, type Endorsing } from './endorser/endorsing';
import { createGateway } from './gateway/gateway';
import { TransactionOutcomes } from './gateway/outcomes';
import { EndorserRegistry } from './gateway/registry';
import { Membership } from './membership/membership';
import type { RunnableChaincode } from './membership/members';
import { PrivateDataExchange } from './membership/private-data';
import { MembershipService } from './membership/service';
import { addLimitedService } from './services/concurrency';
import { NodeConnections } from './services/connections';
import { JoinedChannels } from './services/joined-channels';
import { loadLocalIdentity, loadTlsIdentity, type LocalIdentity } from './services/local-identity';
import { privateDataOf, readablePrivateData } from './services/private-block-data';
import { refuseAbsentServices } from './services/refusals';

const logger = createLogger('nodeCmd');

/** The release whose behaviour this peer follows. */
const FABRIC_VERSION = '2.5.4';
/** How long running calls may take to end when the peer stops, in milliseconds. */
const CLOSE_GRACE_MS = 1000;

export interface RunningPeer extends RunningNode {
  readonly ports: { readonly grpc: number; readonly operations: number };
}

/**
 * Starts a peer: operations first, so that a second instance fails before it touches the ledgers; then ledgers,
 * services, and last of all what talks to others. Throws saying what to do when the configuration, the identity, the
 * data folder or a port is not usable.
 */
export async function startPeer(configuration: PeerConfiguration): Promise<RunningPeer> {
  const opened: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    return await assemble(configuration, opened, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function assemble(
  configuration: PeerConfiguration,
  opened: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<RunningPeer> {
  const identity = await loadLocalIdentity(configuration);
  const tls = configuration.tls === undefined ? undefined : await loadTlsIdentity(configuration.tls);
  await prepareDataFolder(configuration.dataFolder);

  const metrics = new Metrics();
  registerProcessMetrics(metrics, FABRIC_VERSION);
  const operations = await startPeerOperations(configuration, metrics);
  opened.push(() => operations.close());

  const connections = new NodeConnections(tls);
  opened.push(() => connections.close());
  const server = createNodeServer({
    listenAddress: configuration.listenAddress,
    tlsCert: tls?.certificatePem,
    tlsKey: tls?.privateKeyPem,
    clientRootCas: tls?.clientRootCas,
    requireClientCert: configuration.tls?.clientAuthRequired,
    maxMessageBytes: configuration.maxMessageBytes,
    metrics,
  });

  // Channels need private data from other peers to commit, and those are found through the channels.
  const late: { channels?: JoinedChannels; membership?: Membership } = {};
  const context = peerContext(configuration, identity, () => late.channels);
  const privateData = new PrivateDataExchange({
    peer: context,
    connections,
    logger: createLogger('privdata'),
    ownOrganization: (channelId) => late.membership?.ownOrganization(channelId) ?? [],
    committed: async (channelId, block, tx) => {
      const channel = late.channels?.get(channelId);
      return channel && privateDataOf(channel.ledger, block, tx);
    },
  });
  const channels = await JoinedChannels.open(
    path.join(configuration.dataFolder, 'ledgersData'),
    channelFactory({ signer: identity.signer, tls, metrics, privateData }),
  );
  late.channels = channels;
  opened.push(() => channels.close());
  for (const channel of channels.list()) assertOwnNetwork(channel, identity, configuration);

  const endorsing = await openEndorsing({
    context,
    metrics,
    distributor: privateData,
    packagesFolder: path.join(configuration.dataFolder, 'lifecycle', 'chaincodes'),
    builderConfig: process.env['CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG'],
    executeTimeoutMs: configuration.chaincode.executeTimeoutMs,
    startupTimeoutMs: configuration.chaincode.startupTimeoutMs,
    keepaliveMs: configuration.chaincode.keepaliveMs,
    totalQueryLimit: configuration.totalQueryLimit,
  });
  opened.push(() => endorsing.close());

  const membership = new Membership({
    peer: context,
    connections,
    logger: createLogger('membership'),
    runnable: (channel) => runnableChaincodes(channel, endorsing),
  });
  late.membership = membership;
  opened.push(() => membership.close());
  endorsing.packages.onInstall(() => void membership.packageInstalled());

  addServices(server, {
    configuration,
    context,
    channels,
    endorsing,
    membership,
    privateData,
    connections,
    metrics,
  });
  const grpcPort = await server.listen();
  opened.push(() => server.close(CLOSE_GRACE_MS));
  channels.follow();
  await membership.start();
  logger.info(
    `Started peer with ID=[${configuration.id}], network ID=[dev], address=[${configuration.endpoint}]`,
    {
      channels: channels
        .list()
        .map(({ id }) => id)
        .join(','),
    },
  );
  return { ports: { grpc: grpcPort, operations: operations.port }, close };
}

interface Services {
  readonly configuration: PeerConfiguration;
  readonly context: PeerContext;
  readonly channels: JoinedChannels;
  readonly endorsing: Endorsing;
  readonly membership: Membership;
  readonly privateData: PrivateDataExchange;
  readonly connections: NodeConnections;
  readonly metrics: Metrics;
}

function addServices(server: NodeServer, services: Services): void {
  const { configuration, context, channels, endorsing, membership, privateData, connections, metrics } =
    services;
  const { concurrency } = configuration;
  addLimitedService(
    server.grpc,
    peer.EndorserService,
    endorserServer(endorsing.endorser),
    concurrency.endorser,
    logger,
  );
  const deliver = createDeliver({
    peer: context,
    accessControl: endorsing.accessControl,
    metrics,
    logger: createLogger('common.deliver'),
    timeWindowMs: configuration.deliverTimeWindowMs,
    mutualTls: configuration.tls?.clientAuthRequired ?? false,
    clientCertificate: (call) => server.clientCertificate(call),
    privateData: async (channelId, block, client) => {
      const channel = channels.get(channelId);
      return channel === undefined
        ? new Map()
        : readablePrivateData(channel.ledger, channel.config(), block, client);
    },
  });
  addLimitedService(server.grpc, peer.DeliverService, deliver, concurrency.deliver, logger);
  if (configuration.gateway.enabled) {
    const gatewayLogger = createLogger('gateway');
    const gatewayServer = createGateway({
      mspId: context.signer.mspId,
      peer: context,
      accessControl: endorsing.accessControl,
      registry: new EndorserRegistry({
        peer: context,
        endorser: endorsing.endorser,
        members: membership,
        connections,
        logger: gatewayLogger,
      }),
      outcomes: new TransactionOutcomes(),
      connections,
      options: configuration.gateway,
      logger: gatewayLogger,
    });
    addLimitedService(server.grpc, gateway.GatewayService, gatewayServer, concurrency.gateway, logger);
  }
  server.grpc.addService(MembershipService, { ...membership.server(), ...privateData.server() });
  refuseAbsentServices(server.grpc);
}

function endorserServer(endorser: Endorser): peer.IEndorserServer {
  return {
    processProposal: (call, callback) => {
      endorser.processProposal(call.request).then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: Code.UNKNOWN, details: messageOf(error) }),
      );
    },
  };
}

function peerContext(
  configuration: PeerConfiguration,
  { signer, msp }: LocalIdentity,
  channels: () => JoinedChannels | undefined,
): PeerContext {
  return {
    signer,
    localMsp: msp,
    endpoint: configuration.endpoint,
    channels: () => channels()?.list() ?? [],
    channel: (channelId) => channels()?.get(channelId),
    join: async (genesis: common.Block) => {
      await channels()?.join(genesis);
    },
  };
}

async function runnableChaincodes(
  channel: PeerChannel,
  { info }: Endorsing,
): Promise<readonly RunnableChaincode[]> {
  const snapshot = await channel.ledger.snapshot();
  try {
    const local = await info.localChaincodes(channel.id, snapshot);
    return local
      .filter(({ approved, installed }) => approved && installed !== undefined)
      .map(({ name, definition }) => ({ name, sequence: definition.sequence }));
  } finally {
    await snapshot.close();
  }
}

/** Throws when the ledger is of a network in which this peer's certificate means nothing. */
function assertOwnNetwork(
  channel: PeerChannel,
  { signer }: LocalIdentity,
  { dataFolder }: PeerConfiguration,
): void {
  try {
    channel.config().msps.deserializeIdentity(signer.creator).validate();
  } catch (cause) {
    throw new Error(
      `the ledger of ${channel.id} in ${dataFolder} belongs to another network: its ${signer.mspId} does not know this ` +
        `peer's certificate (${messageOf(cause)}). Give the peer the MSP folder of that network, or an empty data folder`,
      { cause },
    );
  }
}

async function prepareDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Error(
      `CORE_PEER_FILESYSTEMPATH=${folder}: the peer can't write there (${messageOf(cause)}). Give it a folder it owns`,
      { cause },
    );
  }
}

function startPeerOperations(configuration: PeerConfiguration, metrics: Metrics): Promise<Operations> {
  return startOperations({
    listenAddress: configuration.operationsAddress,
    version: FABRIC_VERSION,
    commitSha: 'embedded',
    metrics,
    checks: {},
  });
}
