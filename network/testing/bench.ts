import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { missingEngine, missingGenuineImages } from '../runtime/docker/testing/engine';
import type { Topology } from '../topology/schema';
import { ParkingLoad, type Latency, type LoadPhases } from './bench-load';
import { BenchNetwork, shippedTopology, type BenchRuntime } from './bench-network';
import { BenchReport, figureGroups, type FigureGroup } from './bench-report';

const LIMITS = {
  coldMs: { embedded: 15_000, docker: 30_000 },
  warmMs: { embedded: 6_000, docker: 15_000 },
  residentBytes: { embedded: 1_300_000_000 },
};
const RESTARTED = 'peer0.parkingoperator.cityflow.com';
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

type ChangeTopology = (topology: Topology) => Topology;
const asShipped: ChangeTopology = (topology) => topology;

/** Measures one runtime. Its measurements are steps, so that those of several runtimes can take turns. */
class RuntimeBench {
  #opened: { readonly network: BenchNetwork; readonly load: ParkingLoad } | undefined;
  #network: BenchNetwork | undefined;

  constructor(
    readonly runtime: BenchRuntime,
    private readonly extent: Extent,
    private readonly wanted: ReadonlySet<FigureGroup>,
    private readonly report: BenchReport,
    private readonly changed: ChangeTopology,
  ) {}

  /** One after the other; each is done by all runtimes before the next begins. */
  steps(): (() => Promise<void>)[] {
    const shortBlocks: ChangeTopology = (topology) => ({
      ...topology,
      ordering: { ...topology.ordering, batchTimeout: SHORT_BLOCK_TIMEOUT },
    });
    // Memory right after load is asked for too.
    const loads = this.#wants('submits', 'memory') ? CONCURRENT_CLIENTS : [];
    const opens = this.#wants('memory', 'evaluate', 'submits', 'commit');
    return [
      () => this.#create(),
      ...(this.#wants('start') ? [() => this.#start()] : []),
      ...(opens ? [() => this.#open()] : []),
      ...(this.#wants('memory') ? [() => this.#restingMemory()] : []),
      ...(this.#wants('evaluate') ? [() => this.#evaluate()] : []),
      ...loads.map((clients) => () => this.#submits(clients)),
      ...(this.#wants('commit')
        ? [
            () => this.#commit(this.extent.commits),
            () => this.delete(),
            () => this.#create(shortBlocks),
            () => this.#open(),
            () => this.#commit(this.extent.shortCommits),
          ]
        : []),
      () => this.delete(),
    ];
  }

  /** Stops and deletes what there is of the network. */
  async delete(): Promise<void> {
    const network = this.#network;
    this.#network = undefined;
    this.#opened = undefined;
    // What went wrong before is what is told.
    await network?.delete().catch(() => this.report.note(`${network.folder} was left behind`));
  }

  async #create(change: ChangeTopology = asShipped): Promise<void> {
    this.#network = await BenchNetwork.create(this.runtime, (topology) => change(this.changed(topology)));
  }

  /** Leaves the network stopped: another runtime's start must have the machine for itself. */
  async #start(): Promise<void> {
    const network = this.#required(this.#network);
    const figure = { group: 'start', unit: 'ms' } as const;
    const cold = await this.#phase('cold start', () => network.up());
    this.report.add(this.runtime, { ...figure, name: 'up, nothing on disk', limits: LIMITS.coldMs }, cold);
    await network.down();
    const warm = await this.#phase('warm start', () => network.up());
    this.report.add(this.runtime, { ...figure, name: 'up, ledgers there', limits: LIMITS.warmMs }, warm);
    const restart = await this.#phase('restart of a peer', () => network.restart(RESTARTED));
    this.report.add(this.runtime, { ...figure, name: 'one peer, restarted' }, restart);
    await network.down();
  }

  async #open(): Promise<void> {
    const network = this.#required(this.#network);
    await this.#phase('up', () => network.up());
    this.#opened = { network, load: await ParkingLoad.start(await network.clients()) };
  }

  async #restingMemory(): Promise<void> {
    await delay(this.extent.restMs);
    await this.#memory('at rest');
  }

  async #memory(when: string): Promise<void> {
    if (this.runtime === 'docker') {
      this.report.note(`memory ${when} of docker was not measured: its processes are the engine's`);
      return;
    }
    const memory = await this.#required(this.#opened).network.memory();
    if (!memory) {
      this.report.note(`memory ${when} of ${this.runtime} was not measured: this platform has no /proc`);
      return;
    }
    const figure = { group: 'memory', unit: 'bytes' } as const;
    const resident = { ...figure, name: `memory ${when}, resident`, limits: LIMITS.residentBytes };
    this.report.add(this.runtime, resident, memory.resident);
    const proportional = { ...figure, name: `memory ${when}, shared pages counted once` };
    this.report.add(this.runtime, proportional, memory.proportional);
  }

  async #evaluate(): Promise<void> {
    const { load } = this.#required(this.#opened);
    const latency = await this.#phase('evaluate', () => load.evaluateLatency(this.extent.evaluates));
    this.#latency('evaluate', 'evaluate', latency);
  }

