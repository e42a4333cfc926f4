import { expect, test } from 'vitest';
import type { NodeImpact } from '../../../electron/api/node-models';
import { aNode, aStatus, withNode } from '../../network/testing/status';
import { impactPoints } from './impact-points';
import { commonEnding } from './map-legend';
import { describeStop, mapOf } from './map-model';
import { configurationOf } from './node-configuration';
import { aDetail } from './testing/detail';

const stopOf = (name: string, status = aStatus()) =>
  mapOf(status)
    .lanes.flatMap(({ wires }) => wires)
    .find(({ node }) => node.name === name)?.stops[0];

test('lanes stand in the order of the topology, contracts under their channel', () => {
  const { lanes, contracts } = mapOf(aStatus());
  expect(lanes.map(({ organization, firstRow, wires }) => [organization, firstRow, wires.length])).toEqual([
    ['Ordering', 0, 1],
    ['Alpha', 1, 2],
    ['Beta', 3, 2],
  ]);
  expect(contracts.map((nodes) => nodes.map(({ name }) => name))).toEqual([['goods.alpha.test']]);
});

test('a line begins at the orderer and ends at its last stop', () => {
  const status = aStatus();
  const other = {
    ...status.channels[0],
    name: 'alpha-channel',
    members: ['Alpha'],
    height: '1',
    contract: null,
    anchorPeers: null,
  };
  const { segments } = mapOf({ ...status, channels: [...status.channels, other] });
  expect(segments.map(([goods]) => goods)).toEqual([
    'starts',
    'passes',
    'passes',
    'passes',
    'passes',
    'ends',
  ]);
  expect(segments.map(([, alpha]) => alpha)).toEqual([
    'starts',
    'passes',
    'ends',
    undefined,
    undefined,
    undefined,
  ]);
});

test('a stop: joined, anchor, behind, not joined, silent, orders, none', () => {
  const chain = (height: string) => ({ channels: [{ name: 'goods-channel', height, tipHash: null }] });
  expect(stopOf('peer0.alpha.test')).toMatchObject({ kind: 'joined', anchor: true });
  expect(stopOf('peer1.alpha.test')).toMatchObject({ kind: 'joined', anchor: false });
  // The one block that every commit is.
  expect(stopOf('peer1.alpha.test', withNode('peer1.alpha.test', chain('6')))?.kind).toBe('joined');
  expect(stopOf('peer1.alpha.test', withNode('peer1.alpha.test', chain('2')))).toMatchObject({
    kind: 'behind',
    note: '5 behind',
  });
  expect(stopOf('peer1.alpha.test', withNode('peer1.alpha.test', { channels: [] }))?.kind).toBe('missing');
  expect(
    stopOf('peer1.alpha.test', withNode('peer1.alpha.test', { channels: [], state: 'stopped' }))?.kind,
  ).toBe('silent');
  const failed = { status: 'failed' as const, reasons: [] };
  expect(
    stopOf('peer1.alpha.test', withNode('peer1.alpha.test', { channels: [], health: failed }))?.kind,
  ).toBe('silent');
  expect(stopOf('orderer.test')?.kind).toBe('orders');
  const stranger = aNode('peer0.gamma.test', { organization: 'Gamma', channels: [] });
  expect(stopOf('peer0.gamma.test', aStatus({ nodes: [...aStatus().nodes, stranger] }))).toBeUndefined();
});

test('a stop in words', () => {
  const stop = stopOf(
    'peer0.alpha.test',
    withNode('peer0.alpha.test', { channels: [{ name: 'goods-channel', height: '1', tipHash: null }] }),
  );
  expect(stop && describeStop(stop)).toBe(
    'has joined and is behind on goods-channel (anchor peer) (6 behind)',
  );
});

test('effects of one kind and reason are one point; the worst stands first, untouched channels last', () => {
  const effect = (channel: string, kind: NodeImpact['effect'], reason: string) => ({
    channel,
    contract: null,
    effect: kind,
    reason,
  });
  const status = aStatus();
  const channels = ['a', 'b', 'c', 'd'].map((name) => ({
    name,
    members: [],
    height: null,
    contract: null,
    anchorPeers: null,
  }));
  const points = impactPoints(
    { ...status, channels },
    {
      node: 'peer0.alpha.test',
      action: 'stop',
      effect: 'breaks',
      summary: '',
      effects: [
        effect('a', 'goes on', 'Others.'),
        effect('b', 'breaks', 'Last.'),
        effect('c', 'goes on', 'Others.'),
      ],
    },
  );
  expect(points.map(({ effect: kind, what }) => [kind, what])).toEqual([
    ['breaks', 'b'],
    ['goes on', 'a and c'],
    ['goes on', 'd'],
  ]);
});

test('the shared ending of all names, as long as something of each is left', () => {
  expect(commonEnding(['orderer.city.com', 'peer0.park.city.com'])).toBe('city.com');
  expect(commonEnding(['city.com', 'peer0.city.com'])).toBe('com');
  expect(commonEnding(['a.x', 'b.y'])).toBe('');
  expect(commonEnding(['alone.x'])).toBe('');
});

test('settings are told as the file they override', () => {
  const detail = aDetail(aNode('peer0.alpha.test'), {
    environment: { CORE_PEER_TLS_ENABLED: 'true', CORE_PEER_ID: 'p', CORE_LEDGER_ROOT: '/a b', OTHER: '1' },
  });
  expect(configurationOf(detail)).toEqual({
    format: 'what it overrides in core.yaml',
    text: 'ledger:\n  root: "/a b"\npeer:\n  id: p\n  tls:\n    enabled: true',
  });
  expect(configurationOf({ ...detail, environment: { CHAINCODE_ID: 'x' } })).toEqual({
    format: 'its variables',
    text: 'CHAINCODE_ID=x',
  });
});
