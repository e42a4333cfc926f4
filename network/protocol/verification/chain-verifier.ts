import { common } from '@hyperledger/fabric-protos';
import {
  blockData,
  blockHeader,
  blockHeaderHash,
  isConfigBlock,
  lastConfigIndex,
  transactionsFilter,
} from '../block';
import { messageOf } from '../cause';
import { ChannelConfig } from '../channel-config';
import { VALID } from '../validation-code';
import { blockTransactions } from '../validation/block-transaction';
import { ValidationHalted } from '../validation/endorsement-validation';
import { decodeMessage } from '../wire';
import {
  checkChannel,
  checkDataHash,
  checkEncoding,
  checkHeaderChain,
  checkLastConfiguration,
  checkNumber,
  checkOrdererSignatures,
  checkUnsignedMetadata,
  commitHashOf,
  hex,
} from './block-checks';
import { fails, holds, type Check } from './check';
import { CommitChain, updatesWithoutState, type Candidate, type Confirmation } from './commit-chain';
import { checkGenesis } from './genesis-pins';
import type { LedgerState } from './ledger-state';
import { MemoryState } from './memory-state';
import { Recomputation, type Outcome } from './recomputation';
import type { ChainVerifierOptions, VerifiedBlock } from './verified';
import { verifyTransactions, type BlockTransactions } from './verified-transactions';

interface BroughtConfiguration {
  readonly check: Check;
  readonly config: ChannelConfig | undefined;
}

/** A block with what is found out about it on the way. */
interface Examined extends BlockTransactions {
  readonly block: common.Block;
  readonly brought: BroughtConfiguration | undefined;
}

function lastConfigurationOf(block: common.Block): number | undefined {
  try {
    return lastConfigIndex(block);
  } catch {
    return undefined;
  }
}

/**
 * Verifies the blocks of one channel in order, each against what the blocks before it brought into force: hashes,
 * signatures, certificates, and the outcome of every transaction, decided again on a state that the chain itself makes.
 * Goes on after a failure, so that each stands where it belongs. Memory is that of the state, not of the chain.
 */
export class ChainVerifier {
  /** World state as the chain makes it: what a peer answers can be held against it as long as it is known. */
  readonly state: LedgerState;
  readonly #commits: CommitChain;
  #recomputation: Recomputation | undefined;
  /** Why outcomes cannot be recomputed any more. */
  #stateUnknown: string | undefined;
  /** Why state may be wrong: a commit hash failed, and the next block shows whether that or state was. */
  #stateInDoubt: string | undefined;
  #nextNumber: number;
  /** A text says why it is not known. */
  #previousHash: Uint8Array | string;
  #config: ChannelConfig | string;
  #lastConfiguration: number | undefined;
  /** Since the last configuration: there may have been another. */
  #blocksMissing = false;

  constructor(
    readonly channelId: string,
    private readonly options: ChainVerifierOptions,
  ) {
    const { start } = options;
    this.state = start?.state ?? options.state ?? new MemoryState();
    this.#nextNumber = start?.nextNumber ?? 0;
    this.#previousHash = start?.previousHash ?? new Uint8Array();
    this.#config = start?.config ?? 'no configuration block was readable';
    this.#lastConfiguration = start?.lastConfiguration;
    this.#commits = new CommitChain(start === undefined ? new Uint8Array() : start.commitHash);
    if (start === undefined) return;
    if (start.state === undefined) this.#stateUnknown = `the blocks before ${start.nextNumber} are not there`;
    else this.#recomputation = new Recomputation(start.state, start.config);
  }

  /** Number of the block that comes next. */
  get nextNumber(): number {
    return this.#nextNumber;
  }

  /** Header hash of the last block, hex; empty where it is not known. */
  get tipHash(): string {
    return typeof this.#previousHash === 'string' ? '' : hex(this.#previousHash);
  }

  /** The configuration in force after the blocks verified so far. */
  get config(): ChannelConfig | undefined {
    return typeof this.#config === 'string' ? undefined : this.#config;
  }

  /** Why `state` is not what the chain says; undefined while it is. */
  get stateProblem(): string | undefined {
    return this.#stateUnknown ?? this.#stateInDoubt;
  }

