/** Puts the orderer together, in the order a genuine one starts: operations, ledgers, admin, then clients. */
import { loadSigner } from '../../protocol/signing';
import { createNodeServer } from '../node/grpc-server';
import { createLogger } from '../node/logging';
import { Metrics } from '../node/metrics';
import { startOperations } from '../node/operations';
import { registerProcessMetrics } from '../node/process-metrics';
import type { RunningNode } from '../node/process';
import { startAdminServer } from './admin-server';
import { addAtomicBroadcast } from './atomic-broadcast';
import { BroadcastHandler } from './broadcast';
import type { OrdererChannel } from './channel';
import type { OrdererConfiguration } from './configuration';
import { DeliverHandler } from './deliver';
import { ordererMetrics } from './orderer-metrics';
import { ParticipationHandler } from './participation';
import { Registrar } from './registrar';

const logger = createLogger('orderer.common.server');

/** Version of Fabric whose behaviour this node follows. */
const FABRIC_VERSION = '2.5.4';
const CLOSE_GRACE_MS = 1_000;

export interface RunningOrderer extends RunningNode {
  readonly ports: { readonly grpc: number; readonly admin: number; readonly operations: number };
}

/** @throws ListenError, or what is wrong with the MSP folder or the ledgers' folder */
export async function startOrderer(configuration: OrdererConfiguration): Promise<RunningOrderer> {
  const metrics = new Metrics();
  registerProcessMetrics(metrics, FABRIC_VERSION);
  const series = ordererMetrics(metrics);
  const signer = await loadSigner(configuration.localMspId, configuration.localMspDir);
  let ledgerProblems = (): ReadonlyMap<string, string> => new Map();

  // First, so that a second orderer of the same network fails here, before it touches the ledgers.
  const operations = await startOperations({
    listenAddress: configuration.operationsAddress,
    version: FABRIC_VERSION,
    commitSha: 'embedded',
    metrics,
    checks: {
      ledger: () => {
        const problems = [...ledgerProblems()].map(([channel, reason]) => `${channel}: ${reason}`);
        return problems.length > 0 ? Promise.reject(new Error(problems.join('; '))) : Promise.resolve();
      },
    },
  });
  const registrar = await Registrar.open({
    location: configuration.ledgerLocation,
    signer,
    consenterCertificates: configuration.consenterCertificates,
    metrics: series,
  });
  ledgerProblems = () => registrar.problems();
  const participation = new ParticipationHandler(registrar, configuration.participation);
  const { admin } = configuration;
  const adminServer = await startAdminServer(admin.address, admin.tls, participation.listener);

  const channel = (channelId: string): OrdererChannel | undefined => registrar.channel(channelId);
  const { expirationChecks, tls } = configuration;
  const server = createNodeServer({
    listenAddress: configuration.listenAddress,
    tlsCert: tls?.certificate,
    tlsKey: tls?.key,
    clientRootCas: tls?.clientRootCas,
    requireClientCert: tls?.clientAuthRequired,
    maxMessageBytes: configuration.maxMessageBytes,
    keepalive: configuration.keepalive,
    metrics,
  });
  addAtomicBroadcast(server, {
    broadcast: new BroadcastHandler({ channel, metrics: series, expirationChecks }),
    deliver: new DeliverHandler({
      channel,
      metrics: series,
      expirationChecks,
      timeWindowMs: configuration.authenticationTimeWindowMs,
      mutualTls: tls?.clientAuthRequired ?? false,
    }),
    metrics: series,
  });
  const grpcPort = await server.listen();
  const ports = { grpc: grpcPort, admin: adminServer.port, operations: operations.port };
  logger.info('Beginning to serve requests', { ...ports, channels: registrar.list().join(',') });

  return {
    ports,
    close: async () => {
      await adminServer.close();
      // Ledgers close while clients are connected, so that blocks made of the last envelopes still reach them.
      await registrar.close();
      await server.close(CLOSE_GRACE_MS);
      await operations.close();
    },
  };
}
