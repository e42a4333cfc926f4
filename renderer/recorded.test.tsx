import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ledgerTransactionSchema } from '../electron/api/ledger-models';
import { networkStatusSchema } from '../electron/api/models';
import { operations } from '../electron/api/operations';
import { App } from './app';
import { actAs } from './network/acting';
import { nodeTitle } from './network/membership';
import { RecordedClient } from './testing/recorded-client';
import disturbedJson from './testing/recorded/genuine-disturbed.json?raw';
import healthyJson from './testing/recorded/genuine.json?raw';
import { parseRecording } from './testing/recording';
import type { Recording } from './testing/recording';
import { shortId } from './ui/format';

/** Every view, on what a network of genuine Fabric nodes answered. `npm run record` asks one anew. */

const healthy = parseRecording(healthyJson);
/** An orderer and a peer are stopped, another peer came back and is behind. */
const disturbed = parseRecording(disturbedJson);

/** The first view's modules are loaded while it waits. */
const PATIENCE_MS = 25_000;
vi.setConfig({ testTimeout: 3 * PATIENCE_MS });

const MEMBER = 'ParkingOperator/operator';
/** Of no channel: the ordering organization has no peers. */
const OUTSIDER = 'Orderer/Admin';

const STOPPED = 'peer0.parkingoperator.cityflow.com';
const LAGGING = 'peer1.chargingstation.cityflow.com';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  window.location.hash = '';
});

interface View {
  /** Of the router, without `#`. */
  readonly address: string;
  readonly heading: string;
  readonly sees: readonly (string | RegExp)[];
}

/** Shows a view as it was when the recording was made. Ages and expiries are those of that moment; timers go on. */
function show({ address }: View, as: string, recording: Recording): RecordedClient {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(recording.recorded.at) });
  actAs(as);
  window.location.hash = address;
  const client = new RecordedClient(recording);
  render(<App client={client} />);
  return client;
}

/** What stands in the view, element by element. */
function textOf(element: HTMLElement): string {
  const texts: string[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode.textContent ?? '');
  return texts.join(' ').replaceAll(/\s+/g, ' ');
}

async function expectSeen({ heading, sees }: View, client: RecordedClient): Promise<HTMLElement> {
  const view = await screen.findByRole('main', {}, { timeout: PATIENCE_MS });
  await vi.waitFor(() => {
    expect(within(view).getByRole('heading', { level: 1 }).textContent).toBe(heading);
    for (const text of sees) expect(textOf(view)).toMatch(text);
  }, PATIENCE_MS);
  expect(client.unanswered).toEqual([]);
  return view;
}

const statusOf = (recording: Recording) => {
  const answer = recording.answers.find(({ operation }) => operation === 'network.status');
  if (!answer?.outcome.ok) throw new Error('The recording has no status.');
  return networkStatusSchema.parse(answer.outcome.value);
};

/** A transaction whose lines in the logs were recorded. */
const submitted = healthy.answers
  .filter(({ operation }) => operation === 'logs.search')
  .map(({ request }) => operations['logs.search'].request.parse(request).transactionId)
  .find((id) => id !== undefined);

/** Recorded whole, by id: the newest of a contract, and the one that lost a race. */
const transactions = healthy.answers.flatMap(({ operation, outcome }) =>
  operation === 'ledger.transaction' && outcome.ok ? ledgerTransactionSchema.parse(outcome.value) : [],
);
const lost = transactions.find(({ status }) => status === 'MVCC_READ_CONFLICT');
const defining = transactions.find(({ contract }) => contract === '_lifecycle');

const channelRows = statusOf(healthy).channels.map(
  ({ name, height, members }) =>
    new RegExp(`${name} .*${height} ${members.length * 2} of ${members.length * 2} level`),
);

