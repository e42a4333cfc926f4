import type { PrecedingLedger } from '../validation/block-validator';
import type { MetadataUse } from '../validation/key-metadata';
import type { CommittedState } from '../validation/state';
import type { UpdateBatch } from '../validation/update-batch';
import type { Version } from '../version';

/** A private value's hash that state forgets with a block, unless a later transaction wrote it again. */
export interface Expiry {
  /** The block whose commit removes it. */
  readonly block: number;
  readonly namespace: string;
  readonly collection: string;
  /** One character a byte. */
  readonly keyHash: string;
  /** The write that set the date. */
  readonly written: Version;
}

/** What one block does. */
export interface StateChange {
  readonly block: number;
  readonly updates: UpdateBatch;
  /** Of all its transactions, valid or not: none of them may come again. */
  readonly transactionIds: readonly string[];
  readonly expiries: readonly Expiry[];
}

/**
 * World state as the chain alone makes it: values, versions and metadata of public keys, hashes of private ones. A
 * store on disk can stand behind it as well as memory.
 */
export interface LedgerState extends CommittedState, MetadataUse, Pick<PrecedingLedger, 'known'> {
  /**
   * Takes in a block, all of it or nothing. Hashes that expire with it go where their key was not written since.
   * Values and keys must be copied: they share memory with the block.
   */
  apply(change: StateChange): Promise<void>;
}
