import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import type { NetworkFolder } from './network-folder';

/**
 * Writes what genuine programs read besides their environment: core.yaml, orderer.yaml and the external builder for
 * chaincode-as-a-service packages. What differs from node to node stands in the environment.
 * @param asSeen the same folder where the programs see it: in a container elsewhere
 */
export async function writeGenuineConfiguration(
  folder: NetworkFolder,
  asSeen: NetworkFolder = folder,
): Promise<void> {
  await mkdir(folder.peerConfiguration, { recursive: true });
  await mkdir(folder.ordererConfiguration, { recursive: true });
  const binaries = path.join(folder.chaincodeBuilder, 'bin');
  await mkdir(binaries, { recursive: true });
  await writeFile(
    path.join(folder.peerConfiguration, 'core.yaml'),
    stringify(coreYaml(asSeen.chaincodeBuilder)),
  );
  await writeFile(path.join(folder.ordererConfiguration, 'orderer.yaml'), stringify(ordererYaml()));
  for (const [name, script] of Object.entries(builderScripts)) {
    const file = path.join(binaries, name);
    await writeFile(file, script);
    await chmod(file, 0o755);
  }
}

/** Settings of a genuine peer that an environment variable can't give, or that this network wants otherwise. */
function coreYaml(chaincodeBuilder: string): object {
  return {
    peer: {
      networkId: 'cityflow',
      gateway: { enabled: true, endorsementTimeout: '30s', broadcastTimeout: '30s', dialTimeout: '2m' },
      keepalive: {
        interval: '7200s',
        timeout: '20s',
        minInterval: '60s',
        client: { interval: '60s', timeout: '20s' },
        deliveryClient: { interval: '60s', timeout: '20s' },
      },
      gossip,
      tls: { enabled: true, clientAuthRequired: false },
      authentication: { timewindow: '15m' },
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
      localMspType: 'bccsp',
      client: { connTimeout: '3s' },
      deliveryclient: {
        blockGossipEnabled: true,
        connTimeout: '3s',
        reconnectTotalTimeThreshold: '3600s',
        // A peer on the same machine as its orderer should not sit out a long pause after the orderer's restart.
        reConnectBackoffThreshold: '2s',
      },
      handlers: {
        authFilters: [{ name: 'DefaultAuth' }, { name: 'ExpirationCheck' }],
        decorators: [{ name: 'DefaultDecorator' }],
        endorsers: { escc: { name: 'DefaultEndorsement', library: '' } },
        validators: { vscc: { name: 'DefaultValidation', library: '' } },
      },
      discovery: {
        enabled: true,
        authCacheEnabled: true,
        authCacheMaxSize: 1000,
        authCachePurgeRetentionRatio: 0.75,
        orgMembersAllowedAccess: false,
      },
      limits: { concurrency: { endorserService: 2500, deliverService: 2500, gatewayService: 500 } },
      maxRecvMsgSize: 104_857_600,
      maxSendMsgSize: 104_857_600,
    },
    // Any value makes /healthz report Docker as failed where there is none; an empty environment variable can't say so.
    vm: { endpoint: '' },
    chaincode: {
      pull: false,
      externalBuilders: [{ name: 'ccaas_builder', path: chaincodeBuilder, propagateEnvironment: [] }],
      installTimeout: '300s',
      startuptimeout: '300s',
      executetimeout: '30s',
      mode: 'net',
      keepalive: 0,
      // A system chaincode that isn't listed is not deployed.
      system: { _lifecycle: 'enable', cscc: 'enable', lscc: 'enable', qscc: 'enable' },
      logging: { level: 'info', shim: 'warning' },
    },
    ledger: {
      state: {
        stateDatabase: 'goleveldb',
        // 10,000 where it is left out: unpaginated scans would end silently.
        totalQueryLimit: 100_000,
        couchDBConfig: {
          maxRetries: 3,
          maxRetriesOnStartup: 10,
          requestTimeout: '35s',
          internalQueryLimit: 1000,
          maxBatchUpdateSize: 1000,
          createGlobalChangesDB: false,
          cacheSize: 64,
        },
      },
      history: { enableHistoryDatabase: true },
      pvtdataStore: {
        collElgProcMaxDbBatchSize: 5000,
        collElgProcDbBatchesInterval: 1000,
        deprioritizedDataReconcilerInterval: '60m',
        purgeInterval: 100,
        purgedKeyAuditLogging: true,
      },
      snapshots: { rootDir: '' },
    },
    operations: { tls: { enabled: false, clientAuthRequired: false } },
    metrics: { provider: 'prometheus' },
  };
}

