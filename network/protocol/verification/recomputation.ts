import type { common } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from '../channel-config';
import { LIFECYCLE_NAMESPACE } from '../lifecycle/state';
import { VALID, type ValidationCode } from '../validation-code';
import type { BlockTransaction } from '../validation/block-transaction';
import { BlockValidator } from '../validation/block-validator';
import type { EndorsementPolicyError } from '../validation/channel-policies';
import { CommittedDefinitions } from '../validation/definitions';
import { hashNamespace } from '../validation/state';
import { stateCandidates } from '../validation/state-candidates';
import { validateState, type StaleRead } from '../validation/state-validation';
import type { UpdateBatch } from '../validation/update-batch';
import type { Expiry, LedgerState } from './ledger-state';

/** What a committing peer makes of a block. */
export interface Outcome {
  /** One a transaction. */
  readonly codes: readonly ValidationCode[];
  /** Endorsers whose signatures were found to be good, by position; absent where nobody looked. */
  readonly provenEndorsers: ReadonlyMap<number, number>;
  readonly policyFailures: ReadonlyMap<number, EndorsementPolicyError>;
  readonly staleReads: ReadonlyMap<number, StaleRead>;
  readonly updates: UpdateBatch;
}

/** Decides about blocks again as a committing peer does, on a state that the chain itself has made. */
export class Recomputation {
  readonly #definitions: CommittedDefinitions;
  readonly #validator: BlockValidator;

  constructor(
    readonly state: LedgerState,
    config: ChannelConfig,
  ) {
    this.#definitions = new CommittedDefinitions(state);
    const ledger = {
      state,
      known: (txIds: readonly string[]) => state.known(txIds),
      metadata: async (namespace: string, collection: string, key: string) => {
        if (!state.everUsed(namespace)) return undefined;
        const entry =
          collection === ''
            ? await state.get(namespace, key)
            : await state.get(hashNamespace(namespace, collection), Buffer.from(key, 'latin1'));
        return entry?.metadata;
      },
    };
    this.#validator = new BlockValidator(ledger, this.#definitions, config);
  }

  /** Puts a configuration in force for the blocks that follow. */
  use(config: ChannelConfig): void {
    this.#validator.use(config);
  }

  /**
   * @param number where the block stands, whatever its header says
   * @throws ValidationHalted where genuine peers, too, stop processing the channel
   */
  async outcome(block: common.Block, number: number): Promise<Outcome> {
    const {
      transactions,
      codes: checked,
      policyFailures,
      endorsements,
    } = await this.#validator.validate(block);
    const codes = [...checked];
    const candidates = stateCandidates(transactions, codes);
    const {
      codes: found,
      staleReads,
      updates,
    } = await validateState(number, candidates, this.state, this.state);
    for (const [tx, code] of found) codes[tx] = code;
    const provenEndorsers = new Map<number, number>();
    for (const transaction of transactions) {
      const proven = endorsements.proven(transaction);
      if (proven !== undefined) provenEndorsers.set(transaction.position, proven);
    }
    return { codes, provenEndorsers, policyFailures, staleReads, updates };
  }

  /** Block 0 is not validated: whoever joins a channel takes it for true. */
  async genesis(transactions: readonly BlockTransaction[]): Promise<Outcome> {
    const codes = transactions.map(() => VALID);
    const updates = await this.updatesOf(0, transactions, Uint8Array.from(codes));
    const none = new Map<number, never>();
    return { codes, provenEndorsers: none, policyFailures: none, staleReads: none, updates };
  }

  /** What the transactions with code 0 write, taken as valid. */
  async updatesOf(
    block: number,
    transactions: readonly BlockTransaction[],
    filter: Uint8Array,
  ): Promise<UpdateBatch> {
    const candidates = stateCandidates(transactions, [...filter]);
    return (await validateState(block, candidates, this.state, this.state, true)).updates;
  }

  /** Brings state up to the block. */
  async apply(block: number, transactions: readonly BlockTransaction[], updates: UpdateBatch): Promise<void> {
    await this.state.apply({
      block,
      updates,
      transactionIds: transactions.map(({ txId }) => txId),
      expiries: await this.#expiries(block, updates),
    });
    if (updates.public.in(LIFECYCLE_NAMESPACE).size > 0) this.#definitions.forget();
  }

  async #expiries(block: number, { hashed }: UpdateBatch): Promise<Expiry[]> {
    const expiries: Expiry[] = [];
    for (const namespace of hashed.namespaces()) {
      const collections = hashed.in(namespace);
      for (const collection of collections?.namespaces() ?? []) {
        const lifetime = await this.#definitions.blockToLive(namespace, collection);
        if (lifetime === 0) continue;
        for (const [keyHash, { value, version }] of collections?.in(collection) ?? []) {
          if (value === undefined) continue;
          expiries.push({ block: block + lifetime + 1, namespace, collection, keyHash, written: version });
        }
      }
    }
    return expiries;
  }
}
