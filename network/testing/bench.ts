import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Topology } from '../topology/schema';
import { ParkingLoad, type Latency, type LoadPhases } from './bench-load';
import { BenchNetwork, type BenchRuntime } from './bench-network';
import { BenchReport, figureGroups, type FigureGroup } from './bench-report';

const LIMITS = { coldMs: 15_000, warmMs: 6_000, residentBytes: 1_300_000_000 };
const CONCURRENT_CLIENTS = [10, 50, 200];
const SHORT_BLOCK_TIMEOUT = '200ms';

interface Extent {
  readonly restMs: number;
  readonly load: LoadPhases;
  readonly evaluates: number;
  readonly commits: number;
  readonly shortCommits: number;
}

const full: Extent = {
  restMs: 10_000,
  load: { warmUpMs: 5_000, measuredMs: 15_000 },
  evaluates: 500,
  commits: 10,
  shortCommits: 40,
};
const quick: Extent = {
  restMs: 3_000,
  load: { warmUpMs: 3_000, measuredMs: 8_000 },
  evaluates: 100,
  commits: 3,
  shortCommits: 10,
};

/** Measures one runtime: two networks one after the other, with the shipped block timeout and with a short one. */
class RuntimeBench {
  constructor(
    private readonly runtime: BenchRuntime,
    private readonly extent: Extent,
    private readonly wanted: ReadonlySet<FigureGroup>,
    private readonly report: BenchReport,
  ) {}

  async run(): Promise<void> {
    await this.#withNetwork(
      (topology) => topology,
      async (network) => {
        await this.#start(network);
        await this.#memory(network, 'at rest', this.extent.restMs);
        if (!this.#wants('evaluate', 'submits', 'commit')) return;
        const load = await ParkingLoad.start(await network.clients());
        await this.#evaluate(load);
        await this.#submits(network, load);
        await this.#commit(load, network.blockTimeout, this.extent.commits);
      },
    );
    if (!this.#wants('commit')) return;
    await this.#withNetwork(
      (topology) => ({
        ...topology,
        ordering: { ...topology.ordering, batchTimeout: SHORT_BLOCK_TIMEOUT },
      }),
      async (network) => {
        await network.up();
        const load = await ParkingLoad.start(await network.clients());
        await this.#commit(load, network.blockTimeout, this.extent.shortCommits);
      },
    );
  }

