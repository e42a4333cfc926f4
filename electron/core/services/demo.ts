import { z } from 'zod';
import type { NetworkStatus, TransactionResult } from '../../api/models';
import type { LedgerReader, Transactor } from '../ports/fabric';
import { problem, ProblemError } from '../problem';
import type { TaskProgress } from '../tasks';
import type { ContractsService } from './contracts';
import { verifyMoney } from './money';
import type { NetworkStatusService } from './network-status';

export interface DemoPorts {
  readonly transactor: Transactor;
  readonly ledger: LedgerReader;
  readonly status: NetworkStatusService;
  readonly contracts: ContractsService;
}

const REGISTRAR = 'UserService/registrar';
const PARKING_OPERATOR = 'ParkingOperator/operator';
const CHARGING_OPERATOR = 'ChargingStation/operator';

const HOUR_MS = 3_600_000;
/** How often a step is tried again when its problem says that it may succeed later. */
const ATTEMPTS = 6;
/** Two transactions must be endorsed on the same height to conflict; the orderer may cut a block between them. */
const CONFLICT_ATTEMPTS = 5;

const bookingSchema = z.object({ feeCents: z.int() });
const sessionSchema = z.object({ costCents: z.int() });

/** The main job in one go. Ids are new in every run, so that it can be run again and again on the same network. */
export async function runDemo(
  ports: DemoPorts,
  progress: TaskProgress,
  signal: AbortSignal,
): Promise<{ steps: number; durationMs: number }> {
  const demo = new Demo(ports, progress, signal);
  const started = performance.now();
  await demo.lookAround();
  await demo.registerUser();
  await demo.parkAndPay();
  await demo.chargeAndPay();
  await demo.refuseTheWrongOrganization();
  await demo.provokeConflict();
  await demo.verify();
  return { steps: demo.steps, durationMs: performance.now() - started };
}

class Demo {
  steps = 0;
  readonly #run = Date.now().toString(36);
  readonly #user = `user-${this.#run}`;
  readonly #spot = `SPOT-${this.#run}`;
  readonly #station = `STATION-${this.#run}`;

  constructor(
    private readonly ports: DemoPorts,
    private readonly progress: TaskProgress,
    private readonly signal: AbortSignal,
  ) {}

