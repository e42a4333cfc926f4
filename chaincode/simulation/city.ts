import './quiet';
import { vi } from 'vitest';
import { ChargingContract } from '../charging/contract';
import { ParkingContract } from '../parking/contract';
import { ContractChaincode } from '../shared/contract-chaincode';
import { UserContract } from '../user/contract';
import { WalletContract } from '../wallet/contract';
import { identities, type IdentityName } from './identities';
import { Ledger, type Code, type Transaction } from './ledger';
import { propose } from './proposal';
import { eventOf, simulatedStub, type CrossChannelCall } from './shim-handler';
import { Simulator } from './simulator';

export const contractClasses = {
  user: UserContract,
  wallet: WalletContract,
  parking: ParkingContract,
  charging: ChargingContract,
} as const;

export type ContractName = keyof typeof contractClasses;

/** Only made once: fabric-contract-api keeps a contract's metadata in the class. */
const chaincodes = new Map(
  Object.entries(contractClasses).map(([name, contract]) => [
    name,
    new ContractChaincode(contract, name, '1.0'),
  ]),
);

export const channelOf = (contract: string): string => `${contract}-channel`;

export interface Simulation extends Transaction {
  readonly status: number;
  readonly message: string;
  /** The answer as text and parsed, when the call was not refused. */
  readonly text: string;
  readonly result: unknown;
  readonly event: { name: string; payload: unknown } | undefined;
}

/** The four contracts on ledgers in memory, at a time of the test's choosing. */
export class City {
  readonly ledgers = new Map(Object.keys(contractClasses).map((name) => [channelOf(name), new Ledger()]));

  constructor(startsAt = '2026-11-22T08:00:00.000Z') {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(startsAt) });
  }

  get now(): number {
    return Date.now();
  }

  /** Lets time pass, in milliseconds. */
  pass(milliseconds: number): void {
    vi.setSystemTime(Date.now() + milliseconds);
  }

  /** A time relative to now, ISO 8601. */
  at(milliseconds: number): string {
    return new Date(Date.now() + milliseconds).toISOString();
  }

  /** Runs a call without committing it. */
  async simulate(
    as: IdentityName,
    contract: ContractName,
    call: string,
    args: readonly (string | number)[] = [],
    claimedTime = Date.now(),
  ): Promise<Simulation> {
    const channel = channelOf(contract);
    const values = [call, ...args.map(String)];
    const proposal = propose({
      identity: identities[as],
      channel,
      contract,
      args: values,
      time: claimedTime,
    });
    const simulator = new Simulator(this.ledger(channel));
    const invoke: CrossChannelCall = async (target, targetArgs) => {
      const [name = '', targetChannel = ''] = target.split('/');
      const inner = {
        ...proposal,
        input: propose({ identity: identities[as], channel, contract, args: targetArgs, time: claimedTime })
          .input,
      };
      const stub = simulatedStub(new Simulator(this.ledger(targetChannel)), targetChannel, inner, invoke);
      return chaincode(name).Invoke(stub);
    };
    const stub = simulatedStub(simulator, channel, proposal, invoke);
    const response = await chaincode(contract).Invoke(stub);
    const text = Buffer.from(response.payload ?? []).toString();
    const ok = response.status < 400;
    return {
      txId: proposal.txId,
      time: claimedTime,
      readWriteSet: simulator.readWriteSet,
      status: response.status,
      message: response.message ?? '',
      text,
      result: ok && text !== '' ? JSON.parse(text) : undefined,
      event: ok ? eventOf(stub) : undefined,
    };
  }

  /** Commits simulated transactions of one channel as one block. */
  commit(contract: ContractName, transactions: readonly Transaction[]): Code[] {
    return this.ledger(channelOf(contract)).commit(transactions);
  }

  /** Simulates and commits; throws the contract's refusal. */
  async submit<T = Record<string, unknown>>(
    as: IdentityName,
    contract: ContractName,
    call: string,
    ...args: (string | number)[]
  ): Promise<T> {
    const simulation = await this.simulate(as, contract, call, args);
    if (simulation.status >= 400) throw new Error(simulation.message);
    this.commit(contract, [simulation]);
    return simulation.result as T;
  }

  /** Runs a call and drops its writes; throws the contract's refusal. */
  async evaluate<T = Record<string, unknown>>(
    as: IdentityName,
    contract: ContractName,
    call: string,
    ...args: (string | number)[]
  ): Promise<T> {
    const simulation = await this.simulate(as, contract, call, args);
    if (simulation.status >= 400) throw new Error(simulation.message);
    return simulation.result as T;
  }

  /** All records of a list, read page by page. */
  async all<T>(
    contract: ContractName,
    list: string,
    args: readonly (string | number)[] = [],
    pageSize = 3,
  ): Promise<T[]> {
    const records: T[] = [];
    let bookmark = '';
    do {
      const page = await this.evaluate<{ records: T[]; bookmark: string; fetched: number }>(
        'auditor',
        contract,
        list,
        ...args,
        pageSize,
        bookmark,
      );
      records.push(...page.records);
      bookmark = page.bookmark;
    } while (bookmark !== '');
    return records;
  }

  private ledger(channel: string): Ledger {
    const ledger = this.ledgers.get(channel);
    if (ledger === undefined) throw new Error(`failed to find ledger for channel: ${channel}`);
    return ledger;
  }
}

function chaincode(name: string): ContractChaincode {
  const found = chaincodes.get(name);
  if (found === undefined) throw new Error(`chaincode ${name} not found`);
  return found;
}
