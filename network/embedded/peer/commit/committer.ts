import type { common } from '@hyperledger/fabric-protos';
import { setTimeout as delay } from 'node:timers/promises';
import { blockHeader, channelIdOfBlock } from '../../../protocol/block';
import type { ChannelConfig } from '../../../protocol/channel-config';
import { createLogger } from '../../node/logging';
import { BLOCK_VALIDATION, blockSignatures } from '../../../protocol/block-signatures';
import { checkDataHash } from '../../../protocol/verification/block-checks';
import type { LevelChannelLedger } from '../ledger/channel-ledger';
import { MalformedMessage } from '../../../protocol/strict-decoder';
import { LIFECYCLE_NAMESPACE } from '../../../protocol/lifecycle/state';
import type { BlockValidator } from '../../../protocol/validation/block-validator';
import type { CommittedDefinitions } from '../../../protocol/validation/definitions';
import { ValidationHalted } from '../../../protocol/validation/endorsement-validation';
import type { BlockStream, ConnectOrderer } from './orderer-stream';
import { retrievePrivateData, type RetrievalDependencies } from './private-data-retrieval';

const logger = createLogger('peer.blocksprovider');

/** A block that an orderer should never have sent: that orderer is not trusted with the next try. */
export class UntrustedBlock extends Error {
  override readonly name = 'UntrustedBlock';
}

/** Waits between attempts, milliseconds: growing from the first to the longest, each with up to 30 % less or more. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3000;
const GROWTH = 1.6;
const JITTER = 0.3;

export interface CommitterDependencies {
  readonly ledger: LevelChannelLedger;
  readonly validator: BlockValidator;
  readonly definitions: CommittedDefinitions;
  readonly privateData: RetrievalDependencies;
  readonly connect: ConnectOrderer;
  /** Told when a block left private write sets missing. */
  readonly onMissing: () => void;
}

/**
 * Follows the orderers of one channel: pulls blocks from where the ledger ends, checks who signed them, validates and
 * commits them one after the other; a lost orderer is replaced by the next, for ever.
 */
export class ChannelCommitter {
  readonly #stopping = new AbortController();
  #stream: BlockStream | undefined;
  #running: Promise<void> | undefined;
  #failures = 0;
  #problem: string | undefined;

  constructor(private readonly deps: CommitterDependencies) {}

  /** The configuration in force. */
  get config(): ChannelConfig {
    return this.deps.validator.config;
  }

  start(): void {
    this.#running ??= this.#follow();
  }

  /** Ends pulling and waits for a commit under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stream?.close();
    await this.#running;
  }

  /**
   * Checks, validates and commits the next block. Throws UntrustedBlock when its orderers did not sign it,
   * BlockMismatch when it does not follow, ValidationHalted when this peer cannot decide about it.
   */
  async commit(block: common.Block): Promise<void> {
    const { ledger, validator, definitions } = this.deps;
    verifyOrigin(block, validator.config);
    const validated = await validator.validate(block);
    for (const [position, error] of validated.policyFailures) {
      logger.warn('endorsement policy failure', {
        channel: ledger.channelId,
        txId: validated.transactions[position]?.txId,
        error: error.message,
      });
    }
    await ledger.commit(validated, async (referenced) => {
      const retrieved = await retrievePrivateData(referenced, this.deps.privateData);
      if (retrieved.missing.length > 0) this.deps.onMissing();
      return retrieved;
    });
    if (validated.config !== undefined) {
      validator.use(validated.config);
      logger.info('channel configuration applied', {
        channel: ledger.channelId,
        sequence: validated.config.sequence,
      });
    }
    if (validated.transactions.some(touchesLifecycle)) definitions.forget();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    // Each peer begins with another orderer, so that they do not all lean on the first.
    let turn = Math.floor(Math.random() * 1024);
    while (!signal.aborted) {
      const endpoints = this.config.ordererEndpoints();
      const endpoint = endpoints[turn % Math.max(endpoints.length, 1)];
      turn += 1;
      await this.#pull(endpoint);
      if (signal.aborted) return;
      const base = Math.min(FIRST_WAIT_MS * GROWTH ** this.#failures, LONGEST_WAIT_MS);
      this.#failures += 1;
      await delay(base * (1 - JITTER + 2 * JITTER * Math.random()), undefined, { signal }).catch(
        () => undefined,
      );
    }
  }

  /** Takes blocks from one orderer until something goes wrong. */
  async #pull(endpoint: string | undefined): Promise<void> {
    const { ledger, connect } = this.deps;
    const { signal } = this.#stopping;
    try {
      if (endpoint === undefined) throw new Error('the channel configuration names no orderer');
      this.#stream = connect(endpoint, this.config, ledger.height);
      for await (const block of this.#stream.blocks()) {
        if (signal.aborted) return;
        const config = this.config;
        await this.commit(block);
        this.#failures = 0;
        this.#problem = undefined;
        // Other orderers or other roots may be in force now.
        if (this.config !== config) return;
      }
      throw new Error('the orderer ended the stream');
    } catch (error) {
      if (!signal.aborted) this.#report(endpoint, error);
    } finally {
      this.#stream?.close();
      this.#stream = undefined;
    }
  }

  #report(endpoint: string | undefined, error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    const fields = {
      channel: this.deps.ledger.channelId,
      endpoint,
      height: this.deps.ledger.height,
      error: problem,
    };
    const serious = error instanceof ValidationHalted || error instanceof UntrustedBlock;
    if (serious) logger.error('a block cannot be committed', fields);
    // The same failure again and again is said once.
    else if (problem !== this.#problem) logger.warn('receiving blocks was interrupted, trying again', fields);
    else logger.debug('still no blocks', fields);
    this.#problem = problem;
  }
}

/** Whether orderers of the channel signed exactly this block (internal/pkg/peer mcs.VerifyBlock). */
function verifyOrigin(block: common.Block, config: ChannelConfig): void {
  const number = blockHeader(block).getNumber();
  const refuse = (why: string): UntrustedBlock =>
    new UntrustedBlock(`block ${number} of ${config.channelId} is refused: ${why}`);
  let channelId: string;
  try {
    channelId = channelIdOfBlock(block);
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause));
  }
  if (channelId !== config.channelId) throw refuse(`it is of channel ${channelId}`);
  const dataHash = checkDataHash(block);
  if (dataHash.verdict === 'fails') throw refuse(`its data hash is wrong: ${dataHash.reason}`);
  const signatures = config.policy(BLOCK_VALIDATION).evaluate(blockSignatures(block));
  if (!signatures.satisfied) throw refuse(`its signatures do not satisfy the policy: ${signatures.reason}`);
}

function touchesLifecycle(transaction: { sets(): { readonly namespace: string }[] }): boolean {
  try {
    return transaction.sets().some(({ namespace }) => namespace === LIFECYCLE_NAMESPACE);
  } catch (cause) {
    if (cause instanceof MalformedMessage) return false;
    throw cause;
  }
}
