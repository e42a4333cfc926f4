import { describe, expect, it } from 'vitest';
import { referenceBlock } from '../fixtures/blocks';
import { Undecodable } from './layer';
import { LedgerBlock } from './ledger-block';
import {
  approvalKeys,
  lifecycleKeyInWords,
  lifecycleStep,
  lifecycleStepInWords,
  lifecycleValueInWords,
} from './lifecycle-words';

const stepsOf = (number: number): string[] =>
  new LedgerBlock(referenceBlock('parking-channel', number)).transactions
    .flatMap(({ actions }) => actions.map(lifecycleStep))
    .map((step) => (step === undefined ? 'none' : lifecycleStepInWords(step)));

describe('the lifecycle of a contract', () => {
  const definition1 = 'definition 1 of demo (version 1.0), endorsement policy of the channel';
  const definition2 =
    "definition 2 of demo (version 1.1), endorsement policy AND('ParkingOperatorMSP.peer', 'CityManagementMSP.peer'), " +
    'collections operatorPricing';
  const run = 'to run package demo_1:ce34789b3eb1f40c64ed210c5094040179dafe2995a89a4857cfdecdd932a8c6';

  it.each([
    [1, `ParkingOperatorMSP approves ${definition1}, ${run}.`],
    [4, `Commits ${definition1}.`],
    [266, `ParkingOperatorMSP approves ${definition2}, ${run}.`],
    [268, `CityManagementMSP approves ${definition2}, ${run}.`],
    [269, `Commits ${definition2}.`],
  ])('is told in words by block %i', (number, words) => {
    expect(stepsOf(number)).toEqual([words]);
  });

  it('is no matter of other contracts', () => {
    expect(stepsOf(272)).toEqual(['none', 'none']);
  });

  it('has keys and values that are told in words', () => {
    const [transaction] = new LedgerBlock(referenceBlock('parking-channel', 269)).transactions;
    const sets = transaction?.actions[0]?.sets ?? [];
    const writes = (sets instanceof Undecodable ? [] : sets).flatMap(({ public: own }) => own.writes);
    expect(
      writes.map(
        ({ key, value }) => `${lifecycleKeyInWords(key) ?? key}: ${lifecycleValueInWords(key, value) ?? ''}`,
      ),
    ).toMatchInlineSnapshot(`
      [
        "collections of the definition of demo: operatorPricing",
        "version, endorsement plugin and initialization of the definition of demo: version 1.1, plugin escc, needs no initialization",
        "sequence of the definition of demo: 2",
        "validation plugin and endorsement policy of the definition of demo: plugin vscc, policy AND('ParkingOperatorMSP.peer', 'CityManagementMSP.peer')",
      ]
    `);
    expect(lifecycleKeyInWords('something/else')).toBeUndefined();
    expect(lifecycleKeyInWords('chaincode-sources/fields/demo#2/PackageID')).toBe(
      'the package for demo, definition 2',
    );
    expect(lifecycleKeyInWords('namespaces/metadata/demo#2')).toBe(
      'fields of the approval of demo, definition 2',
    );
    expect(lifecycleValueInWords('namespaces/fields/demo/Sequence', Buffer.from([0xff]))).toBeUndefined();
  });

  it('has approvals whose keys are known by their hashes', () => {
    const block = new LedgerBlock(referenceBlock('parking-channel', 266));
    const [action] = block.transactions[0]?.actions ?? [];
    const step = action && lifecycleStep(action);
    if (action === undefined || step === undefined || action.sets instanceof Undecodable)
      throw new Error('no approval');
    const keys = approvalKeys(step.definition.name, step.definition.sequence);
    const written = action.sets
      .flatMap(({ collections }) => collections)
      .flatMap(({ writes }) => writes)
      .map(({ keyHash }) => keys.get(Buffer.from(keyHash, 'latin1').toString('hex')));
    expect(written).toHaveLength(6);
    expect(written).not.toContain(undefined);
  });
});
