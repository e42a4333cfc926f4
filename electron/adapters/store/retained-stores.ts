import { defaultSettings } from '../../api/settings';
import type { Retention } from '../../core/ports/records';
import type { AuditFile } from './audit-file';
import type { TransactionHistoryFile } from './transaction-history';

const MEGABYTE = 1024 * 1024;
type Limits = Parameters<Retention['apply']>[0];

/** The stores of one network, held to the settings that hold for all networks of the same home. */
export class RetainedStores implements Retention {
  #metricsDays = defaultSettings.metricsDays;

  constructor(
    private readonly audit: Pick<AuditFile, 'retain'>,
    private readonly transactions: Pick<TransactionHistoryFile, 'retain'>,
  ) {}

  /** What the history of metrics asks with each reading. */
  readonly metricsHours = (): number => this.#metricsDays * 24;

  async apply({ metricsDays, historyCalls, auditMegabytes }: Limits): Promise<void> {
    this.#metricsDays = metricsDays;
    await Promise.all([this.audit.retain(auditMegabytes * MEGABYTE), this.transactions.retain(historyCalls)]);
  }
}
