import { expect, test } from 'vitest';
import { leaderChannels, leaderless } from './channel-leaders';

test('channels are led where the orderer says 1, not where it says 0 or nothing', () => {
  const page = [
    '# TYPE consensus_etcdraft_is_leader gauge',
    'consensus_etcdraft_is_leader{channel="user-channel"} 1',
    'consensus_etcdraft_is_leader{channel="wallet-channel"} 0',
    'consensus_etcdraft_active_nodes{channel="parking-channel"} 1',
  ].join('\n');
  expect(leaderChannels(page)).toEqual(new Set(['user-channel']));
});

test('a lost majority is told with who is missing and how many are needed', () => {
  expect(leaderless(['user-channel'], ['orderer.x', 'orderer2.x'], 3)).toBe(
    'no orderer leads user-channel: orderer.x and orderer2.x do not answer, and 2 of 3 orderers are needed: start 1 of them',
  );
  expect(leaderless(['user-channel'], ['orderer.x'], 3)).toMatch(/see the logs of the orderers/);
});