const whole: readonly View[] = [
  {
    address: '/',
    heading: 'Overview',
    sees: ['Running, nothing needs you', '13 of 13', ...channelRows, '1 MVCC_READ_CONFLICT'],
  },
  {
    address: '/network?node=peer0.parkingoperator.cityflow.com',
    heading: 'Network',
    sees: [
      '13 of 13 nodes up',
      '26 of 26 joins',
      /wallet ?-channel \d+ blocks wallet 1\.0/,
      /has joined wallet-channel \(anchor peer\)/,
      'What breaks if I stop this',
      'Hyperledger Fabric',
    ],
  },
  {
    address: '/network?view=table&filter=citymanagement',
    heading: 'Network',
    sees: ['2 of 13 nodes', /peer0\.citymanagement .*running 10051/],
  },
  {
    address: '/network/peer0.userservice.cityflow.com',
    heading: 'peer0.userservice',
    sees: [
      'It has joined all 4 channels of UserService.',
      /It knows \d+ peers on/,
      'CN=peer0.userservice.cityflow.com',
    ],
  },
  {
    address: '/network/orderer.cityflow.com?tab=configuration',
    heading: 'orderer.cityflow',
    sees: ['orderer.yaml', /consensus: snapdir/, 'cityflow nodes stop orderer.cityflow.com'],
  },
  {
    address: '/network/orderer.cityflow.com?tab=stats',
    heading: 'orderer.cityflow',
    sees: ['Process id', /CPU/],
  },
  {
    address: '/channels',
    heading: 'Channels',
    sees: ['26 of 26 joins', 'All as declared', 'All level'],
  },
  {
    address: '/channels?tab=configuration&channel=parking-channel',
    heading: 'Channels',
    sees: ['ParkingOperatorMSP', '2.0 s', 'V2_5', 'localhost:7050'],
  },
  {
    address: '/network?view=table',
    heading: 'Network',
    sees: ['13 of 13 nodes up', 'orderer.cityflow', nodeTitle(STOPPED), /has joined charging-channel/],
  },
  {
    address: `/network/${LAGGING}`,
    heading: nodeTitle(LAGGING),
    sees: ['v2.5.4', 'CN=peer1.chargingstation.cityflow.com'],
  },
  {
    address: `/network/${LAGGING}?tab=environment`,
    heading: nodeTitle(LAGGING),
    sees: ['CORE_PEER_LOCALMSPID', 'ChargingStationMSP'],
  },
  { address: `/network/${LAGGING}?tab=logs`, heading: nodeTitle(LAGGING), sees: ['INFO'] },
  {
    address: '/connect',
    heading: 'Connect',
    sees: ['cityflow is running', 'Native', '/opt/fabric/bin/peer', 'It is running.'],
  },
  {
    address: '/transactions?contract=parking&function=RegisterSpot',
    heading: 'Transactions',
    sees: ['parking on parking-channel', 'RegisterSpot', 'Policy can be met now'],
  },
  { address: '/transactions?view=history', heading: 'Transactions', sees: ['RegisterSpot', 'SPOT-12'] },
  { address: '/channels?tab=policies&channel=wallet-channel', heading: 'Channels', sees: [/Endorsement/] },
  {
    address:
      '/logs?nodes=%5B%22peer0.parkingoperator.cityflow.com%22%2C%22parking.parkingoperator.cityflow.com%22%5D',
    heading: 'Logs',
    sees: [
      '2 nodes',
      'Level info',
      /INFO (\[ )?endorser (\] )?callChaincode -> finished chaincode/,
      'Level as started',
    ],
  },
  {
    address: `/logs?transaction=${submitted}`,
    heading: 'Transaction in the logs',
    sees: [/\d+ lines on [2-9] nodes/, /from first to last/, /\+0 ms INFO/],
  },
  {
    address: `/ledger?channel=${lost?.channel ?? ''}`,
    heading: 'Ledger',
    sees: [/\d+ blocks/, 'ParkingOperator, UserService, CityManagement'],
  },
  {
    address: `/ledger/${lost?.channel ?? ''}/blocks/${lost?.blockNumber ?? ''}`,
    heading: `Block ${lost?.blockNumber ?? ''}`,
    sees: ['MVCC_READ_CONFLICT', 'orderer.cityflow', 'OrdererMSP', 'read from peer'],
  },
  {
    address: `/ledger/${lost?.channel ?? ''}/tx/${lost?.transactionId ?? ''}`,
    heading: shortId(lost?.transactionId ?? '', 12, 8),
    sees: [
      'MVCC_READ_CONFLICT , code 11',
      /Someone changed .* first\. Nothing was written\./,
      'winner wrote it',
      'version moved on',
      /2 signatures/,
      'not delivered',
    ],
  },
  {
    address: `/ledger/${defining?.channel ?? ''}/tx/${defining?.transactionId ?? ''}`,
    heading: shortId(defining?.transactionId ?? '', 12, 8),
    sees: ['VALID , code 0', /approves definition 1 of/, 'blocks hold hashes only'],
  },
  { address: '/tasks', heading: 'Tasks', sees: ['5 tasks , 0 running', 'Running the demo', 'Failed'] },
  { address: '/tasks?show=failed', heading: 'Tasks', sees: ['transaction.run'] },
  {
    address: '/identities',
    heading: 'Identities',
    sees: ['All usable', '13 identities of 5 organizations', 'role = registrar', 'parking, charging, wallet'],
  },
  {
    address: '/identities?identity=ParkingOperator%2Foperator',
    heading: 'Identities',
    sees: ['CN=operator@parkingoperator.cityflow.com', 'ca.parkingoperator.cityflow.com'],
  },
  {
    address: '/metrics',
    heading: 'Metrics',
    sees: ['9 of 9 nodes', /all channels \d/, /95th percentile [\d,.]+/, /CM 5/, /MVCC 0/, /storage [\d.–]+/],
  },
  { address: '/metrics?tab=peers', heading: 'Metrics', sees: [/wallet \d+/, /US 1 [\d–]/] },
  {
    address: '/metrics?tab=orderer',
    heading: 'Metrics',
    sees: [/orderer\.cityflow 4/, /active 1/, /success \d/],
  },
  { address: '/metrics?tab=contracts', heading: 'Metrics', sees: [/get state \d/, 'charging', 'parking'] },
  { address: '/settings', heading: 'Settings', sees: ['Whoever was acted as last', 'Leave it running'] },
  { address: '/settings?tab=audit', heading: 'Settings', sees: [/ledger\.verify/, /ada admin/] },
  { address: '/settings?tab=kept', heading: 'Settings', sees: [/Metrics .*B .*2 days/, /Ledgers .*MB/] },
  { address: '/settings?tab=diagnostics', heading: 'Settings', sees: ['logs/orderer.cityflow.com.log'] },
  { address: '/settings?tab=about', heading: 'Settings', sees: ['2.5.4', 'native', '/home/ada'] },
];

