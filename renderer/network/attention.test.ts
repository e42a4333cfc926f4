import { describe, expect, test } from 'vitest';
import { attentionOf } from './attention';
import { aStatus, withNode } from './testing/status';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const stopped = { state: 'stopped' as const, channels: [] };
const anIdentity = (expires: string) => ({ id: 'Alpha/operator', expires });
const found = (status = aStatus(), identities: { id: string; expires: string }[] = []) =>
  attentionOf(status, identities, NOW).map(({ title, detail }) => `${title}. ${detail}`);

describe('what needs somebody', () => {
  test('nothing, while all is well', () => expect(found()).toEqual([]));

  test('nothing, while the whole network is stopped on purpose', () => {
    const status = aStatus({ state: 'stopped' });
    expect(found({ ...status, nodes: status.nodes.map((node) => ({ ...node, ...stopped })) })).toEqual([]);
  });

  test('a stopped peer, with who endorses in its place', () => {
    expect(found(withNode('peer0.alpha.test', stopped))).toEqual([
      'peer0.alpha is stopped. peer1.alpha still endorses for Alpha.',
    ]);
  });

  test('the only orderer, with what stops and what goes on', () => {
    expect(found(withNode('orderer.test', stopped))).toEqual([
      'orderer.test is stopped. It is the only one: commits stop on its channel, reading goes on.',
    ]);
  });

  test('a peer that has not joined what it should', () => {
    expect(found(withNode('peer1.beta.test', { channels: [] }))).toEqual([
      'peer1.beta has not joined goods-channel. Beta is a member of it; 3 of 4 peers are in.',
    ]);
  });

  test('a peer that is behind, but not the one block that every commit is', () => {
    const behind = (height: string) =>
      found(withNode('peer1.beta.test', { channels: [{ name: 'goods-channel', height, tipHash: null }] }));
    expect(behind('6')).toEqual([]);
    expect(behind('3')[0]).toContain('peer1.beta is 4 blocks behind on goods-channel');
  });

  test('a node that runs but is not well, in its own words', () => {
    const health = { status: 'degraded' as const, reasons: ['No connection to the orderer.'] };
    expect(found(withNode('peer0.beta.test', { health }))).toEqual([
      'peer0.beta runs but is not well. No connection to the orderer.',
    ]);
  });

  test('what a node lacks on a channel once, not again as its bad health', () => {
    const health = { status: 'degraded' as const, reasons: ['It has not joined goods-channel.'] };
    expect(found(withNode('peer1.beta.test', { channels: [], health }))).toEqual([
      'peer1.beta has not joined goods-channel. Beta is a member of it; 3 of 4 peers are in.',
    ]);
  });

  test('a container that the topology has otherwise, and many as one', () => {
    const drift = ['memory limit: none, in the topology 512 MB'];
    expect(found(withNode('peer0.beta.test', { drift: [] }))).toEqual([]);
    const one = withNode('peer0.beta.test', { drift });
    expect(found(one)).toEqual([
      'peer0.beta is not as the topology has it. Memory limit: none, in the topology 512 MB. What it was made with holds until it is made anew.',
    ]);
    expect(found(withNode('peer0.beta.test', { drift: ['a: 1', 'b: 2', 'c: 3'] }))[0]).toContain(
      '3 settings differ. What',
    );
    const three = { ...one, nodes: one.nodes.map((node, index) => (index < 3 ? { ...node, drift } : node)) };
    expect(found(three)[0]).toContain('4 containers are not as the topology has them');
  });

  test('a certificate that expires within thirty days, and one that has', () => {
    expect(found(aStatus(), [anIdentity('2027-01-22T12:00:00Z')])).toEqual([]);
    expect(found(aStatus(), [anIdentity('2026-12-02T12:00:00Z')])[0]).toContain('expires soon');
    expect(found(aStatus(), [anIdentity('2026-11-01T12:00:00Z')])[0]).toContain('has expired');
  });

  test('what the console cannot keep on disk, in the core’s words, whether the network runs or not', () => {
    const fault = {
      store: 'audit' as const,
      kind: 'failing' as const,
      file: '/h/audit.log',
      title: 'The audit log cannot be kept on disk.',
      detail: 'The disk is full.',
      hint: 'Free some space.',
      since: '2026-11-22T11:00:00.000Z',
    };
    expect(found(aStatus({ state: 'stopped', storeFaults: [fault] }))).toEqual([
      'The audit log cannot be kept on disk. The disk is full. Free some space.',
    ]);
    const calls = { ...fault, file: '/h/calls', title: 'The list of calls cannot be kept on disk.' };
    expect(found(aStatus({ storeFaults: [fault, calls] }))).toEqual([
      '2 of the console’s files cannot be written. The audit log cannot be kept on disk. The list of calls cannot be kept on disk. Free some space.',
    ]);
    const damaged = { ...fault, kind: 'damaged' as const, file: '/h/settings.json' };
    expect(found(aStatus({ storeFaults: [fault, damaged] }))).toHaveLength(2);
  });

  test('the worst stands first', () => {
    const status = withNode('peer1.beta.test', stopped);
    const tones = attentionOf(status, [anIdentity('2026-12-02T12:00:00Z')], NOW).map(({ tone }) => tone);
    expect(tones).toEqual(['danger', 'warn']);
  });
});