  async #submits(clients: number): Promise<void> {
    const { load } = this.#required(this.#opened);
    const name = `submits, ${clients} clients`;
    const result = await this.#phase(name, () => load.submits(clients, this.extent.load));
    if (this.#wants('memory') && clients === CONCURRENT_CLIENTS.at(-1))
      await this.#memory('right after load');
    if (result.failures > 0) {
      this.report.note(
        `${this.runtime}, ${name}: ${result.failures} failed, the first with: ${result.firstFailure}`,
      );
    }
    if (!this.#wants('submits')) return;
    this.report.add(this.runtime, { group: 'submits', name, unit: 'perSecond' }, result.perSecond);
    this.#latency('submits', name, result.latency);
  }

  async #commit(submits: number): Promise<void> {
    const { load, network } = this.#required(this.#opened);
    const name = `commit, ${network.blockTimeout} block timeout`;
    this.#latency('commit', name, await this.#phase(name, () => load.commitLatency(submits)));
  }

  #latency(group: FigureGroup, name: string, { p50, p95 }: Latency): void {
    this.report.add(this.runtime, { group, name: `${name}, p50`, unit: 'ms' }, p50);
    this.report.add(this.runtime, { group, name: `${name}, p95`, unit: 'ms' }, p95);
  }

  #wants(...groups: FigureGroup[]): boolean {
    return groups.some((group) => this.wanted.has(group));
  }

  #required<T>(value: T | undefined): T {
    if (value === undefined) throw new Error(`the ${this.runtime} network is not up`);
    return value;
  }

  #phase<Value>(name: string, measure: () => Promise<Value>): Promise<Value> {
    process.stderr.write(`${this.runtime}: ${name} …\n`);
    return measure();
  }
}

/**
 * Runtimes take turns step by step: what a noisy machine does to one, it then does to the other, too, and their ratio
 * keeps its meaning. One that fails takes no further part.
 * @returns whether all could be measured
 */
async function takeTurns(benches: readonly RuntimeBench[], report: BenchReport): Promise<boolean> {
  let running = benches.map((bench) => ({ bench, steps: bench.steps() }));
  for (let step = 0; running.some(({ steps }) => step < steps.length); step += 1) {
    for (const one of running) {
      try {
        await one.steps[step]?.();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        report.note(`${one.bench.runtime} could not be measured: ${reason}`);
        await one.bench.delete();
        running = running.filter((other) => other !== one);
      }
    }
  }
  return running.length === benches.length;
}

const usage = `npm run bench -- [--quick] [--json] [--only NAME]…

  --quick      short measurements, for a first look
  --json       one JSON document on stdout: milliseconds, bytes, operations a second
  --only NAME  one of ${figureGroups.join(', ')}; may be given several times

With FABRIC_BIN set, the same is measured with genuine Fabric as processes in the same run, and with a Docker engine in
containers: of genuine images where they are here, else of this project's own. Only ratios within one run mean much.
`;

interface Measured {
  readonly runtime: BenchRuntime;
  readonly change: ChangeTopology;
}

/** What can be measured here. What can't is noted with the reason. */
async function runtimesHere(report: BenchReport): Promise<Measured[]> {
  const found: Measured[] = [{ runtime: 'embedded', change: asShipped }];
  if (process.env['FABRIC_BIN']) found.push({ runtime: 'native', change: asShipped });
  else report.note('native was not measured: set FABRIC_BIN to a folder with genuine Fabric programs');
  const noEngine = await missingEngine();
  if (noEngine !== undefined) {
    report.note(`docker was not measured: ${noEngine}`);
    return found;
  }
  const notGenuine = await missingGenuineImages(shippedTopology);
  if (notGenuine !== undefined) {
    report.note(`docker was measured with this project's own nodes in the containers: ${notGenuine}`);
  }
  const images = notGenuine === undefined ? 'genuine' : 'embedded';
  const change: ChangeTopology = (topology) => ({ ...topology, docker: { ...topology.docker, images } });
  return [...found, { runtime: 'docker', change }];
}

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
  const extent = options.quick ? quick : full;
  const benches = (await runtimesHere(report)).map(
    (one) => new RuntimeBench(one.runtime, extent, wanted, report, one.change),
  );
  process.once('SIGINT', () => {
    void Promise.all(benches.map((bench) => bench.delete())).finally(() => process.exit(130));
  });
  const measured = await takeTurns(benches, report);
  process.stdout.write(
    `${options.json ? JSON.stringify(report.json(), null, 2) : report.text().trimEnd()}\n`,
  );
  return measured ? 0 : 1;
}

void main().then((code) => (process.exitCode = code));
