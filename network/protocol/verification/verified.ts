import type { ChannelConfig } from '../channel-config';
import type { ValidationCode } from '../validation-code';
import type { EndorsementPolicyError } from '../validation/channel-policies';
import type { StaleRead } from '../validation/state-validation';
import type { Check } from './check';
import type { GenesisPins } from './genesis-pins';
import type { LedgerState } from './ledger-state';

export interface VerifiedTransaction {
  /** Position in its block. */
  readonly position: number;
  /** Empty where it claims none. */
  readonly id: string;
  /** One of common.HeaderType; undefined where its headers cannot be read. */
  readonly type: number | undefined;
  /** Code in the block's filter; undefined in a block no peer has validated. */
  readonly recorded: number | undefined;
  /** What the chain says; undefined where that could not be found out. */
  readonly recomputed: ValidationCode | undefined;
  readonly checks: readonly Check[];
  readonly staleRead: StaleRead | undefined;
  readonly policyFailure: EndorsementPolicyError | undefined;
}

export interface VerifiedBlock {
  /** As its header says; where it cannot be read, the number it should have. */
  readonly number: number;
  /** Hex; empty where the block cannot be read. */
  readonly headerHash: string;
  /** Hex; empty where the block has none. */
  readonly commitHash: string;
  readonly checks: readonly Check[];
  readonly transactions: readonly VerifiedTransaction[];
}

/** What is known of a chain before the first block that is verified, where that is not block 0. */
export interface TrustedStart {
  readonly nextNumber: number;
  /** Header hash of the block before. */
  readonly previousHash: Uint8Array;
  /** Configuration in force. */
  readonly config: ChannelConfig;
  readonly lastConfiguration?: number;
  /** Commit hash of the block before. */
  readonly commitHash?: Uint8Array;
  /** World state before the first block; without it outcomes cannot be recomputed. */
  readonly state?: LedgerState;
}

export interface ChainVerifierOptions {
  readonly pins: GenesisPins;
  /** State to build up from block 0, empty; in memory by default. */
  readonly state?: LedgerState;
  readonly start?: TrustedStart;
}
