import { setTimeout as delay } from 'node:timers/promises';
import { UnknownNameError } from '../../topology/views';
import { claimData } from '../data-origin';
import type { NetworkFolder } from '../network-folder';
import type { NetworkRuntime, NodeChange, NodeStats, NodeStatus, RuntimeNode } from '../network-runtime';
import { LogReader } from '../log/log-reader';
import { stopInOrder } from '../stop-in-order';
import type { LogLine, LogRange } from '../log/log-reader';
import { NodeProcess, signalProcess } from './node-process';
import type { ProcessNode } from './process-node';
import { fingerprintOf, readRecords, removeRecord, type ProcessRecord } from './process-record';
import { sampleProcess } from './process-sample';

const rotationIntervalMs = 30_000;
/** How long what an earlier supervisor left may take to end by itself before it is ended. */
const leftoverGraceMs = 12_000;
const leftoverPollMs = 50;

/** Runs nodes as child processes of the one supervisor of a network. */
export class ProcessRuntime implements NetworkRuntime {
  readonly #processes: ReadonlyMap<string, NodeProcess>;
  readonly #listeners = new Set<(change: NodeChange) => void>();
  readonly #rotation: NodeJS.Timeout;

  private constructor(
    private readonly declared: readonly ProcessNode[],
    private readonly folder: NetworkFolder,
  ) {
    this.#processes = new Map(
      declared.map((node) => [
        node.name,
        new NodeProcess(node, folder, (status) => this.#changed({ node: node.name, status })),
      ]),
    );
    this.#rotation = setInterval(() => this.#rotateLogs(), rotationIntervalMs);
    this.#rotation.unref();
  }

  /**
   * Takes charge of a network's processes. What an earlier supervisor left is dealt with first: genuine nodes that
   * run as they should are adopted, everything else of this network is ended. Processes of others, also one that was
   * given the id of a node that is gone, are never touched.
   */
  static async open(declared: readonly ProcessNode[], folder: NetworkFolder): Promise<ProcessRuntime> {
    const runtime = new ProcessRuntime(declared, folder);
    const records = await readRecords(folder);
    await Promise.all(records.map((record) => runtime.#settle(record, folder)));
    return runtime;
  }

  nodes(): readonly RuntimeNode[] {
    return this.declared.map(({ name, kind, program }) => ({ name, kind, program }));
  }

  claim(genesis: Readonly<Record<string, string>>): Promise<void> {
    return claimData(this.folder, this.nodes(), genesis);
  }

  async assertStartable(): Promise<void> {
    for (const process of this.#processes.values()) await process.assertStartable();
  }

  start(node: string, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#process(node).start(options.signal);
  }

  stop(node: string): Promise<void> {
    return this.#process(node).stop();
  }

  async restart(node: string, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.stop(node);
    await this.start(node, options);
  }

  kill(node: string): Promise<void> {
    return this.#process(node).kill();
  }

  pause(node: string): Promise<void> {
    return this.#process(node).signal('SIGSTOP');
  }

  unpause(node: string): Promise<void> {
    return this.#process(node).signal('SIGCONT');
  }

  state(node: string): Promise<NodeStatus> {
    return this.#process(node).inspect();
  }

  logs(node: string, range: LogRange = {}): AsyncIterable<LogLine> {
    return new LogReader(this.#process(node).log.file).lines(range);
  }

  stats(node: string): Promise<NodeStats | undefined> {
    return this.#process(node).sample();
  }

  onChange(listener: (change: NodeChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stopAll(): Promise<void> {
    return stopInOrder(
      [...this.#processes.values()].map((process) => ({
        kind: process.node.kind,
        stop: () => process.stop(),
      })),
    );
  }

  close(): Promise<void> {
    clearInterval(this.#rotation);
    this.#listeners.clear();
    for (const process of this.#processes.values()) process.release();
    return Promise.resolve();
  }

  async #settle(record: ProcessRecord, folder: NetworkFolder): Promise<void> {
    if (await isAlive(record)) {
      const known = this.#processes.get(record.node);
      if (known?.node.program === 'genuine' && fingerprintOf(known.node) === record.fingerprint) {
        known.adopt(record);
        return;
      }
      await endLeftover(record);
    }
    await removeRecord(folder, record.node);
  }

  #process(name: string): NodeProcess {
    const found = this.#processes.get(name);
    if (!found) throw new UnknownNameError('node', name, [...this.#processes.keys()]);
    return found;
  }

  #changed(change: NodeChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #rotateLogs(): void {
    for (const { log } of this.#processes.values()) {
      // A full disk or a folder that was deleted must not end the supervisor; the next round tries again.
      log.rotateIfLarge().catch(() => undefined);
    }
  }
}

/**
 * Ends whatever an earlier supervisor of this network left running, and says how many that were. Needs neither
 * topology nor certificates, so that a network can be stopped whose files are damaged.
 */
export async function endLeftovers(folder: NetworkFolder): Promise<number> {
  const ended = await Promise.all(
    (await readRecords(folder)).map(async (record) => {
      const alive = await isAlive(record);
      if (alive) await endLeftover(record);
      await removeRecord(folder, record.node);
      return alive;
    }),
  );
  return ended.filter(Boolean).length;
}

/** Whether the very process that was recorded still runs, not another one that got its id. */
const isAlive = async ({ pid, startedAt }: ProcessRecord): Promise<boolean> =>
  (await sampleProcess(pid))?.startedAt === startedAt;

async function endLeftover(record: ProcessRecord): Promise<void> {
  signalProcess(record.pid, 'SIGTERM');
  signalProcess(record.pid, 'SIGCONT');
  const deadline = Date.now() + leftoverGraceMs;
  while (await isAlive(record)) {
    if (Date.now() > deadline) signalProcess(record.pid, 'SIGKILL');
    await delay(leftoverPollMs);
  }
}
