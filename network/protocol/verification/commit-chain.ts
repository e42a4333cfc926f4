import { VALID } from '../validation-code';
import { MalformedMessage } from '../strict-decoder';
import type { BlockTransaction } from '../validation/block-transaction';
import { deterministicBytes, nextCommitHash } from '../validation/commit-hash';
import { stateCandidates } from '../validation/state-candidates';
import { validateState } from '../validation/state-validation';
import type { UpdateBatch } from '../validation/update-batch';
import { hex } from './block-checks';
import { fails, holds, notCheckable, type Check } from './check';
import { MemoryState } from './memory-state';

const check = 'commit hash';

/** A filter with what the transactions it accepts write. */
export interface Candidate {
  readonly filter: Uint8Array;
  readonly updates: UpdateBatch;
}

/** Which of the candidates the commit hash of a block confirms. */
export interface Confirmation {
  readonly check: Check;
  readonly confirmed: Candidate | undefined;
  /** Whether the commit hash carries on the chain that was computed here, not just the one recorded. */
  readonly continues: boolean;
}

/**
 * The chain of commit hashes, the only thing that covers validation filters and what blocks did to state. Both the
 * hash computed here and the one recorded are taken as the one before, so that a single altered entry shows in its own
 * block only.
 */
export class CommitChain {
  #computed: Uint8Array | undefined;
  #recorded: Uint8Array | undefined;

  /** @param previous commit hash of the block before the first; empty before block 1, undefined where it is not known. */
  constructor(previous: Uint8Array | undefined) {
    this.#computed = previous;
    this.#recorded = previous;
  }

  /** The block that comes next cannot be read. */
  lose(): void {
    this.#computed = undefined;
    this.#recorded = undefined;
  }

  /**
   * @param candidates the filter as it stands in the block, then others it may have been
   * @param altered whether the transactions are known not to be those of the block
   */
  next(
    number: number,
    recorded: Uint8Array | undefined,
    candidates: readonly Candidate[] | string,
    altered: boolean,
  ): Confirmation {
    const known = [this.#computed, this.#recorded];
    this.#recorded = recorded === undefined || recorded.length === 0 ? undefined : recorded;
    this.#computed = this.#recorded;
    const unchecked = (reason: string): Confirmation => ({
      check: notCheckable(check, reason),
      confirmed: undefined,
      continues: false,
    });
    if (number === 0) {
      this.#computed = new Uint8Array();
      this.#recorded = new Uint8Array();
      return unchecked('commit hashes begin with block 1');
    }
    if (recorded === undefined) {
      return { ...unchecked(''), check: fails(check, 'the metadata entry that holds it cannot be read') };
    }
    if (recorded.length === 0) {
      if (typeof candidates === 'string' || known[0] === undefined) return unchecked('the block has none');
      return { ...unchecked(''), check: fails(check, 'the block has a filter and no commit hash') };
    }
    if (typeof candidates === 'string') return unchecked(candidates);
    const [computed, claimed] = known;
    if (computed === undefined && claimed === undefined) {
      return unchecked('the commit hash of the block before is not known');
    }
    for (const previous of new Set(known)) {
      if (previous === undefined) continue;
      for (const candidate of candidates) {
        const hash = nextCommitHash(candidate.filter, deterministicBytes(candidate.updates), previous);
        if (!hash.equals(recorded)) continue;
        const continues = computed !== undefined && hex(previous) === hex(computed);
        return { check: holds(check, hex(recorded)), confirmed: candidate, continues };
      }
    }
    if (altered) {
      this.#computed = undefined;
      return unchecked('the transactions are not those of the block: what they wrote cannot be told');
    }
    const [first] = candidates;
    const previous = computed ?? claimed;
    if (first === undefined || previous === undefined) return unchecked('the block has no validation filter');
    this.#computed = nextCommitHash(first.filter, deterministicBytes(first.updates), previous);
    return {
      check: fails(
        check,
        `the block says ${hex(recorded)}, filter, writes and the commit hash before give ${hex(this.#computed)}`,
      ),
      confirmed: undefined,
      continues: false,
    };
  }
}

/**
 * What the transactions a filter accepts write, from the block alone.
 * @returns undefined where that takes state: a change of a key's metadata alone keeps the value it has
 */
export async function updatesWithoutState(
  number: number,
  transactions: readonly BlockTransaction[],
  filter: Uint8Array,
): Promise<UpdateBatch | undefined> {
  const accepted = transactions.filter(({ position }) => filter[position] === VALID);
  if (accepted.some(changesMetadataAlone)) return undefined;
  const empty = new MemoryState();
  const candidates = stateCandidates(transactions, [...filter]);
  return (await validateState(number, candidates, empty, empty, true)).updates;
}

function changesMetadataAlone(transaction: BlockTransaction): boolean {
  try {
    return transaction.sets().some(({ public: own, collections }) => {
      const written = new Set(own.writes.map(({ key }) => key));
      return (
        own.metadataWrites.some(({ key }) => !written.has(key)) ||
        collections.some(({ writes, metadataWrites }) => {
          const hashes = new Set(writes.map(({ keyHash }) => keyHash));
          return metadataWrites.some(({ keyHash }) => !hashes.has(keyHash));
        })
      );
    });
  } catch (cause) {
    if (cause instanceof MalformedMessage) return false;
    throw cause;
  }
}
