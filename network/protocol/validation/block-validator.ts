import { common, peer } from '@hyperledger/fabric-protos';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { blockData } from '../block';
import { ChannelConfig, ChannelConfigError } from '../channel-config';
import { VALID, type ValidationCode } from '../validation-code';
import { decodeMessage, WireError } from '../wire';
import { blockTransactions, type BlockTransaction } from './block-transaction';
import type { NamespacedReader } from '../lifecycle/state';
import { ChannelPolicies, EndorsementPolicyError } from './channel-policies';
import type { CommittedDefinitions } from './definitions';
import { dispatch, type DispatchContext } from './dispatch';
import { EndorsementValidation, ValidationHalted, type CommittedMetadata } from './endorsement-validation';
import { validateMessage } from './message-validation';

const { DUPLICATE_TXID, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;

/** Transactions checked before other work of the peer gets its turn. */
const TRANSACTIONS_PER_TURN = 8;

/** What the checks of a block need of the ledger before it. */
export interface PrecedingLedger {
  readonly state: NamespacedReader;
  /** Which of the transaction ids stand in the ledger already. */
  known(txIds: readonly string[]): Promise<ReadonlySet<string>>;
  readonly metadata: CommittedMetadata;
}

/** A block with the outcome of the checks that need no state: form, signatures, endorsements. */
export interface CheckedBlock {
  readonly block: common.Block;
  readonly transactions: readonly BlockTransaction[];
  readonly codes: readonly ValidationCode[];
}

export interface ValidatedBlock extends CheckedBlock {
  /** Why endorsements do not suffice, by position. */
  readonly policyFailures: ReadonlyMap<number, EndorsementPolicyError>;
  readonly endorsements: EndorsementValidation;
  /** The configuration the block brings, if it is a configuration block. */
  readonly config: ChannelConfig | undefined;
}

/** The checks of a block that need its channel's configuration and definitions, not yet what state holds. */
export class BlockValidator {
  #policies: ChannelPolicies;

  constructor(
    private readonly ledger: PrecedingLedger,
    private readonly definitions: CommittedDefinitions,
    config: ChannelConfig,
  ) {
    this.#policies = new ChannelPolicies(config);
  }

  get config(): ChannelConfig {
    return this.#policies.channel;
  }

  /** Puts a configuration in force for the blocks that follow. */
  use(config: ChannelConfig): void {
    this.#policies = new ChannelPolicies(config);
  }

  /**
   * Validates every transaction of a block for itself. Throws ValidationHalted where genuine peers, too, stop
   * processing the channel. Source: core/committer/txvalidator/v20/validator.go.
   */
  async validate(block: common.Block): Promise<ValidatedBlock> {
    const transactions = blockTransactions(blockData(block));
    const known = await this.ledger.known(transactions.map(({ txId }) => txId));
    const context: DispatchContext = {
      policies: this.#policies,
      definitions: this.definitions,
      state: this.ledger.state,
      endorsements: new EndorsementValidation(this.#policies, (namespace, collection, key) =>
        this.ledger.metadata(namespace, collection, key),
      ),
    };
    const codes: ValidationCode[] = [];
    const policyFailures = new Map<number, EndorsementPolicyError>();
    let config: ChannelConfig | undefined;
    for (const transaction of transactions) {
      if (transaction.position % TRANSACTIONS_PER_TURN === TRANSACTIONS_PER_TURN - 1) await nextTurn();
      let code = validateMessage(transaction, this.config);
      if (code === VALID && transaction.type === common.HeaderType.CONFIG) {
        config = this.#nextConfig(transaction);
      } else if (code === VALID) {
        const decision = known.has(transaction.txId) ? DUPLICATE_TXID : await dispatch(transaction, context);
        if (decision instanceof EndorsementPolicyError) policyFailures.set(transaction.position, decision);
        code = decision instanceof EndorsementPolicyError ? ENDORSEMENT_POLICY_FAILURE : decision;
      }
      codes.push(code);
    }
    markDuplicates(transactions, codes);
    return { block, transactions, codes, policyFailures, endorsements: context.endorsements, config };
  }

  /**
   * The configuration that follows the one in force. That the organizations agreed to it was checked by the orderer
   * that signed the block; its sequence and content are checked here.
   */
  #nextConfig(transaction: BlockTransaction): ChannelConfig {
    const refuse = (why: string, cause?: unknown): ValidationHalted =>
      new ValidationHalted(`configuration of channel ${this.config.channelId} cannot be applied: ${why}`, {
        cause,
      });
    try {
      const data = transaction.frame.payload?.data ?? new Uint8Array();
      const envelope = decodeMessage(common.ConfigEnvelope, data, 'ConfigEnvelope');
      const config = envelope.getConfig();
      if (config === undefined) throw refuse('config envelope has nil config');
      const expected = this.config.sequence + 1;
      if (config.getSequence() !== expected) {
        throw refuse(
          `config currently at sequence ${this.config.sequence}, cannot validate config at sequence ${config.getSequence()}`,
        );
      }
      if (envelope.getLastUpdate() === undefined) throw refuse('it does not say which update led to it');
      return ChannelConfig.fromConfig(this.config.channelId, config);
    } catch (cause) {
      if (cause instanceof ChannelConfigError || cause instanceof WireError)
        throw refuse(cause.message, cause);
      throw cause;
    }
  }
}

/** Of the valid transactions with one id the first stays valid. */
function markDuplicates(transactions: readonly BlockTransaction[], codes: ValidationCode[]): void {
  const seen = new Set<string>();
  for (const { txId, position, type } of transactions) {
    if (codes[position] !== VALID || type !== common.HeaderType.ENDORSER_TRANSACTION) continue;
    if (seen.has(txId)) codes[position] = DUPLICATE_TXID;
    seen.add(txId);
  }
}
