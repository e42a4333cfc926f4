import path from 'node:path';
import { Environment, EnvironmentError, type Variables } from '../node/environment';

/** How a peer is set up, read from the same variables a genuine peer takes (core.yaml through CORE_*). */
export interface PeerConfiguration {
  readonly id: string;
  readonly mspId: string;
  readonly mspFolder: string;
  /** Where ledgers and installed packages are kept. */
  readonly dataFolder: string;
  readonly listenAddress: { readonly host: string; readonly port: number };
  /** host:port under which other nodes reach this peer. */
  readonly endpoint: string;
  readonly tls:
    | {
        readonly certFile: string;
        readonly keyFile: string;
        readonly clientAuthRequired: boolean;
        readonly clientRootFiles: readonly string[];
      }
    | undefined;
  readonly operationsAddress: { readonly host: string; readonly port: number };
  readonly metricsEnabled: boolean;
  readonly deliverTimeWindowMs: number;
  readonly gateway: {
    readonly enabled: boolean;
    readonly endorsementTimeoutMs: number;
    readonly broadcastTimeoutMs: number;
  };
  readonly chaincode: {
    readonly executeTimeoutMs: number;
    readonly startupTimeoutMs: number;
    readonly keepaliveMs: number;
  };
  /** Most results an unpaginated query returns. */
  readonly totalQueryLimit: number;
  readonly maxMessageBytes: number;
  /** Calls of a service that may run at the same time; 0 sets no limit. */
  readonly concurrency: { readonly endorser: number; readonly deliver: number; readonly gateway: number };
}

/** Defaults are those of the sample core.yaml. Throws EnvironmentError naming the variable. */
export function readConfiguration(variables: Variables = process.env): PeerConfiguration {
  const env = new Environment(variables);
  refuseUnsupported(env);
  const tlsEnabled = env.bool('CORE_PEER_TLS_ENABLED', false);
  return {
    id: env.string('CORE_PEER_ID'),
    mspId: env.string('CORE_PEER_LOCALMSPID'),
    mspFolder: path.resolve(env.string('CORE_PEER_MSPCONFIGPATH')),
    dataFolder: path.resolve(env.string('CORE_PEER_FILESYSTEMPATH')),
    listenAddress: env.address('CORE_PEER_LISTENADDRESS', '0.0.0.0:7051'),
    endpoint: env.optional('CORE_PEER_GOSSIP_EXTERNALENDPOINT') ?? env.string('CORE_PEER_ADDRESS'),
    tls: tlsEnabled
      ? {
          certFile: env.string('CORE_PEER_TLS_CERT_FILE'),
          keyFile: env.string('CORE_PEER_TLS_KEY_FILE'),
          clientAuthRequired: env.bool('CORE_PEER_TLS_CLIENTAUTHREQUIRED', false),
          clientRootFiles: env.list('CORE_PEER_TLS_CLIENTROOTCAS_FILES'),
        }
      : undefined,
    operationsAddress: env.address('CORE_OPERATIONS_LISTENADDRESS', '127.0.0.1:9443'),
    metricsEnabled: env.string('CORE_METRICS_PROVIDER', 'disabled') === 'prometheus',
    deliverTimeWindowMs: env.duration('CORE_PEER_AUTHENTICATION_TIMEWINDOW', 15 * 60_000),
    gateway: {
      enabled: env.bool('CORE_PEER_GATEWAY_ENABLED', true),
      endorsementTimeoutMs: env.duration('CORE_PEER_GATEWAY_ENDORSEMENTTIMEOUT', 30_000),
      broadcastTimeoutMs: env.duration('CORE_PEER_GATEWAY_BROADCASTTIMEOUT', 30_000),
    },
    chaincode: {
      executeTimeoutMs: env.duration('CORE_CHAINCODE_EXECUTETIMEOUT', 30_000),
      startupTimeoutMs: env.duration('CORE_CHAINCODE_STARTUPTIMEOUT', 300_000),
      keepaliveMs: env.duration('CORE_CHAINCODE_KEEPALIVE', 0),
    },
    totalQueryLimit: env.int('CORE_LEDGER_STATE_TOTALQUERYLIMIT', 100_000),
    concurrency: {
      endorser: env.int('CORE_PEER_LIMITS_CONCURRENCY_ENDORSERSERVICE', 2500),
      deliver: env.int('CORE_PEER_LIMITS_CONCURRENCY_DELIVERSERVICE', 2500),
      gateway: env.int('CORE_PEER_LIMITS_CONCURRENCY_GATEWAYSERVICE', 500),
    },
    maxMessageBytes: env.int('CORE_PEER_MAXRECVMSGSIZE', 100 * 1024 * 1024),
  };
}

/** What a genuine peer could be told to do and this one can't is refused, not ignored. */
function refuseUnsupported(env: Environment): void {
  const database = env.string('CORE_LEDGER_STATE_STATEDATABASE', 'goleveldb');
  if (database !== 'goleveldb') {
    throw new EnvironmentError(
      `CORE_LEDGER_STATE_STATEDATABASE=${database}: an embedded peer keeps its state in LevelDB (goleveldb) only`,
    );
  }
  if (env.bool('CORE_OPERATIONS_TLS_ENABLED', false)) {
    throw new EnvironmentError(
      'CORE_OPERATIONS_TLS_ENABLED=true: the operations service of an embedded peer speaks plain HTTP on the loopback only',
    );
  }
}
