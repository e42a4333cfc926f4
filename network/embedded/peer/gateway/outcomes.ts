import type { ValidationCode } from '../../../protocol/validation-code';
import type { ChannelLedger } from '../ledger/types';

export interface Outcome {
  readonly code: ValidationCode;
  readonly block: number;
}

interface Waiting {
  readonly byTxId: Map<string, Set<(outcome: Outcome) => void>>;
}

/**
 * Finds out how transactions ended, waiting for those not committed yet. One commit listener per ledger serves all
 * waiting clients (internal/pkg/gateway/commit).
 */
export class TransactionOutcomes {
  readonly #waiting = new WeakMap<ChannelLedger, Waiting>();

  /** Resolves once the transaction is committed here; rejects with the signal's reason when it aborts. */
  async outcome(ledger: ChannelLedger, txId: string, signal: AbortSignal): Promise<Outcome> {
    signal.throwIfAborted();
    const { byTxId } = this.#listenTo(ledger);
    let notify: (outcome: Outcome) => void = () => undefined;
    let abort: () => void = () => undefined;
    // Listening begins before the ledger is asked, so that a commit in between is not missed.
    const committed = new Promise<Outcome>((resolve, reject) => {
      notify = resolve;
      abort = () => reject(new Error('the client no longer waits'));
    });
    committed.catch(() => undefined);
    const listeners = byTxId.get(txId) ?? new Set();
    byTxId.set(txId, listeners.add(notify));
    signal.addEventListener('abort', abort, { once: true });
    try {
      return (await ledger.outcome(txId)) ?? (await committed);
    } finally {
      signal.removeEventListener('abort', abort);
      listeners.delete(notify);
      if (listeners.size === 0 && byTxId.get(txId) === listeners) byTxId.delete(txId);
    }
  }

  #listenTo(ledger: ChannelLedger): Waiting {
    const known = this.#waiting.get(ledger);
    if (known !== undefined) return known;
    const waiting: Waiting = { byTxId: new Map() };
    this.#waiting.set(ledger, waiting);
    ledger.onCommit(({ number, transactions }) => {
      for (const { txId, code } of transactions) {
        const listeners = waiting.byTxId.get(txId);
        if (listeners === undefined) continue;
        waiting.byTxId.delete(txId);
        for (const notify of listeners) notify({ code, block: number });
      }
    });
    return waiting;
  }
}
