import { setTimeout as delay } from 'node:timers/promises';
import type { NetworkClients } from '../admin/network-clients';
import type { StageTimeouts } from '../gateway/transaction';
import type { Signer } from '../protocol/signing';

const PARKING = { channelId: 'parking-channel', contract: 'parking' } as const;
const FIRST_SUBMIT_MS = 60_000;
/** A slow answer is a figure, not a failure. */
const PATIENT: StageTimeouts = { evaluate: 60_000, endorse: 60_000, submit: 60_000, commit: 120_000 };

/** Milliseconds; NaN when nothing was measured. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly latency: Latency;
  /** Operations that ended without success, the first with its reason. */
  readonly failures: number;
  readonly firstFailure: string | undefined;
}

export interface LoadPhases {
  readonly warmUpMs: number;
  readonly measuredMs: number;
}

/** Calls of the contract `parking` by the parking operator, each client doing one after the other. */
export class ParkingLoad {
  #spots = 0;
  readonly #prefix = `BENCH-${Date.now().toString(36)}`;

  private constructor(
    private readonly clients: NetworkClients,
    private readonly operator: Signer,
  ) {}

  /** Resolves once a first submit has succeeded: a genuine orderer elects its leader only after it is up. */
  static async start(clients: NetworkClients): Promise<ParkingLoad> {
    const load = new ParkingLoad(clients, await clients.directory.signer('ParkingOperator', 'operator'));
    const deadline = performance.now() + FIRST_SUBMIT_MS;
    for (;;) {
      try {
        await load.#registerSpot();
        return load;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await delay(200);
      }
    }
  }

  /** Submits by `count` clients at a time; what began or ended outside the measured time is not counted. */
  async submits(count: number, { warmUpMs, measuredMs }: LoadPhases): Promise<LoadResult> {
    const from = performance.now() + warmUpMs;
    const to = from + measuredMs;
    const durations: number[] = [];
    const failures: string[] = [];
    let committed = 0;
    const client = async () => {
      while (performance.now() < to) {
        const began = performance.now();
        try {
          await this.#registerSpot();
        } catch (error) {
          failures.push(error instanceof Error ? error.message : String(error));
          // What fails at once must not become a busy loop.
          await delay(50);
          continue;
        }
        const ended = performance.now();
        if (ended < from || ended > to) continue;
        committed += 1;
        if (began >= from) durations.push(ended - began);
      }
    };
    await Promise.all(Array.from({ length: count }, client));
    return {
      perSecond: committed / (measuredMs / 1000),
      latency: latencyOf(durations),
      failures: failures.length,
      firstFailure: failures[0],
    };
  }

  /** One submit after the other: from handing in for ordering until the commit status. */
  async commitLatency(submits: number): Promise<Latency> {
    const durations: number[] = [];
    for (let index = 0; index < submits; index += 1) {
      const { submit, commit } = await this.#registerSpot();
      durations.push(submit + commit);
    }
    return latencyOf(durations);
  }

  /** One evaluate after the other, after a tenth as many that are not counted. */
  async evaluateLatency(evaluates: number): Promise<Latency> {
    const { spotId } = await this.#registerSpot();
    const call = { ...PARKING, functionName: 'GetSpot', args: [spotId] };
    const durations: number[] = [];
    for (let index = -Math.ceil(evaluates / 10); index < evaluates; index += 1) {
      const began = performance.now();
      await this.clients.transactions.evaluate(this.operator, call, { timeouts: PATIENT });
      if (index >= 0) durations.push(performance.now() - began);
    }
    return latencyOf(durations);
  }

  async #registerSpot() {
    const spotId = `${this.#prefix}-${(this.#spots += 1)}`;
    const call = { ...PARKING, functionName: 'RegisterSpot', args: [spotId, 'bench', 'street', '250'] };
    const outcome = await this.clients.transactions.submit(this.operator, call, { timeouts: PATIENT });
    if (outcome.outcome === 'unknown') throw new Error(outcome.reason);
    if (outcome.outcome === 'invalid') throw new Error(outcome.codeName);
    return { spotId, ...outcome.durationsMs };
  }
}

function latencyOf(durations: readonly number[]): Latency {
  const sorted = durations.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  return { p50: quantile(0.5), p95: quantile(0.95) };
}
