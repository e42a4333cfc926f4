import { expect, test } from 'vitest';
import type { NodeStatus } from '../../api/models';
import { fakePorts } from '../fakes';
import { NetworkStatusService } from './network-status';
import { SettledFacts } from './settled-facts';

const peers = async (...tips: (string | null)[]): Promise<NodeStatus[]> => {
  const { host, nodes, channels, metricsHistory, faults } = fakePorts();
  const status = await new NetworkStatusService(host, nodes, channels, metricsHistory, faults).node(
    'peer0.alpha.test',
  );
  return tips.map((tipHash) => ({ ...status, channels: [{ name: 'goods-channel', height: '3', tipHash }] }));
};

async function asked(...looks: (string | null)[][]): Promise<number> {
  let questions = 0;
  const facts = new SettledFacts<number>();
  for (const tips of looks) {
    await facts.of('goods-channel', await peers(...tips), () => Promise.resolve((questions += 1)));
  }
  return questions;
}

test('what blocks decide is asked again only after another block', async () => {
  expect(await asked(['ab', 'ab'], ['ab', 'ab'], ['ab'])).toBe(1);
  expect(await asked(['ab', 'ab'], ['cd', 'cd'])).toBe(2);
});

test('while peers stand at different blocks, or do not say at which, no answer is kept', async () => {
  expect(await asked(['ab', 'cd'], ['ab', 'cd'])).toBe(2);
  expect(await asked([null], [null])).toBe(2);
  expect(await asked(['ab', 'cd'], ['cd', 'cd'], ['cd', 'cd'])).toBe(2);
});

test('a question that failed is asked again', async () => {
  const facts = new SettledFacts<number>();
  const level = await peers('ab', 'ab');
  await expect(facts.of('goods-channel', level, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await facts.of('goods-channel', level, () => Promise.resolve(7))).toBe(7);
});
