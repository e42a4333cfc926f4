import { expect, test } from 'vitest';
import type { HealthCheck } from '../../api/node-models';
import { declared } from '../fakes';
import { seriesKey } from '../ports/metrics';
import type { MetricsFrame } from '../ports/metrics';
import { judged } from './node-health';
import type { Look } from './node-health';

const answered: HealthCheck = { check: 'call', verdict: 'ok', detail: 'It answers.' };
const peer: Look['status'] = {
  name: 'peer0.alpha.test',
  role: 'peer',
  organization: 'Alpha',
  mspId: 'AlphaMSP',
  program: 'genuine',
  state: 'running',
  address: 'localhost:3',
  operations: 'localhost:4',
  pid: 42,
  cpuPercent: null,
  residentBytes: null,
  drift: null,
  channels: [{ name: 'goods-channel', height: '10', tipHash: null }],
  contract: null,
};
const heights = (height: bigint) => new Map([['goods-channel', height]]);

function frame(
  node: string,
  values: [Parameters<typeof seriesKey>[0], number][],
  ageMs = 0,
  startedAt = 1,
): MetricsFrame {
  const channel = { channel: 'goods-channel' };
  return {
    at: Date.now() - ageMs,
    nodes: new Map([
      [
        node,
        { startedAt, values: new Map(values.map(([name, value]) => [seriesKey(name, channel), value])) },
      ],
    ]),
  };
}

const judge = (change: Partial<Look['status']> = {}, at = 10n, counts: MetricsFrame | null = null) =>
  judged(declared, { status: { ...peer, ...change }, checks: [answered] }, heights(at), counts);

const verdictOf = (checks: readonly HealthCheck[], wanted: HealthCheck['check']) =>
  checks.find(({ check }) => check === wanted)?.verdict;

test('a peer that lacks a block or two is level; one that lacks more is not well and says on which channel', () => {
  expect(judge({}, 12n).status.health).toEqual({ status: 'ok', reasons: [] });
  expect(judge({}, 14n).status.health).toEqual({
    status: 'degraded',
    reasons: ['It is 4 blocks behind on goods-channel.'],
  });
});

test('a peer that is not in a channel of its organization is not well', () => {
  expect(judge({ channels: [] }).status.health.reasons).toEqual([
    'It has not joined goods-channel, of which Alpha is a member.',
  ]);
});

test('gossip: known peers, nobody known, not read, not offered', () => {
  const counts = (known: number, age = 0) => frame(peer.name, [['gossip.known', known]], age);
  expect(verdictOf(judge({}, 10n, counts(2)).checks, 'gossip')).toBe('ok');
  const alone = judge({}, 10n, counts(0));
  expect(alone.status.health).toMatchObject({ status: 'degraded' });
  expect(verdictOf(judge({}, 10n, counts(0, 60_000)).checks, 'gossip')).toBe('unknown');
  expect(verdictOf(judge({ program: 'embedded' }, 10n, counts(0)).checks, 'gossip')).toBe('not offered');
  expect(judge().status.health.status).toBe('ok');
});

test('peers that were just started may not know each other yet: said, but not held against them', () => {
  const alone = (upMs: number) =>
    judge({}, 10n, frame(peer.name, [['gossip.known', 0]], 0, (Date.now() - upMs) / 1000));
  const { status, checks } = alone(4_000);
  expect(verdictOf(checks, 'gossip')).toBe('settling');
  expect(status.health).toEqual({
    status: 'ok',
    reasons: ['It was started 4 s ago and knows no other peer on goods-channel yet.'],
  });
  expect(alone(31_000).status.health.status).toBe('degraded');
});

test('a node that does not answer is not also blamed for what it could not say', () => {
  const failed: HealthCheck = { check: 'call', verdict: 'failed', detail: 'No answer.' };
  const { status, checks } = judged(
    declared,
    { status: { ...peer, channels: [] }, checks: [failed] },
    heights(10n),
    null,
  );
  expect(status.health).toEqual({ status: 'failed', reasons: ['No answer.'] });
  expect(checks).toEqual([failed]);
});

test('an orderer whose group has lost its majority is not well although it answers', () => {
  const consensus: HealthCheck = { check: 'consensus', verdict: 'ok', detail: 'It is active on 1 channels.' };
  const orderer = { ...peer, name: 'orderer.test', role: 'orderer' as const };
  const group = (active: number) =>
    judged(
      declared,
      { status: orderer, checks: [answered, consensus] },
      heights(10n),
      frame('orderer.test', [
        ['raft.activeNodes', active],
        ['raft.clusterSize', 3],
        ['raft.leader', 1],
      ]),
    ).status.health;
  expect(group(2)).toEqual({ status: 'ok', reasons: [] });
  expect(group(1).reasons[0]).toContain('Only 1 of 3 orderers of goods-channel are active.');
});

test('an orderer that was just started has no leader yet: said, but not held against it', () => {
  const consensus: HealthCheck = { check: 'consensus', verdict: 'ok', detail: 'It is active on 1 channels.' };
  const alone = (upMs: number, leader: number) =>
    judged(
      declared,
      {
        status: { ...peer, name: 'orderer.test', role: 'orderer' as const },
        checks: [answered, consensus],
      },
      heights(10n),
      frame(
        'orderer.test',
        [
          ['raft.activeNodes', 0],
          ['raft.clusterSize', 1],
          ['raft.leader', leader],
        ],
        0,
        (Date.now() - upMs) / 1000,
      ),
    ).status.health;
  const settling = alone(4_000, 0);
  expect(settling.status).toBe('ok');
  expect(settling.reasons[0]).toContain('It was started 4 s ago. Only 0 of 1 orderers');
  expect(alone(60_000, 0).status).toBe('degraded');
  // The count of active orderers comes late; one that leads is active.
  expect(alone(4_000, 1)).toEqual({ status: 'ok', reasons: [] });
});
