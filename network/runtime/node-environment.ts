import path from 'node:path';
import type { ContractPaths, NodePaths } from '../artifacts/paths';
import type { Contract, Topology } from '../topology/schema';
import { grpcAddress, nodeHost, peersOf } from '../topology/views';
import type { Addressing, TopologyNode, TopologyOrderer, TopologyPeer } from '../topology/views';
import type { NetworkFolder } from './network-folder';

/** Where nodes listen, and how they reach each other. */
export interface Placement {
  readonly listen: string;
  readonly addressing: Addressing;
}

/** Processes of one machine listen on loopback only. */
export const onThisMachine: Placement = { listen: '127.0.0.1', addressing: 'localhost' };
/** A container's own network is its loopback; what of it others may reach is published. */
export const inContainers: Placement = { listen: '0.0.0.0', addressing: 'hostnames' };

/**
 * Of embedded nodes and contracts. A small heap whose young generation stays small: nine nodes share one machine. With
 * 4 MB instead of 2 a transaction costs 6 % less processor time, and the network 40 MB more.
 */
export const memoryFlags = ['--max-semi-space-size=2', '--max-old-space-size=512'];

/** What a node reads of its environment: the same for the genuine and the embedded program. */
export function nodeEnvironment(
  topology: Topology,
  node: TopologyNode,
  paths: NodePaths,
  folder: NetworkFolder,
  placement: Placement,
): Record<string, string> {
  if (node.role === 'orderer') return ordererEnvironment(node, paths, folder, placement);
  const neighbours = peersOf(topology, node.organization).filter(({ name }) => name !== node.name);
  return peerEnvironment(node, paths, neighbours, folder, placement);
}

/** An orderer's configuration (orderer/common/localconfig). */
function ordererEnvironment(
  node: TopologyOrderer,
  { mspFolder, tls }: NodePaths,
  folder: NetworkFolder,
  { listen }: Placement,
): Record<string, string> {
  const ledger = folder.data(node.name);
  return {
    FABRIC_CFG_PATH: folder.ordererConfiguration,
    ORDERER_GENERAL_LISTENADDRESS: listen,
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
    ORDERER_ADMIN_LISTENADDRESS: `${listen}:${node.ports.admin}`,
    ORDERER_ADMIN_TLS_ENABLED: 'true',
    ORDERER_ADMIN_TLS_CERTIFICATE: tls.certificate,
    ORDERER_ADMIN_TLS_PRIVATEKEY: tls.key,
    ORDERER_ADMIN_TLS_ROOTCAS: `[${tls.rootCertificate}]`,
    ORDERER_ADMIN_TLS_CLIENTROOTCAS: `[${tls.rootCertificate}]`,
    ORDERER_OPERATIONS_LISTENADDRESS: `${listen}:${node.ports.operations}`,
    ORDERER_METRICS_PROVIDER: 'prometheus',
    ORDERER_FILELEDGER_LOCATION: path.join(ledger, 'orderer'),
    ORDERER_CONSENSUS_WALDIR: path.join(ledger, 'etcdraft', 'wal'),
    ORDERER_CONSENSUS_SNAPDIR: path.join(ledger, 'etcdraft', 'snapshot'),
  };
}

/**
 * A peer's configuration (core.yaml by CORE_* variables).
 * @param neighbours the organization's other peers, with which gossip begins
 */
function peerEnvironment(
  node: TopologyPeer,
  { mspFolder, tls }: NodePaths,
  neighbours: readonly TopologyPeer[],
  folder: NetworkFolder,
  { listen, addressing }: Placement,
): Record<string, string> {
  const ledger = folder.data(node.name);
  const host = nodeHost(node, addressing);
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
    CORE_PEER_ADDRESS: `${host}:${node.ports.grpc}`,
    CORE_PEER_LISTENADDRESS: `${listen}:${node.ports.grpc}`,
    CORE_PEER_CHAINCODEADDRESS: `${host}:${node.ports.chaincode}`,
    CORE_PEER_CHAINCODELISTENADDRESS: `${listen}:${node.ports.chaincode}`,
    CORE_PEER_GOSSIP_BOOTSTRAP: bootstrap.map((peer) => grpcAddress(peer, addressing)).join(' '),
    CORE_PEER_GOSSIP_EXTERNALENDPOINT: `${host}:${node.ports.grpc}`,
    CORE_OPERATIONS_LISTENADDRESS: `${listen}:${node.ports.operations}`,
    CORE_METRICS_PROVIDER: 'prometheus',
  };
}

/** A contract's process as a chaincode server: what fabric-chaincode-node's `server` command reads. */
export function contractEnvironment(
  contract: Contract,
  { tls }: ContractPaths,
  packageId: string,
  { listen }: Placement,
): Record<string, string> {
  return {
    CHAINCODE_ID: packageId,
    CHAINCODE_SERVER_ADDRESS: `${listen}:${contract.port}`,
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