  async #withNetwork(
    change: (topology: Topology) => Topology,
    measure: (network: BenchNetwork) => Promise<void>,
  ): Promise<void> {
    const network = await BenchNetwork.create(this.runtime, change);
    const interrupted = () => void network.delete().finally(() => process.exit(130));
    process.once('SIGINT', interrupted);
    try {
      await measure(network);
    } catch (error) {
      // What went wrong first is what is told.
      await network.delete().catch(() => this.report.note(`${network.folder} was left behind`));
      throw error;
    } finally {
      process.off('SIGINT', interrupted);
    }
    await network.delete();
  }

  async #start(network: BenchNetwork): Promise<void> {
    const cold = await this.#phase('cold start', () => network.up());
    if (!this.#wants('start')) return;
    const figure = { group: 'start', unit: 'ms' } as const;
    this.report.add(this.runtime, { ...figure, name: 'up, nothing on disk', limit: LIMITS.coldMs }, cold);
    const warm = await this.#phase('warm start', async () => {
      await network.down();
      return network.up();
    });
    this.report.add(this.runtime, { ...figure, name: 'up, ledgers there', limit: LIMITS.warmMs }, warm);
  }

  async #memory(network: BenchNetwork, when: string, settleMs: number): Promise<void> {
    if (!this.#wants('memory')) return;
    await delay(settleMs);
    const memory = await network.memory();
    if (!memory) {
      this.report.note(`memory ${when} of ${this.runtime} was not measured: this platform has no /proc`);
      return;
    }
    const figure = { group: 'memory', unit: 'bytes' } as const;
    const resident = { ...figure, name: `memory ${when}, resident`, limit: LIMITS.residentBytes };
    this.report.add(this.runtime, resident, memory.resident);
    const proportional = { ...figure, name: `memory ${when}, shared pages counted once` };
    this.report.add(this.runtime, proportional, memory.proportional);
  }

  async #evaluate(load: ParkingLoad): Promise<void> {
    if (!this.#wants('evaluate')) return;
    const latency = await this.#phase('evaluate', () => load.evaluateLatency(this.extent.evaluates));
    this.#latency('evaluate', 'evaluate', latency);
  }

  async #submits(network: BenchNetwork, load: ParkingLoad): Promise<void> {
    // Memory right after load is asked for too.
    if (!this.#wants('submits', 'memory')) return;
    for (const clients of CONCURRENT_CLIENTS) {
      const name = `submits, ${clients} clients`;
      const result = await this.#phase(name, () => load.submits(clients, this.extent.load));
      if (result.failures > 0) {
        this.report.note(
          `${this.runtime}, ${name}: ${result.failures} failed, the first with: ${result.firstFailure}`,
        );
      }
      if (!this.#wants('submits')) continue;
      this.report.add(this.runtime, { group: 'submits', name, unit: 'perSecond' }, result.perSecond);
      this.#latency('submits', name, result.latency);
    }
    await this.#memory(network, 'right after load', 0);
  }

  async #commit(load: ParkingLoad, blockTimeout: string, submits: number): Promise<void> {
    if (!this.#wants('commit')) return;
    const name = `commit, ${blockTimeout} block timeout`;
    this.#latency('commit', name, await this.#phase(name, () => load.commitLatency(submits)));
  }

  #latency(group: FigureGroup, name: string, { p50, p95 }: Latency): void {
    this.report.add(this.runtime, { group, name: `${name}, p50`, unit: 'ms' }, p50);
    this.report.add(this.runtime, { group, name: `${name}, p95`, unit: 'ms' }, p95);
  }

  #wants(...groups: FigureGroup[]): boolean {
    return groups.some((group) => this.wanted.has(group));
  }

  #phase<Value>(name: string, measure: () => Promise<Value>): Promise<Value> {
    process.stderr.write(`${this.runtime}: ${name} …\n`);
    return measure();
  }
}

const usage = `npm run bench -- [--quick] [--json] [--only NAME]…

  --quick      short measurements, for a first look
  --json       one JSON document on stdout: milliseconds, bytes, operations a second
  --only NAME  one of ${figureGroups.join(', ')}; may be given several times

With FABRIC_BIN set, the same is measured with genuine Fabric in the same run. Only ratios within one run mean much.
`;

async function main(): Promise<number> {
  let options;
  try {
    options = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  const unknown = options.only?.find((name) => !figureGroups.some((group) => group === name));
  if (options.help || unknown !== undefined) {
    process.stderr.write(unknown === undefined ? usage : `There is no figure "${unknown}".\n\n${usage}`);
    return options.help ? 0 : 2;
  }
  const wanted = new Set(figureGroups.filter((group) => options.only?.includes(group) ?? true));
  const report = new BenchReport();
  const runtimes: readonly BenchRuntime[] = process.env['FABRIC_BIN'] ? ['embedded', 'native'] : ['embedded'];
  if (runtimes.length === 1) report.note('genuine Fabric was not measured beside it: set FABRIC_BIN');
  let measured = true;
  for (const runtime of runtimes) {
    try {
      await new RuntimeBench(runtime, options.quick ? quick : full, wanted, report).run();
    } catch (error) {
      measured = false;
      report.note(
        `${runtime} could not be measured: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  process.stdout.write(
    `${options.json ? JSON.stringify(report.json(), null, 2) : report.text().trimEnd()}\n`,
  );
  return measured ? 0 : 1;
}

void main().then((code) => (process.exitCode = code));
