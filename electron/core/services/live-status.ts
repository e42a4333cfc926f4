import type { NetworkStatus } from '../../api/models';
import type { NetworkHost, NodeRun } from '../ports/network-host';

/** While something changes, and once nothing has for a while. */
const EAGER_MS = 2_000;
const CALM_MS = 5_000;
const CALM_AFTER = 5;
/** How often a status is told in which nothing but processor and memory moved: they do all the time. */
const USAGE_MS = 15_000;
/** After the start or end of a node. */
const URGENT_MS = 250;

/**
 * The network's status as it changes, looked up once for all who watch and not at all while nobody does. The start
 * or end of a node is told at once from what the runtime says; what it means for the rest follows with the next look.
 */
export class LiveStatus {
  /** Called with undefined when looking failed. */
  readonly #watchers = new Set<(status: NetworkStatus | undefined) => void>();
  #latest: NetworkStatus | undefined;
  #told: { readonly status: NetworkStatus; readonly at: number } | undefined;
  #running = false;
  #urgent = false;
  #lookedAt = 0;
  #unchanged = 0;
  #wake: () => void = () => undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly host: NetworkHost,
    private readonly look: () => Promise<NetworkStatus>,
  ) {
    host.onChange(() => void this.#stateChanged());
  }

  /** Something was done that may show: no longer calm. */
  poke(): void {
    this.#unchanged = 0;
    this.#wake();
  }

  /** Yields the present status, then each that differs, until the signal aborts. */
  async *watch(signal: AbortSignal): AsyncGenerator<NetworkStatus> {
    let pending: NetworkStatus | undefined = this.#latest;
    let ring: () => void = () => undefined;
    const watcher = (status: NetworkStatus | undefined) => {
      pending = status;
      ring();
    };
    const end = () => ring();
    signal.addEventListener('abort', end);
    this.#watchers.add(watcher);
    this.#urgent = true;
    this.poke();
    if (!this.#running) void this.#run();
    try {
      while (!signal.aborted) {
        if (this.#failure) throw this.#failure.error;
        if (pending) {
          const status: NetworkStatus = pending;
          pending = undefined;
          yield status;
          continue;
        }
        await new Promise<void>((resolve) => (ring = resolve));
      }
    } finally {
      this.#watchers.delete(watcher);
      signal.removeEventListener('abort', end);
      if (this.#watchers.size === 0) this.#wake();
    }
  }

  async #run(): Promise<void> {
    this.#running = true;
    this.#failure = undefined;
    try {
      while (this.#watchers.size > 0) {
        this.#urgent = false;
        this.#lookedAt = Date.now();
        this.#tell(await this.look());
        await this.#rest();
      }
    } catch (error) {
      this.#failure = { error };
      for (const watcher of this.#watchers) watcher(undefined);
    } finally {
      this.#running = false;
      // What was seen last is old by the time somebody watches again.
      this.#latest = undefined;
      this.#told = undefined;
    }
  }

  async #rest(): Promise<void> {
    while (this.#watchers.size > 0) {
      const pause = this.#urgent ? URGENT_MS : this.#unchanged > CALM_AFTER ? CALM_MS : EAGER_MS;
      const left = this.#lookedAt + pause - Date.now();
      if (left <= 0) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, left);
      });
      clearTimeout(timer);
    }
  }

  #tell(status: NetworkStatus): void {
    const before = this.#latest;
    this.#unchanged = before && isCalm(before, status) ? this.#unchanged + 1 : 0;
    this.#latest = status;
    const told = this.#told;
    if (told && JSON.stringify(told.status) === JSON.stringify(status)) return;
    if (told && isCalm(told.status, status) && Date.now() - told.at < USAGE_MS) return;
    this.#told = { status, at: Date.now() };
    for (const watcher of this.#watchers) watcher(status);
  }

  async #stateChanged(): Promise<void> {
    if (this.#watchers.size === 0) return;
    // A look that is under way began before the change: what it finds is put right by the one after it.
    this.#urgent = true;
    this.poke();
    const latest = this.#latest;
    if (!latest) return;
    const runs = await this.host.runs();
    if (this.#latest !== latest) return;
    this.#tell({ ...latest, nodes: latest.nodes.map((node) => withState(node, runs)) });
  }
}

function withState(
  node: NetworkStatus['nodes'][number],
  runs: readonly NodeRun[],
): NetworkStatus['nodes'][number] {
  const run = runs.find(({ name }) => name === node.name);
  if (!run || run.state === node.state) return node;
  const { state, pid, reason } = run;
  const shared = { ...node, state, pid, cpuPercent: null, residentBytes: null, channels: [] };
  return state === 'running'
    ? { ...shared, health: { status: 'unknown', reasons: ['It was just started.'] } }
    : { ...shared, health: { status: 'failed', reasons: [reason || `It is ${state}.`] } };
}

/** Processor and memory always move a little. */
function isCalm(before: NetworkStatus, now: NetworkStatus): boolean {
  const still = (status: NetworkStatus) =>
    JSON.stringify({
      ...status,
      nodes: status.nodes.map((node) => ({ ...node, cpuPercent: null, residentBytes: null })),
    });
  return still(before) === still(now);
}
