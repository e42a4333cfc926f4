import type { CorePorts } from './core';
import type {
  DeclaredNetwork,
  LogEvent,
  LogRange,
  NetworkHost,
  NodeProcess,
  NodeProcessChange,
  NodeRun,
} from './ports/network-host';
import {
  memoryAudit,
  memoryMetrics,
  memorySavedRequests,
  memorySettings,
  memorySupport,
  memoryTransactions,
  storeFaults,
} from './fake-records';
import { problem } from './problem';

/** Stand-ins for the outside, for tests of the core: a network of one orderer and two peers that exists in memory. */
export const declared: DeclaredNetwork = {
  name: 'testnet',
  folder: '/nowhere/testnet',
  organizations: [
    { name: 'Orderer', mspId: 'OrdererMSP' },
    { name: 'Alpha', mspId: 'AlphaMSP' },
    { name: 'Beta', mspId: 'BetaMSP' },
  ],
  nodes: [
    {
      name: 'orderer.test',
      role: 'orderer',
      organization: 'Orderer',
      mspId: 'OrdererMSP',
      address: 'localhost:1',
      operations: 'localhost:2',
    },
    {
      name: 'peer0.alpha.test',
      role: 'peer',
      organization: 'Alpha',
      mspId: 'AlphaMSP',
      address: 'localhost:3',
      operations: 'localhost:4',
    },
    {
      name: 'peer0.beta.test',
      role: 'peer',
      organization: 'Beta',
      mspId: 'BetaMSP',
      address: 'localhost:5',
      operations: 'localhost:6',
    },
    {
      name: 'goods.alpha.test',
      role: 'contract',
      organization: 'Alpha',
      mspId: 'AlphaMSP',
      address: 'localhost:7',
      operations: null,
    },
  ],
  channels: [{ name: 'goods-channel', members: ['Alpha', 'Beta'] }],
  contracts: [
    {
      name: 'goods',
      channel: 'goods-channel',
      version: '1.0',
      sequence: 1,
      endorsement: "OR('AlphaMSP.peer')",
      address: 'localhost:7',
    },
  ],
};

export class FakeHost implements NetworkHost {
  readonly #running = new Set<string>();
  readonly #listeners = new Set<(change: NodeProcessChange) => void>();
  /** Lines that `logs` yields before it waits for the signal. */
  logLines: string[] = ['one', 'two'];
  /** Replaces what `up` does after its first step. */
  duringUp: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();

  declared = () => declared;
  runtime = () => Promise.resolve('embedded' as const);

  async up(...[, progress, signal]: Parameters<NetworkHost['up']>): Promise<void> {
    await progress.step('Start nodes', () => {
      for (const node of declared.nodes) this.#set(node.name, 'running');
      return Promise.resolve();
    });
    await progress.step('Join channels', () => this.duringUp(signal));
  }

  down(): Promise<number> {
    const stopped = this.#running.size;
    this.#running.clear();
    return Promise.resolve(stopped);
  }

  belongings = () => Promise.resolve([declared.folder]);
  purge = this.belongings;

  runs(): Promise<NodeRun[]> {
    return Promise.resolve(
      declared.nodes.map(({ name, role }) => ({
        name,
        program: role === 'contract' ? ('contract' as const) : ('embedded' as const),
        state: this.#running.has(name) ? ('running' as const) : ('stopped' as const),
        pid: this.#running.has(name) ? 42 : null,
        reason: '',
      })),
    );
  }

  async processes(): Promise<NodeProcess[]> {
    return (await this.runs()).map((run) => ({ ...run, cpuPercent: null, residentBytes: null, drift: null }));
  }

