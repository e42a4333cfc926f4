import { views } from '../views';

/** One place of the console that specs and screenshots visit. */
export interface Place {
  readonly name: string;
  readonly address: string;
  /** A dialog is open in it, which holds the focus. */
  readonly modal?: true;
}

/** The node whose pages are visited. */
export const PEER = 'peer0.parkingoperator.cityflow.com';
export const ORDERER = 'orderer.cityflow.com';

/** The logs of these nodes, followed beside each other. */
export const logsOf = (nodes: readonly string[]): string =>
  `/logs?nodes=${encodeURIComponent(JSON.stringify(nodes))}`;

/** Pages and states of views that have an address of their own, in the order of the rail. */
const within: readonly Place[] = [
  { name: 'connect', address: '/connect' },
  { name: 'connect-doctor', address: `/connect?doctor=true&node=${ORDERER}` },
  { name: 'network-table', address: '/network?view=table' },
  { name: 'network-node', address: `/network?node=${PEER}` },
  { name: 'node', address: `/network/${PEER}` },
  { name: 'node-logs', address: `/network/${PEER}?tab=logs` },
  { name: 'node-stats', address: `/network/${PEER}?tab=stats` },
  { name: 'node-metrics', address: `/network/${PEER}?tab=metrics` },
  { name: 'node-configuration', address: `/network/${PEER}?tab=configuration` },
  { name: 'node-environment', address: `/network/${PEER}?tab=environment` },
  { name: 'channels-one', address: `/channels?channel=wallet-channel&peer=${PEER}` },
  { name: 'channels-configuration', address: '/channels?tab=configuration' },
  { name: 'channels-policies', address: '/channels?tab=policies' },
  // Blocks that every network has: its configuration, and approvals of contracts.
  { name: 'ledger-block', address: '/ledger/parking-channel/blocks/0' },
  { name: 'ledger-configuration', address: '/ledger/parking-channel/blocks/0/0' },
  { name: 'ledger-transaction', address: '/ledger/parking-channel/blocks/1/0' },
  { name: 'ledger-json', address: '/ledger/parking-channel/blocks/1/0?show=json' },
  { name: 'ledger-hex', address: '/ledger/parking-channel/blocks/1/0?show=hex' },
  { name: 'transactions-function', address: '/transactions?contract=parking&function=RegisterSpot' },
  { name: 'transactions-history', address: '/transactions?view=history' },
  { name: 'metrics-peers', address: '/metrics?tab=peers' },
  { name: 'metrics-orderer', address: '/metrics?tab=orderer' },
  { name: 'metrics-contracts', address: '/metrics?tab=contracts' },
  { name: 'logs', address: '/logs?text=chaincode' },
  { name: 'logs-beside', address: logsOf([PEER, ORDERER]) },
  { name: 'logs-merged', address: `${logsOf([PEER, ORDERER])}&layout=merged&text=block` },
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
