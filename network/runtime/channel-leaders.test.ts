import { expect, test } from 'vitest';
import { leaderChannels } from './channel-leaders';

test('channels are led where the orderer says 1, not where it says 0 or nothing', () => {
  const page = [
    '# TYPE consensus_etcdraft_is_leader gauge',
    'consensus_etcdraft_is_leader{channel="user-channel"} 1',
    'consensus_etcdraft_is_leader{channel="wallet-channel"} 0',
    'consensus_etcdraft_active_nodes{channel="parking-channel"} 1',
  ].join('\n');
  expect(leaderChannels(page)).toEqual(new Set(['user-channel']));
});
