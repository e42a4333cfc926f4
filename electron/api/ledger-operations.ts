import { z } from 'zod';
import * as ledger from './ledger-models';
import { define } from './operation-definition';

/** Blocks and transactions whole, as a peer holds them. */
export const ledgerOperations = {
  /** `block`: its number, or its header hash in hex. */
  'ledger.block': define(
    'query',
    'viewer',
    z.strictObject({ channel: z.string(), block: z.string() }),
    ledger.ledgerBlockSchema,
  ),
  'ledger.transaction': define(
    'query',
    'viewer',
    ledger.transactionPlaceSchema,
    ledger.ledgerTransactionSchema,
  ),
  /** Bytes of a transaction that are too many to come with it. */
  'ledger.part': define('query', 'viewer', ledger.ledgerPartRequestSchema, ledger.ledgerPartSchema),
} as const;
