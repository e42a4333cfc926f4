import { parseTopology } from '../../../topology/load';
import type { Topology } from '../../../topology/schema';

/** A small network for tests: two organizations, three peers, one channel, one contract. */
export function twoOrganizations(): Topology {
  return parseTopology(NETWORK, 'two-organizations.yaml');
}

const NETWORK = `
name: harbour
fabricVersion: 2.5.4
organizations:
  - name: Pilots
    mspId: PilotsMSP
    domain: pilots.example
    kind: orderer
    nodes:
      - { name: orderer.pilots.example, ports: { grpc: 3000, admin: 3001, operations: 3002 } }
  - name: Quay
    mspId: QuayMSP
    domain: quay.example
    kind: peer
    nodes:
      - { name: peer0.quay.example, ports: { grpc: 3010, chaincode: 3011, operations: 3012 } }
      - { name: peer1.quay.example, ports: { grpc: 3020, chaincode: 3021, operations: 3022 } }
  - name: Crane
    mspId: CraneMSP
    domain: crane.example
    kind: peer
    nodes:
      - { name: peer0.crane.example, ports: { grpc: 3030, chaincode: 3031, operations: 3032 } }
ordering:
  consensus: etcdraft
  batchTimeout: 200ms
  maxMessageCount: 10
  preferredMaxBytes: 512 KB
  absoluteMaxBytes: 10 MB
channels:
  - { name: harbour-channel, members: [Quay, Crane] }
contracts:
  - name: berths
    channel: harbour-channel
    owner: Quay
    version: '1.0'
    sequence: 1
    port: 3040
    endorsement: AND('QuayMSP.peer', 'CraneMSP.peer')
    collections: []
backend: { port: 3050 }
console: { port: 3051 }
`;
