/** Why an index cannot be used. `in use`: another process has it open. */
export class LedgerIndexError extends Error {
  override readonly name = 'LedgerIndexError';

  constructor(
    readonly reason: 'in use' | 'unusable folder' | 'bad source',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A search or a cursor that cannot be meant. The message is for the user. */
export class LedgerQueryError extends Error {
  override readonly name = 'LedgerQueryError';
}

/** The index was deleted while it was read, and is being built anew: ask again. */
export class IndexRebuilt extends Error {
  override readonly name = 'IndexRebuilt';
}

/** What is on disk is not what was written. Leads to a rebuild. */
export class CorruptIndex extends Error {
  override readonly name = 'CorruptIndex';
}

/** The ledger is not the one that was indexed. Leads to a rebuild. */
export class LedgerReplaced extends Error {
  override readonly name = 'LedgerReplaced';
}