  onChange(listener: (change: NodeProcessChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start = (node: string) => Promise.resolve(this.#set(node, 'running'));
  stop = (node: string) => Promise.resolve(this.#set(node, 'stopped'));
  kill = (node: string) => Promise.resolve(this.#set(node, 'killed'));
  pause = (node: string) => Promise.resolve(this.#set(node, 'paused'));
  resume = (node: string) => Promise.resolve(this.#set(node, 'running'));
  remove = (node: string) => Promise.resolve(this.#set(node, 'stopped'));
  exec = (_node: string, command: readonly string[]) =>
    Promise.resolve({ output: command.join(' '), exitCode: 0 });
  container = () => Promise.resolve(null);

  /** It ends by itself. */
  crash = (node: string) => this.#set(node, 'exited');

  #set(node: string, state: 'running' | 'stopped' | 'paused' | 'exited' | 'killed'): void {
    if (state === 'running') this.#running.add(node);
    else this.#running.delete(node);
    for (const listener of this.#listeners) listener({ node, state, reason: '' });
  }

  async *logs(
    _node: string,
    { follow, tail, after }: LogRange,
    signal: AbortSignal,
  ): AsyncGenerator<LogEvent> {
    const known = after?.split(':')[1];
    const first = known === undefined ? Math.max(0, this.logLines.length - tail) : Number(known) + 1;
    for (const [index, line] of this.logLines.slice(first).entries()) {
      yield { line, position: `fake:${first + index}` };
    }
    if (follow) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }
}

const notUsed = () => Promise.reject(new Error('this test does not use it'));

/** Ports whose peers all stand at height 3 of the one channel. */
export function fakePorts(overrides: Partial<CorePorts> = {}): CorePorts & { host: FakeHost } {
  const host = new FakeHost();
  return {
    nodes: {
      checks: () => Promise.resolve([{ check: 'call', verdict: 'ok', detail: 'It answers.' }]),
      channels: () => Promise.resolve([{ name: 'goods-channel', height: '3', tipHash: 'ab' }]),
    },
    channels: {
      configuration: notUsed,
      definition: () =>
        Promise.resolve({
          version: '1.0',
          sequence: '1',
          endorsement: "OR('AlphaMSP.peer')",
          approvals: { AlphaMSP: true },
        }),
      functions: notUsed,
      packageId: () => Promise.resolve('goods_1.0:00'),
    },
    transactor: {
      evaluate: ({ function: name }) =>
        name === 'Refuse'
          ? Promise.reject(
              problem('CONTRACT_REFUSED', { title: 'The contract refused.', detail: 'NO: because' }),
            )
          : Promise.resolve({ result: { name }, durationMs: 1, gateway: 'peer0.alpha.test' }),
      submit: notUsed,
    },
    ledger: { blocks: notUsed, block: notUsed, transaction: notUsed, part: notUsed, verify: notUsed },
    identities: {
      list: () =>
        Promise.resolve([
          {
            id: 'Alpha/operator',
            organization: 'Alpha',
            mspId: 'AlphaMSP',
            name: 'operator',
            role: 'client',
            attributes: {},
            expires: '2036-01-01T00:00:00.000Z',
            fingerprint: '00',
            source: 'network',
            problem: null,
            channels: ['goods-channel'],
          },
        ]),
      environment: (identity) => Promise.resolve({ WHO: identity }),
      profile: notUsed,
    },
    deployer: { deploy: notUsed },
    wallet: {
      show: notUsed,
      check: notUsed,
      authorities: notUsed,
      import: notUsed,
      issue: notUsed,
      certificate: notUsed,
      remove: notUsed,
    },
    inspector: { facts: notUsed, logSpec: notUsed, setLogSpec: notUsed },
    logs: { search: notUsed },
    policies: { of: notUsed },
    metrics: { read: notUsed },
    metricsHistory: memoryMetrics(),
    audit: memoryAudit(),
    transactions: memoryTransactions(),
    savedRequests: memorySavedRequests(),
    settings: memorySettings(),
    retention: { apply: () => Promise.resolve() },
    faults: storeFaults(),
    support: memorySupport(),
    surroundings: { runtimes: notUsed, networks: notUsed },
    doctor: {
      examine: (name) =>
        Promise.resolve([{ check: 'name', outcome: 'ok', said: `${name} is known.`, hint: '' }]),
    },
    ...overrides,
    host,
  };
}
