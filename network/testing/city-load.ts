import type { NetworkClients } from '../admin/network-clients';
import { GatewayTransactionError } from '../gateway/transaction-error';
import type { SubmitOutcome } from '../gateway/transaction';
import type { Signer } from '../protocol/signing';
import type { Random } from './random';

const WALLET = { channelId: 'wallet-channel', contract: 'wallet' } as const;
const PARKING = { channelId: 'parking-channel', contract: 'parking' } as const;
/** Neither a dead gateway nor a transaction that an orderer took into its grave may hold a worker for long. */
const TIMEOUTS = { evaluate: 3_000, endorse: 5_000, submit: 5_000, commit: 8_000 };

export interface Acknowledged {
  readonly channelId: string;
  readonly transactionId: string;
  readonly code: number;
}

/**
 * Clients that go on working whatever happens to the network: each has a wallet of its own, moves money in and out
 * of it, and registers spots. Everything whose commit status they were told is kept.
 */
export class CityLoad {
  readonly acknowledged: Acknowledged[] = [];
  /** Submits that ended without a commit status: the client can't know. */
  unknown = 0;
  /** Submits that were refused or not taken. */
  failed = 0;
  #running = true;
  readonly #workers: Promise<void>[] = [];
  #id = 0;

  private constructor(
    private readonly clients: NetworkClients,
    private readonly registrar: Signer,
    private readonly operator: Signer,
    private readonly prefix: string,
  ) {}

  static async start(clients: NetworkClients, workers: number, random: Random): Promise<CityLoad> {
    const registrar = await clients.directory.signer('UserService', 'registrar');
    const operator = await clients.directory.signer('ParkingOperator', 'operator');
    const load = new CityLoad(clients, registrar, operator, `load${Date.now().toString(36)}`);
    for (let index = 0; index < workers; index += 1)
      load.#workers.push(load.#work(`user-${load.prefix}-${index}`, random));
    return load;
  }

  /** Ends after what every worker has begun. */
  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#workers);
  }

  async #work(user: string, random: Random): Promise<void> {
    while (this.#running && !(await this.#submit(this.registrar, WALLET, 'OpenWallet', [user])));
    while (this.#running) {
      const id = `${this.prefix}-${(this.#id += 1)}`;
      const choice = random.below(4);
      if (choice === 0) {
        await this.#submit(this.operator, PARKING, 'RegisterSpot', [`SPOT-${id}`, 'load', 'street', '100']);
      } else if (choice === 1) {
        await this.#pay(user, `pay-${id}`, random.below(2) === 0);
      } else {
        await this.#submit(this.registrar, WALLET, 'TopUp', [
          `topup-${id}`,
          user,
          String(1 + random.below(900)),
        ]);
      }
    }
  }

  async #pay(user: string, payment: string, capture: boolean): Promise<void> {
    const held = await this.#submit(this.registrar, WALLET, 'HoldPayment', [
      payment,
      user,
      'ParkingOperatorMSP',
      '10',
      `parking:booking-${payment}`,
    ]);
    if (!held) return;
    if (capture) await this.#submit(this.operator, WALLET, 'CapturePayment', [payment]);
    else await this.#submit(this.operator, WALLET, 'ReleasePayment', [payment, 'load']);
  }

  /** Whether it committed as valid. */
  async #submit(
    signer: Signer,
    contract: typeof WALLET | typeof PARKING,
    functionName: string,
    args: readonly string[],
  ): Promise<boolean> {
    let outcome: SubmitOutcome;
    try {
      outcome = await this.clients.transactions.submit(
        signer,
        { ...contract, functionName, args },
        { timeouts: TIMEOUTS },
      );
    } catch (error) {
      if (!(error instanceof GatewayTransactionError)) throw error;
      if (error.mayCommit) this.unknown += 1;
      else this.failed += 1;
      // What fails at once must not turn the worker into a busy loop.
      await new Promise((resolve) => setTimeout(resolve, 50));
      return false;
    }
    if (outcome.outcome === 'unknown') {
      this.unknown += 1;
      return false;
    }
    this.acknowledged.push({
      channelId: contract.channelId,
      transactionId: outcome.transactionId,
      code: outcome.code,
    });
    return outcome.outcome === 'valid';
  }
}