  /** Verifies the block that comes next; of bytes also that they hold nothing else. Never throws for what it is given. */
  async verify(source: common.Block | Uint8Array): Promise<VerifiedBlock> {
    let block: common.Block;
    const checks: Check[] = [];
    try {
      block = source instanceof Uint8Array ? decodeMessage(common.Block, source, 'Block') : source;
      blockHeader(block);
      if (source instanceof Uint8Array) checks.push(checkEncoding(source, block));
    } catch (error) {
      return this.#unreadable(messageOf(error));
    }
    return this.#examine(block, checks);
  }

  #unreadable(reason: string): VerifiedBlock {
    const number = this.#nextNumber;
    const why = `block ${number} cannot be read`;
    this.#nextNumber += 1;
    this.#previousHash = why;
    this.#commits.lose();
    this.#blocksMissing = true;
    this.#stateUnknown ??= `${why}: what it did to state is not known`;
    const checks = [fails('encoding', `the block cannot be read: ${reason}`)];
    return { number, headerHash: '', commitHash: '', checks, transactions: [] };
  }

  async #examine(block: common.Block, checks: Check[]): Promise<VerifiedBlock> {
    const header = blockHeader(block);
    const headerHash = blockHeaderHash(header);
    const dataHash = checkDataHash(block);
    const channel = checkChannel(block, this.channelId);
    const chained = checkHeaderChain(block, this.#previousHash);
    const signatures = checkOrdererSignatures(block, this.#config);
    const number = this.#placeOf(header, chained, signatures);
    if (number !== this.#nextNumber) {
      this.#commits.lose();
      this.#blocksMissing = true;
      this.#stateUnknown ??= `block ${this.#nextNumber} is not where it should be`;
    }
    checks.push(
      checkNumber(block, this.#nextNumber),
      channel,
      chained,
      dataHash,
      signatures,
      this.#checkLastConfiguration(block, number, signatures),
      checkUnsignedMetadata(block),
    );
    if (number === 0) {
      const sound = [dataHash, channel].every(({ verdict }) => verdict === 'holds');
      checks.push(await checkGenesis(this.options.pins, this.channelId, headerHash, sound));
    }
    const examined: Examined = {
      block,
      number,
      transactions: blockTransactions(blockData(block)),
      filter: transactionsFilter(block),
      altered: dataHash.verdict === 'fails',
      brought: isConfigBlock(block) ? this.#configuration(block, number) : undefined,
    };
    if (examined.brought !== undefined) checks.push(examined.brought.check);
    const outcome = await this.#outcome(examined);
    const commit = await this.#commit(examined, outcome);
    checks.push(commit.check);
    const judged = this.#judge(examined, outcome, commit);
    const transactions = verifyTransactions(examined, this.#config, judged);
    await this.#apply(examined, outcome, commit);
    this.#configure(examined, outcome);
    this.#nextNumber = number + 1;
    this.#previousHash = headerHash;
    return {
      number,
      headerHash: hex(headerHash),
      commitHash: hex(commitHashOf(block) ?? new Uint8Array()),
      checks,
      transactions,
    };
  }

  /** A number that nobody vouches for does not say where the block belongs: it is taken for the one that comes next. */
  #placeOf(header: common.BlockHeader, chained: Check, signatures: Check): number {
    const claimed = header.getNumber();
    const vouched =
      signatures.verdict === 'holds' ||
      (signatures.verdict === 'not checkable' && chained.verdict !== 'holds' && claimed > 0);
    return vouched ? claimed : this.#nextNumber;
  }

  /** What orderers signed also tells whether a configuration was missed where blocks are missing. */
  #checkLastConfiguration(block: common.Block, number: number, signatures: Check): Check {
    const known = isConfigBlock(block) ? number : this.#lastConfiguration;
    const check = checkLastConfiguration(block, known);
    if (check.verdict === 'holds' || signatures.verdict === 'fails') return check;
    if (known !== undefined && !this.#blocksMissing) return check;
    const named = lastConfigurationOf(block);
    if (named === undefined) return check;
    if (known !== undefined) this.#config = `the configuration of block ${named} was not readable`;
    this.#lastConfiguration = named;
    return checkLastConfiguration(block, undefined);
  }

  #configuration(block: common.Block, number: number): BroughtConfiguration {
    const check = 'configuration';
    try {
      const config = ChannelConfig.fromBlock(block);
      const before = this.config?.sequence;
      if (number > 0 && before !== undefined && config.sequence !== before + 1) {
        const reason = `its sequence is ${config.sequence}, the one in force has ${before}`;
        return { check: fails(check, reason), config };
      }
      return { check: holds(check, `sequence ${config.sequence}`), config };
    } catch (error) {
      return { check: fails(check, messageOf(error)), config: undefined };
    }
  }

  /** What a committing peer makes of the block, or why that cannot be found out. */
  async #outcome({ block, number, transactions, brought }: Examined): Promise<Outcome | string> {
    if (number === 0 && this.#nextNumber === 0 && brought?.config !== undefined) {
      this.#config = brought.config;
      this.#recomputation = new Recomputation(this.state, brought.config);
      return this.#recomputation.genesis(transactions);
    }
    if (this.#stateUnknown !== undefined) return this.#stateUnknown;
    if (typeof this.#config === 'string') return this.#config;
    if (this.#recomputation === undefined) return 'there is no state before it';
    if (brought?.check.verdict === 'fails')
      return `its configuration cannot be applied: ${brought.check.reason}`;
    try {
      return await this.#recomputation.outcome(block, number);
    } catch (error) {
      if (error instanceof ValidationHalted) return error.message;
      throw error;
    }
  }

  async #commit(
    { block, number, transactions, filter, altered }: Examined,
    outcome: Outcome | string,
  ): Promise<Confirmation> {
    const recorded = commitHashOf(block);
    if (filter.length === 0) {
      return this.#commits.next(
        number,
        recorded,
        'the block has no validation filter: it was read from an orderer',
        altered,
      );
    }
    const candidates: Candidate[] = [];
    if (typeof outcome !== 'string')
      candidates.push({ filter: Uint8Array.from(outcome.codes), updates: outcome.updates });
    const [recomputed] = candidates;
    if (recomputed === undefined || hex(recomputed.filter) !== hex(filter)) {
      const updates =
        this.#stateUnknown === undefined && this.#recomputation !== undefined
          ? await this.#recomputation.updatesOf(number, transactions, filter)
          : await updatesWithoutState(number, transactions, filter);
      if (updates !== undefined) candidates.unshift({ filter, updates });
    }
    const reason =
      'the block changes the metadata of a key alone, whose value stands in blocks that are not there';
    return this.#commits.next(number, recorded, candidates.length > 0 ? candidates : reason, altered);
  }

  /** What may be said about outcomes once the commit hash has spoken about the state they were recomputed on. */
  #judge(
    { number, filter, altered }: Examined,
    outcome: Outcome | string,
    commit: Confirmation,
  ): Outcome | string {
    const doubt = this.#stateInDoubt;
    if (commit.check.verdict === 'fails') {
      this.#stateInDoubt ??= `the commit hash of block ${number} fails: what it did to state is not certain`;
    } else if (doubt !== undefined && commit.confirmed !== undefined) {
      if (!commit.continues) this.#stateUnknown ??= doubt;
      this.#stateInDoubt = undefined;
    }
    if (altered && commit.confirmed === undefined) {
      this.#stateUnknown ??= `block ${number} was altered: what it did to state is not known`;
    }
    if (doubt === undefined || typeof outcome === 'string' || commit.continues) return outcome;
    return hex(Uint8Array.from(outcome.codes)) === hex(filter) ? outcome : doubt;
  }

  async #apply(
    { number, transactions, altered }: Examined,
    outcome: Outcome | string,
    { confirmed }: Confirmation,
  ): Promise<void> {
    if (this.#stateUnknown !== undefined || this.#recomputation === undefined) return;
    const updates = confirmed?.updates ?? (typeof outcome === 'string' ? undefined : outcome.updates);
    if (updates !== undefined && (confirmed !== undefined || !altered)) {
      await this.#recomputation.apply(number, transactions, updates);
      return;
    }
    this.#stateUnknown = `what block ${number} did to state is not known: ${typeof outcome === 'string' ? outcome : 'it was altered'}`;
  }

  /** Puts the configuration a block brought in force. */
  #configure({ number, filter, altered, brought }: Examined, outcome: Outcome | string): void {
    if (brought === undefined) return;
    const code = typeof outcome === 'string' ? (filter[0] ?? VALID) : outcome.codes[0];
    if (code !== VALID) return;
    this.#lastConfiguration = number;
    this.#blocksMissing = false;
    if (brought.config === undefined || altered) {
      this.#config = `the configuration of block ${number} ${altered ? 'was altered' : 'was not readable'}`;
      return;
    }
    this.#config = brought.config;
    this.#recomputation?.use(brought.config);
  }
}
