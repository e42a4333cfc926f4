import { randomUUID } from 'node:crypto';
import type { TransactionRecord, TransactionStage } from '../../api/activity-models';
import type { TransactionResult } from '../../api/models';
import type { ContractCall, Evaluated, SubmitStage, Transactor } from '../ports/fabric';
import type { TransactionHistory } from '../ports/records';
import { toProblem } from '../problem';
import type { TaskProgress } from '../tasks';

const LARGEST_RESULT = 4_096;
const DEFAULT_LENGTH = 100;

const nextStage: Record<SubmitStage['done'], TransactionStage> = {
  proposed: 'Endorse',
  endorsed: 'Order',
  submitted: 'Commit',
};

/** Runs calls and remembers them. What is remembered can be run again. */
export class TransactionsService {
  constructor(
    private readonly transactor: Transactor,
    private readonly history: TransactionHistory,
  ) {}

  evaluate(call: ContractCall, signal: AbortSignal): Promise<Evaluated> {
    return this.#remembered('evaluate', call, () => this.transactor.evaluate(call, signal));
  }

  submit(call: ContractCall, signal: AbortSignal): Promise<TransactionResult> {
    return this.#remembered('submit', call, () => this.transactor.submit(call, signal));
  }

  /** As submit, its stages as steps; the one that fails is the one that was under way. */
  run(call: ContractCall, signal: AbortSignal, progress: TaskProgress): Promise<TransactionResult> {
    let stage: TransactionStage = 'Proposal';
    const begin = (name: TransactionStage) => progress.report({ name: (stage = name), state: 'running' });
    begin('Proposal');
    const submitted = this.#remembered('submit', call, () =>
      this.transactor.submit(call, signal, ({ done, transactionId, ms }) => {
        if (done === 'proposed') progress.log(`Transaction ${transactionId}`);
        progress.report({ name: stage, state: 'done', durationMs: ms });
        begin(nextStage[done]);
      }),
    );
    return submitted.then(
      (result) => {
        progress.report({
          name: stage,
          state: 'done',
          detail: `block ${result.blockNumber}`,
          durationMs: result.durationsMs.commit,
        });
        return result;
      },
      (error: unknown) => {
        progress.report({ name: stage, state: 'failed', detail: toProblem(error).title });
        throw error;
      },
    );
  }

  async list(filter: {
    readonly limit?: number | undefined;
    readonly channel?: string | undefined;
    readonly contract?: string | undefined;
  }): Promise<TransactionRecord[]> {
    const all = await this.history.list();
    return all
      .filter(({ channel }) => filter.channel === undefined || channel === filter.channel)
      .filter(({ contract }) => filter.contract === undefined || contract === filter.contract)
      .slice(0, filter.limit ?? DEFAULT_LENGTH);
  }

  async #remembered<T extends { result: unknown }>(
    kind: TransactionRecord['kind'],
    call: ContractCall,
    work: () => Promise<T>,
  ): Promise<T> {
    const began = performance.now();
    const record = (outcome: Partial<TransactionRecord>) => {
      const whole = { ...recordOf(kind, call, performance.now() - began), ...outcome };
      void this.history.append(whole);
    };
    try {
      const value = await work();
      record({ result: keepable(value.result), ...committed(value) });
      return value;
    } catch (error) {
      const { code, title, detail, sources, transactionId, validation } = toProblem(error);
      record({
        outcome: code,
        problem: { title, detail, sources },
        transactionId: transactionId ?? null,
        status: validation?.status ?? null,
        blockNumber: validation?.blockNumber ?? null,
      });
      throw error;
    }
  }
}

function recordOf(
  kind: TransactionRecord['kind'],
  call: ContractCall,
  durationMs: number,
): TransactionRecord {
  return {
    id: randomUUID(),
    at: new Date().toISOString(),
    kind,
    as: call.as,
    channel: call.channel,
    contract: call.contract,
    function: call.function,
    args: [...call.args],
    transientKeys: Object.keys(call.transient ?? {}),
    endorsingOrganizations: call.endorsingOrganizations ? [...call.endorsingOrganizations] : null,
    outcome: 'OK',
    problem: null,
    transactionId: null,
    status: null,
    blockNumber: null,
    result: null,
    durationMs: Math.round(durationMs),
    stagesMs: null,
  };
}

function committed(value: object): Partial<TransactionRecord> {
  if (!('transactionId' in value)) return {};
  const { transactionId, status, blockNumber, durationsMs } = value as TransactionResult;
  return { transactionId, status, blockNumber, stagesMs: durationsMs };
}

const keepable = (result: unknown): unknown =>
  JSON.stringify(result ?? null).length <= LARGEST_RESULT ? (result ?? null) : null;
