import { expect, test } from 'vitest';
import { blockData } from './block';
import { endorsementOf } from './endorsement';
import { referenceBlock } from './fixtures/blocks';

const first = (number: number) => {
  const [envelope] = blockData(referenceBlock('parking-channel', number));
  if (!envelope) throw new Error('the block is empty');
  return endorsementOf(envelope);
};

test('the endorsers of a transaction that genuine peers committed are named as their certificates name them', () => {
  const endorsement = first(267);
  expect(endorsement?.responseStatus).toBe(200);
  expect(endorsement?.responseHash).toMatch(/^[0-9a-f]{64}$/);
  expect(endorsement?.endorsers.length).toBeGreaterThan(0);
  for (const { mspId, name } of endorsement?.endorsers ?? []) {
    expect(mspId).toMatch(/MSP$/);
    expect(name).toMatch(/^peer[01]\..*\.cityflow\.com$/);
  }
});

test('nobody endorses a configuration', () => expect(first(0)).toBeUndefined());
