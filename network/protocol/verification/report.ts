import type { common } from '@hyperledger/fabric-protos';
import { validationCodeName } from '../validation-code';
import { ChainVerifier } from './chain-verifier';
import { fails, holds, notCheckable, type Check, type CheckName, type Verdict } from './check';
import type { ChainVerifierOptions, VerifiedBlock } from './verified';

/** A failure that contradicts what the ledger claims, and where it stands. */
export interface Anomaly {
  readonly block: number;
  /** Undefined where the block as a whole fails. */
  readonly transaction: { readonly position: number; readonly id: string } | undefined;
  readonly check: CheckName;
  readonly reason: string;
}

/** Something that could not be checked, once for all places with the same reason. */
export interface Unchecked {
  readonly check: CheckName;
  readonly reason: string;
  readonly firstBlock: number;
  count: number;
}

export type Totals = Record<Verdict, number>;

/** What was found of a whole chain. */
export interface ChainReport {
  readonly channelId: string;
  /** Number of the first block verified; undefined when there was none. */
  readonly firstBlock: number | undefined;
  readonly lastBlock: number | undefined;
  readonly blocks: number;
  readonly transactions: number;
  /** How often each validation code was recorded, by name. */
  readonly codes: Readonly<Record<string, number>>;
  /** Header hash of block 0, hex; empty where it was not verified. */
  readonly genesisHash: string;
  /** Header hash and commit hash of the last block, hex. */
  readonly tipHash: string;
  readonly commitHash: string;
  readonly totals: Readonly<Partial<Record<CheckName, Readonly<Totals>>>>;
  /** The first ones; `anomalyCount` has them all. */
  readonly anomalies: readonly Anomaly[];
  readonly anomalyCount: number;
  readonly unchecked: readonly Readonly<Unchecked>[];
}

/** Where the peer says its ledger ends. */
export interface ClaimedTip {
  /** Number of blocks. */
  readonly height: number;
  /** Header hash of the last one. */
  readonly hash: Uint8Array;
}

/** A damaged chain would fill memory with the same words. */
const MOST_ANOMALIES = 1000;
const MOST_UNCHECKED = 200;

/** Adds up what is found block by block. */
export class ReportBuilder {
  readonly #totals: Partial<Record<CheckName, Totals>> = {};
  readonly #codes: Record<string, number> = {};
  readonly #anomalies: Anomaly[] = [];
  readonly #unchecked = new Map<string, Unchecked>();
  #anomalyCount = 0;
  #blocks = 0;
  #transactions = 0;
  #genesisHash = '';
  #first: VerifiedBlock | undefined;
  #last: VerifiedBlock | undefined;

  constructor(private readonly channelId: string) {}

  add(block: VerifiedBlock): void {
    this.#first ??= block;
    this.#last = block;
    this.#blocks += 1;
    this.#transactions += block.transactions.length;
    if (block.number === 0) this.#genesisHash = block.headerHash;
    for (const check of block.checks) this.#count(check, block.number);
    for (const { position, id, recorded, checks } of block.transactions) {
      const code = recorded === undefined ? 'no code' : validationCodeName(recorded);
      this.#codes[code] = (this.#codes[code] ?? 0) + 1;
      for (const check of checks) this.#count(check, block.number, { position, id });
    }
  }

  #count(
    { check, verdict, reason, anomaly }: Check,
    block: number,
    transaction?: Anomaly['transaction'],
  ): void {
    const totals = (this.#totals[check] ??= { holds: 0, fails: 0, 'not checkable': 0 });
    totals[verdict] += 1;
    if (anomaly) {
      this.#anomalyCount += 1;
      if (this.#anomalies.length < MOST_ANOMALIES)
        this.#anomalies.push({ block, transaction, check, reason });
    }
    if (verdict !== 'not checkable') return;
    const name = `${check}\0${reason}`;
    const known = this.#unchecked.get(name);
    if (known !== undefined) known.count += 1;
    else if (this.#unchecked.size < MOST_UNCHECKED) {
      this.#unchecked.set(name, { check, reason, firstBlock: block, count: 1 });
    }
  }

  /** @param tip where the chain should end, as the peer that delivered it says */
  finish(tip?: ClaimedTip): ChainReport {
    this.#count(this.#checkTip(tip), this.#last?.number ?? 0);
    return {
      channelId: this.channelId,
      firstBlock: this.#first?.number,
      lastBlock: this.#last?.number,
      blocks: this.#blocks,
      transactions: this.#transactions,
      codes: this.#codes,
      genesisHash: this.#genesisHash,
      tipHash: this.#last?.headerHash ?? '',
      commitHash: this.#last?.commitHash ?? '',
      totals: this.#totals,
      anomalies: this.#anomalies,
      anomalyCount: this.#anomalyCount,
      unchecked: [...this.#unchecked.values()],
    };
  }

  #checkTip(tip: ClaimedTip | undefined): Check {
    if (tip === undefined) return notCheckable('tip', 'nobody said where the chain ends');
    const claimed = `block ${tip.height - 1} with hash ${Buffer.from(tip.hash).toString('hex')}`;
    const found = this.#last && `block ${this.#last.number} with hash ${this.#last.headerHash}`;
    if (found === claimed) return holds('tip', found);
    return fails('tip', `the peer says it is ${claimed}, the chain ends with ${found ?? 'nothing'}`);
  }
}

export interface ChainVerification extends ChainVerifierOptions {
  readonly channelId: string;
  /** In order; as bytes where they come from a file, so that these are checked, too. */
  readonly blocks: AsyncIterable<common.Block | Uint8Array> | Iterable<common.Block | Uint8Array>;
  /** As the peer said before the blocks were read: its ledger grows meanwhile. */
  readonly tip?: ClaimedTip;
  readonly onBlock?: (block: VerifiedBlock) => void;
}

/** Verifies a chain block by block. Throws what reading the blocks throws. */
export async function verifyChain(chain: ChainVerification): Promise<ChainReport> {
  const verifier = new ChainVerifier(chain.channelId, chain);
  const report = new ReportBuilder(chain.channelId);
  for await (const block of chain.blocks) {
    const verified = await verifier.verify(block);
    report.add(verified);
    chain.onBlock?.(verified);
  }
  return report.finish(chain.tip);
}
