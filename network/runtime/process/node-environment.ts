import path from 'node:path';
import type { ContractPaths, NodePaths } from '../../artifacts/paths';
import type { Contract } from '../../topology/schema';
import type { TopologyOrderer, TopologyPeer } from '../../topology/views';
import type { NetworkFolder } from '../network-folder';

/** Processes of one machine listen on loopback only. */
const loopback = '127.0.0.1';

/** An orderer's configuration (orderer/common/localconfig): the same for the genuine and the embedded program. */
export function ordererEnvironment(
  node: TopologyOrderer,
  { mspFolder, tls }: NodePaths,
  folder: NetworkFolder,
): Record<string, string> {
  const ledger = folder.data(node.name);
  return {
    FABRIC_CFG_PATH: folder.ordererConfiguration,
    ORDERER_GENERAL_LISTENADDRESS: loopback,
    ORDERER_GENERAL_LISTENPORT: String(node.ports.grpc),
    ORDERER_GENERAL_LOCALMSPID: node.mspId,
    ORDERER_GENERAL_LOCALMSPDIR: mspFolder,
    ORDERER_GENERAL_TLS_ENABLED: 'true',
    ORDERER_GENERAL_TLS_PRIVATEKEY: tls.key,
    ORDERER_GENERAL_TLS_CERTIFICATE: tls.certificate,
    ORDERER_GENERAL_TLS_ROOTCAS: `[${tls.rootCertificate}]`,
    ORDERER_GENERAL_CLUSTER_CLIENTCERTIFICATE: tls.certificate,
    ORDERER_GENERAL_CLUSTER_CLIENTPRIVATEKEY: tls.key,
    ORDERER_GENERAL_CLUSTER_ROOTCAS: `[${tls.rootCertificate}]`,
    ORDERER_GENERAL_BOOTSTRAPMETHOD: 'none',
    ORDERER_CHANNELPARTICIPATION_ENABLED: 'true',
    ORDERER_ADMIN_LISTENADDRESS: `${loopback}:${node.ports.admin}`,
    ORDERER_ADMIN_TLS_ENABLED: 'true',
    ORDERER_ADMIN_TLS_CERTIFICATE: tls.certificate,
    ORDERER_ADMIN_TLS_PRIVATEKEY: tls.key,
    ORDERER_ADMIN_TLS_ROOTCAS: `[${tls.rootCertificate}]`,
    ORDERER_ADMIN_TLS_CLIENTROOTCAS: `[${tls.rootCertificate}]`,
    ORDERER_OPERATIONS_LISTENADDRESS: `${loopback}:${node.ports.operations}`,
    ORDERER_METRICS_PROVIDER: 'prometheus',
    ORDERER_FILELEDGER_LOCATION: path.join(ledger, 'orderer'),
    ORDERER_CONSENSUS_WALDIR: path.join(ledger, 'etcdraft', 'wal'),
    ORDERER_CONSENSUS_SNAPDIR: path.join(ledger, 'etcdraft', 'snapshot'),
  };
}

/**
 * A peer's configuration (core.yaml by CORE_* variables): the same for the genuine and the embedded program.
 * @param neighbours the organization's other peers, with which gossip begins
 */
export function peerEnvironment(
  node: TopologyPeer,
  { mspFolder, tls }: NodePaths,
  neighbours: readonly TopologyPeer[],
  folder: NetworkFolder,
): Record<string, string> {
  const ledger = folder.data(node.name);
  const bootstrap = neighbours.length > 0 ? neighbours : [node];
  return {
    FABRIC_CFG_PATH: folder.peerConfiguration,
    CORE_PEER_ID: node.name,
    CORE_PEER_LOCALMSPID: node.mspId,
    CORE_PEER_MSPCONFIGPATH: mspFolder,
    CORE_PEER_FILESYSTEMPATH: path.join(ledger, 'peer'),
    CORE_LEDGER_SNAPSHOTS_ROOTDIR: path.join(ledger, 'peer', 'snapshots'),
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_PEER_TLS_CERT_FILE: tls.certificate,
    CORE_PEER_TLS_KEY_FILE: tls.key,
    CORE_PEER_TLS_ROOTCERT_FILE: tls.rootCertificate,
    CORE_PEER_ADDRESS: `localhost:${node.ports.grpc}`,
    CORE_PEER_LISTENADDRESS: `${loopback}:${node.ports.grpc}`,
    CORE_PEER_CHAINCODEADDRESS: `localhost:${node.ports.chaincode}`,
    CORE_PEER_CHAINCODELISTENADDRESS: `${loopback}:${node.ports.chaincode}`,
    CORE_PEER_GOSSIP_BOOTSTRAP: bootstrap.map((peer) => `localhost:${peer.ports.grpc}`).join(' '),
    CORE_PEER_GOSSIP_EXTERNALENDPOINT: `localhost:${node.ports.grpc}`,
    CORE_OPERATIONS_LISTENADDRESS: `${loopback}:${node.ports.operations}`,
    CORE_METRICS_PROVIDER: 'prometheus',
  };
}

/** A contract's process as a chaincode server: what fabric-chaincode-node's `server` command reads. */
export function contractEnvironment(
  contract: Contract,
  { tls }: ContractPaths,
  packageId: string,
): Record<string, string> {
  return {
    CHAINCODE_ID: packageId,
    CHAINCODE_SERVER_ADDRESS: `${loopback}:${contract.port}`,
    CHAINCODE_TLS_CERT: tls.certificate,
    CHAINCODE_TLS_KEY: tls.key,
  };
}

const passedOn = [
  'PATH',
  'HOME',
  'USER',
  'USERPROFILE',
  'SystemRoot',
  'TEMP',
  'TMP',
  'TMPDIR',
  'LANG',
  'LC_ALL',
  'TZ',
  'FABRIC_LOGGING_SPEC',
  'ELECTRON_RUN_AS_NODE',
];

/**
 * What a node inherits: nothing that could configure it by accident – the exports with which somebody uses the
 * `peer` command in the same shell are CORE_* variables too.
 */
export function inheritedEnvironment(variables: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = variables[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
