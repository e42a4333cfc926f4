import { READ_EVERY_MS, seriesKey } from '../ports/metrics';
import type { MetricsHistory, MetricsSource, NodeReading } from '../ports/metrics';
import type { DeclaredNode, NetworkHost, NodeProcess } from '../ports/network-host';

const NOTHING: NodeReading = { startedAt: null, values: new Map() };

/** Reads all nodes that run, every five seconds, and keeps what they say. A network that is down costs nothing. */
export class MetricsRecorder {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  readonly #closed = new AbortController();

  constructor(
    private readonly host: NetworkHost,
    private readonly source: MetricsSource,
    private readonly history: MetricsHistory,
    /** Hears why a round could not be made. */
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Begins once a node runs, and rests when none does. */
  start(): void {
    this.host.onChange(({ state }) => {
      if (state === 'running') this.#wake();
    });
  }

  /** One round now; rounds never overlap. Answers whether any node ran. */
  async record(): Promise<boolean> {
    const processes = (await this.host.processes()).filter(
      ({ state }) => state === 'running' || state === 'paused' || state === 'starting',
    );
    if (processes.length === 0) return false;
    const declared = new Map(this.host.declared().nodes.map((node) => [node.name, node]));
    const at = Date.now();
    const readings = await Promise.all(
      processes.map(async (process): Promise<[string, NodeReading]> => {
        const said = await this.#ask(declared.get(process.name));
        return [process.name, { ...said, values: withProcess(said.values, process) }];
      }),
    );
    await this.history.append({ at, nodes: new Map(readings) });
    return true;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#closed.abort();
  }

  #wake(): void {
    if (this.#timer || this.#closed.signal.aborted) return;
    this.#timer = setInterval(() => this.#tick(), READ_EVERY_MS);
    // History is no reason to keep a process that is done.
    this.#timer.unref();
  }

  #tick(): void {
    if (this.#round) return;
    this.#round = this.record()
      .then((ran) => {
        if (ran) return;
        clearInterval(this.#timer);
        this.#timer = undefined;
      })
      .catch(this.onFailure)
      .finally(() => (this.#round = undefined));
  }

  /** A node that does not answer leaves a gap. */
  async #ask(node: DeclaredNode | undefined): Promise<NodeReading> {
    if (!node || node.operations === null) return NOTHING;
    return this.source.read(node.name, this.#closed.signal).catch(() => NOTHING);
  }
}

function withProcess(values: NodeReading['values'], process: NodeProcess): NodeReading['values'] {
  const all = new Map(values);
  if (process.cpuPercent !== null) all.set(seriesKey('cpu', {}), process.cpuPercent);
  if (process.residentBytes !== null) all.set(seriesKey('memory', {}), process.residentBytes);
  return all;
}