/**
 * Gossip at the pace of one machine. The gateway finds endorsers by gossip alone, so how soon a peer can endorse
 * after its start is how soon it has heard of the others; the usual four and five seconds each add up.
 */
const gossip = {
  useLeaderElection: false,
  orgLeader: true,
  membershipTrackerInterval: '5s',
  maxBlockCountToStore: 10,
  maxPropagationBurstLatency: '10ms',
  maxPropagationBurstSize: 10,
  propagateIterations: 1,
  propagatePeerNum: 3,
  pullInterval: '1s',
  pullPeerNum: 3,
  requestStateInfoInterval: '1s',
  publishStateInfoInterval: '1s',
  publishCertPeriod: '10s',
  skipBlockVerification: false,
  dialTimeout: '3s',
  connTimeout: '2s',
  recvBuffSize: 20,
  sendBuffSize: 200,
  digestWaitTime: '250ms',
  requestWaitTime: '500ms',
  responseWaitTime: '750ms',
  aliveTimeInterval: '1s',
  aliveExpirationTimeout: '10s',
  reconnectInterval: '2s',
  maxConnectionAttempts: 120,
  msgExpirationFactor: 20,
  election: {
    startupGracePeriod: '15s',
    membershipSampleInterval: '1s',
    leaderAliveThreshold: '10s',
    leaderElectionDuration: '5s',
  },
  pvtData: {
    pullRetryThreshold: '10s',
    transientstoreMaxBlockRetention: 1000,
    pushAckTimeout: '3s',
    btlPullMargin: 10,
    reconcileBatchSize: 10,
    reconcileSleepInterval: '1m',
    reconciliationEnabled: true,
    skipPullingInvalidTransactionsDuringCommit: false,
    implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 1 },
  },
  state: {
    enabled: false,
    checkInterval: '10s',
    responseTimeout: '3s',
    batchSize: 10,
    blockBufferSize: 20,
    maxRetries: 3,
  },
};

/** Every section an environment variable reaches into has to be there: the orderer overrides known keys only. */
function ordererYaml(): object {
  return {
    General: {
      ListenAddress: '127.0.0.1',
      TLS: { Enabled: true, ClientAuthRequired: false },
      Keepalive: { ServerMinInterval: '60s', ServerInterval: '7200s', ServerTimeout: '20s' },
      MaxRecvMsgSize: 104_857_600,
      MaxSendMsgSize: 104_857_600,
      Cluster: { SendBufferSize: 100 },
      BootstrapMethod: 'none',
      Profile: { Enabled: false },
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
      Authentication: { TimeWindow: '15m' },
    },
    FileLedger: { Location: '' },
    Operations: { ListenAddress: '', TLS: { Enabled: false, ClientAuthRequired: false } },
    Metrics: { Provider: 'prometheus', Statsd: {} },
    Admin: { ListenAddress: '', TLS: { Enabled: true, ClientAuthRequired: true } },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: '1 MB' },
    Consensus: { WALDir: '', SnapDir: '' },
  };
}

/**
 * The external builder's three programs (docs: external builders and launchers). They take packages of type ccaas as
 * they are; templates in connection.json are for builders that are given a configuration, which this one is not.
 */
const builderScripts: Readonly<Record<'detect' | 'build' | 'release', string>> = {
  detect: `#!/bin/sh
# detect SOURCE METADATA: succeeds for chaincode-as-a-service packages.
set -eu
tr -d '[:space:]' < "$2/metadata.json" | grep -qi '"type":"ccaas"'
`,
  build: `#!/bin/sh
# build SOURCE METADATA OUTPUT: there is nothing to compile, the connection is all.
set -eu
if [ ! -f "$1/connection.json" ]; then
  echo "connection.json is missing from the package" >&2
  exit 1
fi
if grep -q '{{' "$1/connection.json"; then
  echo "connection.json is a template; this network's builder takes plain values only" >&2
  exit 1
fi
cp "$1/connection.json" "$3/connection.json"
if [ -d "$1/META-INF" ]; then cp -R "$1/META-INF" "$3/META-INF"; fi
`,
  release: `#!/bin/sh
# release OUTPUT RELEASE: hands connection and state database indexes to the peer.
set -eu
mkdir -p "$2/chaincode/server"
cp "$1/connection.json" "$2/chaincode/server/connection.json"
if [ -d "$1/META-INF/statedb" ]; then cp -R "$1/META-INF/statedb" "$2/statedb"; fi
`,
};
