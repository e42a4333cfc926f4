import { createLogger } from '../../node/logging';
import type { LevelChannelLedger } from '../ledger/channel-ledger';
import type { PrivateDataSource } from './private-data-retrieval';

const logger = createLogger('gossip.privdata');

/** Write sets sought in one round (core.yaml reconcileBatchSize). */
const BATCH = 10;
const FIRST_INTERVAL_MS = 2000;
/** Interval when nothing is missing, or nothing of it can be had (core.yaml reconcileSleepInterval). */
const LONGEST_INTERVAL_MS = 60_000;

/** Fetches private write sets that were missing when their block was committed. */
export class Reconciler {
  #timer: NodeJS.Timeout | undefined;
  #interval = FIRST_INTERVAL_MS;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly ledger: LevelChannelLedger,
    private readonly source: PrivateDataSource,
  ) {}

  start(): void {
    this.#stopped = false;
    this.#schedule();
  }

  /** A block left something missing: it may be there soon. */
  hurry(): void {
    this.#interval = FIRST_INTERVAL_MS;
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  #schedule(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#round = this.#reconcile().then(() => this.#schedule());
    }, this.#interval);
    this.#timer.unref();
  }

  async #reconcile(): Promise<void> {
    let found = 0;
    try {
      for (const id of await this.ledger.missingPrivateData(BATCH)) {
        if (this.#stopped) return;
        const txId = await this.ledger.txIdAt(id.block, id.tx);
        const fetched = txId && (await this.source.fetch(this.ledger.channelId, txId, id.block, id.tx, [id]));
        if (fetched instanceof Uint8Array && (await this.ledger.reconcile(id, fetched))) {
          found += 1;
          logger.info('private data reconciled', {
            channel: this.ledger.channelId,
            block: id.block,
            txID: txId,
          });
        }
      }
    } catch (error) {
      logger.warn('reconciling private data failed', { channel: this.ledger.channelId, error });
    }
    this.#interval = found > 0 ? FIRST_INTERVAL_MS : Math.min(this.#interval * 2, LONGEST_INTERVAL_MS);
  }
}
