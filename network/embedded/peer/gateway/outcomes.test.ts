import { describe, expect, it } from 'vitest';
import { VALID } from '../../../protocol/validation-code';
import type { ChannelLedger, CommittedBlock } from '../ledger/types';
import { TransactionOutcomes } from './outcomes';

/** A ledger of which only outcomes and commits are used. */
function ledgerWith(outcome: ChannelLedger['outcome']) {
  const listeners: ((committed: CommittedBlock) => void)[] = [];
  const ledger = {
    outcome,
    onCommit: (listener: (committed: CommittedBlock) => void) => {
      listeners.push(listener);
      return () => undefined;
    },
  } as unknown as ChannelLedger;
  const commit = (number: number, txId: string): void => {
    const committed = { number, transactions: [{ txId, code: VALID }] } as unknown as CommittedBlock;
    for (const listener of listeners) listener(committed);
  };
  return { ledger, commit };
}

const forever = new AbortController().signal;

describe('transaction outcomes', () => {
  it('answers at once for a committed transaction', async () => {
    const { ledger } = ledgerWith(() => Promise.resolve({ code: VALID, block: 3 }));
    expect(await new TransactionOutcomes().outcome(ledger, 'tx', forever)).toEqual({ code: VALID, block: 3 });
  });

  it('waits for the commit', async () => {
    const { ledger, commit } = ledgerWith(() => Promise.resolve(undefined));
    const outcome = new TransactionOutcomes().outcome(ledger, 'tx', forever);
    commit(6, 'other');
    commit(7, 'tx');
    expect(await outcome).toEqual({ code: VALID, block: 7 });
  });

  it('does not miss a commit while the ledger is being asked', async () => {
    const { ledger, commit } = ledgerWith(() => {
      commit(8, 'tx');
      return Promise.resolve(undefined);
    });
    expect(await new TransactionOutcomes().outcome(ledger, 'tx', forever)).toEqual({ code: VALID, block: 8 });
  });

  it('ends when the client goes away', async () => {
    const { ledger } = ledgerWith(() => Promise.resolve(undefined));
    const client = new AbortController();
    const outcome = new TransactionOutcomes().outcome(ledger, 'tx', client.signal);
    client.abort();
    await expect(outcome).rejects.toThrow('no longer waits');
  });
});
