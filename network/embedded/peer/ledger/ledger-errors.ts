/** A block does not continue this ledger's chain. */
export class BlockMismatch extends Error {
  override readonly name = 'BlockMismatch';
}

/** The ledger on disk cannot be used; the message says what to do. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}
