import type { LogLine } from './log-line';
import type { LogSource, LogWindow } from './log-source';

/** Several logs as one, by the times their lines say. Each keeps its own order; nodes' clocks are taken as they are. */
export class MergedSource implements LogSource {
  #window: LogWindow | undefined;
  #of: readonly LogWindow[] = [];
  #lines: LogLine[] = [];

  constructor(private readonly sources: readonly LogSource[]) {}

  readonly snapshot = (): LogWindow => {
    const windows = this.sources.map((source) => source.snapshot());
    if (this.#window && windows.every((window, index) => window === this.#of[index])) return this.#window;
    const changed = windows.some((window, index) => window.version !== this.#of[index]?.version);
    if (changed || !this.#window) this.#lines = merge(windows.map(({ lines }) => lines));
    this.#of = windows;
    this.#window = {
      lines: this.#lines,
      version: windows.reduce((sum, { version }) => sum + version, 0),
      waiting: windows.reduce((sum, { waiting }) => sum + waiting, 0),
      moreWait: windows.some(({ moreWait }) => moreWait),
      isHeld: windows.some(({ isHeld }) => isHeld),
      state: worstState(windows),
      problem: windows.find(({ problem }) => problem)?.problem,
      older: olderOf(windows),
      reachesEnd: windows.every(({ reachesEnd }) => reachesEnd),
      dropped: windows.reduce((sum, { dropped }) => sum + dropped, 0),
    };
    return this.#window;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    const endings = this.sources.map((source) => source.subscribe(listener));
    return () => {
      for (const end of endings) end();
    };
  };

  hold = (isHeld: boolean): void => this.#each((source) => source.hold(isHeld));
  loadOlder = (): void => this.#each((source) => source.loadOlder());
  loadNewer = (): void => this.#each((source) => source.loadNewer());
  showNewest = (): void => this.#each((source) => source.showNewest());
  retry = (): void =>
    this.#each((source) => {
      if (source.snapshot().state === 'lost') source.retry();
    });

  #each(act: (source: LogSource) => void): void {
    for (const source of this.sources) act(source);
  }
}

function worstState(windows: readonly LogWindow[]): LogWindow['state'] {
  const states = new Set(windows.map(({ state }) => state));
  if (states.has('lost')) return 'lost';
  if (states.has('loading')) return 'loading';
  return states.has('parked') ? 'parked' : 'live';
}

function olderOf(windows: readonly LogWindow[]): LogWindow['older'] {
  if (windows.some(({ older }) => older === 'loading')) return 'loading';
  return windows.some(({ older }) => older === 'more') ? 'more' : 'none';
}

/** @param logs each in its own order; a line without a time stays behind the one before it */
export function merge(logs: readonly (readonly LogLine[])[]): LogLine[] {
  const present = logs.filter((lines) => lines.length > 0);
  const [only] = present;
  if (present.length === 1 && only) return [...only];
  const next = new Int32Array(present.length);
  const times = Float64Array.from(present, (lines) => timeOf(lines[0]));
  const total = present.reduce((sum, lines) => sum + lines.length, 0);
  const merged: LogLine[] = [];
  while (merged.length < total) {
    let earliest = 0;
    for (let index = 1; index < times.length; index++) {
      if ((times[index] ?? 0) < (times[earliest] ?? 0)) earliest = index;
    }
    const lines = present[earliest];
    const place = next[earliest] ?? 0;
    const line = lines?.[place];
    if (!line) break;
    merged.push(line);
    next[earliest] = place + 1;
    times[earliest] = timeOf(lines[place + 1]);
  }
  return merged;
}

/** What has no time goes first, where nothing is left goes last. */
function timeOf(line: LogLine | undefined): number {
  if (!line) return Number.POSITIVE_INFINITY;
  return Number.isNaN(line.time) ? Number.NEGATIVE_INFINITY : line.time;
}
