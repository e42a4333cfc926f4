import { views } from '../views';

/** One place of the console that specs and screenshots visit. */
export interface Place {
  readonly name: string;
  readonly address: string;
  /** A dialog is open in it, which holds the focus. */
  readonly modal?: true;
}

const PEER = 'peer0.parkingoperator.cityflow.com';

const logsOf = (...nodes: string[]) => `/logs?nodes=${encodeURIComponent(JSON.stringify(nodes))}`;

/** Pages and states of views that have an address of their own, in the order of the rail. */
const within: readonly Place[] = [
  { name: 'network-table', address: '/network?view=table' },
  { name: 'network-node', address: `/network?node=${PEER}` },
  { name: 'node', address: `/network/${PEER}` },
  { name: 'channels-configuration', address: '/channels?tab=configuration' },
  { name: 'channels-policies', address: '/channels?tab=policies' },
  { name: 'node-logs', address: `/network/${PEER}?tab=logs` },
  { name: 'logs', address: '/logs?text=chaincode' },
  { name: 'logs-beside', address: logsOf(PEER, 'orderer.cityflow.com') },
  { name: 'logs-merged', address: `${logsOf(PEER, 'orderer.cityflow.com')}&layout=merged&text=block` },
  { name: 'identities-one', address: '/identities?identity=ParkingOperator%2Foperator' },
  { name: 'identities-import', address: '/identities?form=import', modal: true },
  { name: 'identities-issue', address: '/identities?form=issue', modal: true },
  ...['kept', 'audit', 'diagnostics', 'about'].map((tab) => ({
    name: `settings-${tab}`,
    address: `/settings?tab=${tab}`,
  })),
];

/** Every view of the rail, and what else has an address. */
export const places: readonly Place[] = [
  ...views.map(({ id, path }) => ({ name: id, address: path })),
  ...within,
];