  async lookAround(): Promise<void> {
    const status = await this.#step('Ask every node', async () => {
      const found = await this.ports.status.status();
      return { value: found, detail: `${found.nodes.length} nodes, ${found.channels.length} channels` };
    });
    for (const channel of status.channels) {
      await this.#step(`Membership of ${channel.name}`, () => Promise.resolve(membership(status, channel)));
    }
    for (const peer of status.nodes.filter(({ role }) => role === 'peer')) {
      await this.#step(`Health of ${peer.name}`, () => {
        if (peer.health.status !== 'ok') throw unhealthy(peer);
        const heights = peer.channels.map(({ name, height }) => `${name} ${height}`).join(', ');
        return Promise.resolve({ value: undefined, detail: `ok, heights ${heights}` });
      });
    }
  }

  async registerUser(): Promise<void> {
    await this.#submit('Register a user', REGISTRAR, 'user', 'RegisterUser', [
      this.#user,
      'Demo Driver',
      'driver',
    ]);
    await this.#submit('Open their wallet', REGISTRAR, 'wallet', 'OpenWallet', [this.#user]);
    await this.#submit('Fill it with 50.00', REGISTRAR, 'wallet', 'TopUp', [
      `topup-${this.#run}`,
      this.#user,
      '5000',
    ]);
  }

  async parkAndPay(): Promise<void> {
    const booking = `booking-${this.#run}`;
    const payment = `pay-${booking}`;
    const from = new Date(Math.ceil((Date.now() + HOUR_MS) / HOUR_MS) * HOUR_MS);
    const to = new Date(from.getTime() + 2 * HOUR_MS);
    await this.#submit('Register a spot', PARKING_OPERATOR, 'parking', 'RegisterSpot', [
      this.#spot,
      'centre',
      'street',
      '250',
    ]);
    const made = await this.#submit('Book it for two hours', REGISTRAR, 'parking', 'CreateBooking', [
      booking,
      this.#spot,
      this.#user,
      from.toISOString(),
      to.toISOString(),
    ]);
    const { feeCents } = bookingSchema.parse(made.result);
    await this.#submit(`Hold ${(feeCents / 100).toFixed(2)} for it`, REGISTRAR, 'wallet', 'HoldPayment', [
      payment,
      this.#user,
      'ParkingOperatorMSP',
      String(feeCents),
      `parking:${booking}`,
    ]);
    await this.#submit('Confirm the booking', REGISTRAR, 'parking', 'ConfirmBooking', [booking, payment]);
    await this.#submit('Capture the payment', PARKING_OPERATOR, 'wallet', 'CapturePayment', [payment]);
  }

  async chargeAndPay(): Promise<void> {
    const session = `session-${this.#run}`;
    const payment = `pay-${session}`;
    const call = (title: string, functionName: string, args: readonly string[]) =>
      this.#submit(title, CHARGING_OPERATOR, 'charging', functionName, args);
    await call('Register a charging station', 'RegisterStation', [this.#station, 'centre', '2', '22', '45']);
    await call('Start charging', 'StartSession', [session, this.#station, '1', this.#user]);
    await call('Read the meter', 'RecordMeter', [session, '12000']);
    const stopped = await call('Stop charging', 'StopSession', [session]);
    const { costCents } = sessionSchema.parse(stopped.result);
    await this.#submit(
      `Hold ${(costCents / 100).toFixed(2)} for it`,
      CHARGING_OPERATOR,
      'wallet',
      'HoldPayment',
      [payment, this.#user, 'ChargingStationMSP', String(costCents), `charging:${session}`],
    );
    await call('Settle the session', 'SettleSession', [session, payment]);
    await this.#submit('Capture the payment', CHARGING_OPERATOR, 'wallet', 'CapturePayment', [payment]);
  }

  async refuseTheWrongOrganization(): Promise<void> {
    await this.#step('The wrong organization is refused', async () => {
      const call = this.#call(REGISTRAR, 'parking', 'RegisterSpot', [
        `${this.#spot}-X`,
        'centre',
        'street',
        '250',
      ]);
      const refusal = await this.ports.transactor.submit(call, this.signal).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (refusal instanceof ProblemError && refusal.problem.code === 'CONTRACT_REFUSED') {
        return { value: undefined, detail: `${REGISTRAR} on ${call.channel}: ${refusal.problem.detail}` };
      }
      if (refusal !== undefined) throw refusal as Error;
      throw problem('VERIFICATION_FAILED', {
        title: `${REGISTRAR} could register a spot.`,
        detail: 'Only ParkingOperator may.',
        hint: 'Look at the access rules of the contract parking.',
      });
    });
  }

  /** Two changes of one spot at the same time: both are endorsed on the same version, one can win. */
  async provokeConflict(): Promise<void> {
    await this.#step('Two change one spot at the same time', async () => {
      for (let attempt = 1; attempt <= CONFLICT_ATTEMPTS; attempt += 1) {
        const change = (rate: number) =>
          this.ports.transactor.submit(
            this.#call(PARKING_OPERATOR, 'parking', 'UpdateSpot', [
              this.#spot,
              'centre',
              'street',
              String(rate),
            ]),
            this.signal,
          );
        const outcomes = await Promise.allSettled([change(260 + attempt), change(280 + attempt)]);
        const winner = outcomes.find((outcome) => outcome.status === 'fulfilled');
        const loser = outcomes.find((outcome) => outcome.status === 'rejected');
        const conflict = loser && conflictOf(loser.reason);
        if (winner && conflict) {
          return {
            value: undefined,
            detail: `${winner.value.transactionId.slice(0, 8)}… won in block ${winner.value.blockNumber}; the other one: ${conflict}`,
          };
        }
        if (loser && !conflict) throw loser.reason as Error;
      }
      throw problem('VERIFICATION_FAILED', {
        title: 'No conflict came about.',
        detail: `Each of ${CONFLICT_ATTEMPTS} pairs was cut into blocks of its own.`,
        hint: 'Run the demo again.',
        retryable: true,
      });
    });
  }

  async verify(): Promise<void> {
    const { channels } = await this.ports.status.status();
    for (const { name } of channels) {
      await this.#step(`Verify ${name} on all its peers`, async () => {
        const found = await this.ports.ledger.verify(name, quiet, this.signal);
        if (!found.ok) {
          throw problem('VERIFICATION_FAILED', {
            title: `The ledgers of ${name} do not hold.`,
            detail: found.problems
              .map(({ block, check, detail }) => `block ${block}, ${check}: ${detail}`)
              .join('\n'),
            hint: `Run \`cityflow verify ${name}\` and look at the peers it names.`,
          });
        }
        return {
          value: undefined,
          detail: `${found.blocks} blocks, the same on ${found.peers.length} peers`,
        };
      });
    }
    await this.#step('Money is conserved', async () => {
      const query = async (functionName: string, args: readonly string[]) =>
        (
          await this.ports.transactor.evaluate(
            this.#call(REGISTRAR, 'wallet', functionName, args),
            this.signal,
          )
        ).result;
      const money = await verifyMoney(query, quiet);
      const euros = (cents: number) => (cents / 100).toFixed(2);
      const detail = `issued ${euros(money.issuedCents)} = balances ${euros(money.balancesCents)} + held ${euros(money.heldCents)} + income ${euros(money.incomeCents)}`;
      if (!money.ok) {
        throw problem('VERIFICATION_FAILED', {
          title: 'Money is not conserved.',
          detail,
          hint: 'Run `cityflow money` while nobody writes.',
        });
      }
      return { value: undefined, detail };
    });
  }

  #call(as: string, contract: string, functionName: string, args: readonly string[]) {
    return {
      as,
      channel: this.ports.contracts.require(contract).channel,
      contract,
      function: functionName,
      args,
    };
  }

  #submit(
    title: string,
    as: string,
    contract: string,
    functionName: string,
    args: readonly string[],
  ): Promise<TransactionResult> {
    const call = this.#call(as, contract, functionName, args);
    return this.#step(title, async () => {
      const value = await this.#patiently(() => this.ports.transactor.submit(call, this.signal));
      const detail = `${as} on ${call.channel}: ${contract}.${functionName} ${value.status} in block ${value.blockNumber}`;
      return { value, detail };
    });
  }

  /** Tries again what may succeed later: a payment another channel's peer does not see yet, two answers that differ. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (attempt === ATTEMPTS || !(error instanceof ProblemError) || !error.problem.retryable) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
        this.signal.throwIfAborted();
      }
    }
  }

  async #step<T>(name: string, work: () => Promise<{ value: T; detail: string }>): Promise<T> {
    this.signal.throwIfAborted();
    this.steps += 1;
    this.progress.report({ name, state: 'running' });
    try {
      const { value, detail } = await work();
      this.progress.report({ name, state: 'done', detail });
      return value;
    } catch (error) {
      this.progress.report({ name, state: 'failed' });
      throw error;
    }
  }
}

const quiet: TaskProgress = { step: (_name, work) => work(), report: () => undefined, log: () => undefined };

function membership(status: NetworkStatus, channel: NetworkStatus['channels'][number]) {
  const declared = status.nodes.filter(
    ({ role, organization }) => role === 'peer' && channel.members.includes(organization),
  );
  const joined = declared.filter((peer) => peer.channels.some(({ name }) => name === channel.name));
  if (joined.length < declared.length) {
    const missing = declared.filter((peer) => !joined.includes(peer)).map(({ name }) => name);
    throw problem('VERIFICATION_FAILED', {
      title: `Not every peer has joined ${channel.name}.`,
      detail: `Missing: ${missing.join(', ')}.`,
      hint: 'Run `cityflow up` again: it does what is missing.',
    });
  }
  return {
    value: undefined,
    detail: `${channel.members.join(', ')}; ${joined.length} of ${declared.length} peers joined`,
  };
}

const unhealthy = (peer: NetworkStatus['nodes'][number]): ProblemError =>
  problem('NODE_FAILED', {
    title: `${peer.name} is not well.`,
    detail: peer.health.reasons.join(' '),
    hint: `Look at its log: \`cityflow logs ${peer.name}\`.`,
  });

/** Words for a lost race; undefined for any other failure. */
function conflictOf(reason: unknown): string | undefined {
  if (!(reason instanceof ProblemError)) return undefined;
  const { validation, detail } = reason.problem;
  return validation?.status === 'MVCC_READ_CONFLICT'
    ? `${validation.status} (${validation.code}) in block ${validation.blockNumber}. ${detail}`
    : undefined;
}