describe.each([MEMBER, OUTSIDER])('a genuine network, acting as %s', (as) => {
  test.each(whole)('$address', async (view) => {
    const client = show(view, as, healthy);
    const shown = await expectSeen(view, client);
    expect(within(shown).queryAllByRole('alert')).toEqual([]);
    await vi.waitFor(() => {
      const headers = screen.getAllByRole('banner').map(textOf);
      expect(headers.filter((text) => text.includes(as.replace('/', ' / ')))).toHaveLength(1);
    });
  });
});

const broken: readonly View[] = [
  {
    address: '/',
    heading: 'Overview',
    sees: ['11 of 13', `${nodeTitle(STOPPED)}`, `${nodeTitle(LAGGING)}`, 'charging-channel'],
  },
  {
    address: '/channels',
    heading: 'Channels',
    sees: ['23 of 26 joins', '3 not known', /Worst lag \d+ blocks/],
  },
  {
    address: `/network?node=${STOPPED}`,
    heading: 'Network',
    sees: [
      '11 of 13 nodes up',
      `${nodeTitle(STOPPED)} is stopped`,
      /\d+ behind/,
      'does not say about wallet-channel',
    ],
  },
  {
    address: `/network/${LAGGING}`,
    heading: nodeTitle(LAGGING),
    sees: ['Catching up', /\d+ behind/],
  },
  {
    address: '/network?view=table',
    heading: 'Network',
    sees: ['11 of 13 nodes up', /peer0\.parkingoperator .{0,40}stopped/],
  },
  { address: `/network/${STOPPED}`, heading: nodeTitle(STOPPED), sees: [/stopped/i] },
  { address: '/tasks', heading: 'Tasks', sees: ['9 tasks'] },
  { address: '/metrics', heading: 'Metrics', sees: [/\d of \d nodes/, /CM \d/] },
  { address: '/settings?tab=audit', heading: 'Settings', sees: [/node\.stop/] },
];

describe.each([MEMBER, OUTSIDER])('a genuine network with nodes down, acting as %s', (as) => {
  test.each(broken)('$address', async (view) => {
    await expectSeen(view, show(view, as, disturbed));
  });
});

test('a recording of another wire is refused with what differs', () => {
  const old = healthyJson.replace('"runtime":"native"', '"runtime":"docker"');
  expect(() => parseRecording(healthyJson.replace(/"joined":true/, '"member":true'))).toThrow(
    /answer of channel\.show/,
  );
  expect(parseRecording(old).recorded.runtime).toBe('docker');
});
