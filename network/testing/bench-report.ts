import os from 'node:os';
import { benchRuntimes } from './bench-network';
import type { BenchRuntime } from './bench-network';

export const figureGroups = ['start', 'memory', 'evaluate', 'submits', 'commit'] as const;
export type FigureGroup = (typeof figureGroups)[number];

/** The most that is asked for. */
export type Limits = Readonly<Partial<Record<BenchRuntime, number>>>;

/** `ms`, `bytes` or `perSecond`. */
export type Unit = 'ms' | 'bytes' | 'perSecond';

interface Figure {
  readonly group: FigureGroup;
  readonly name: string;
  readonly unit: Unit;
  readonly limits: Limits;
  readonly values: Map<BenchRuntime, number>;
}

/** Figures of one run, by runtime, in the order of their groups. */
export class BenchReport {
  readonly #figures = new Map<string, Figure>();
  readonly notes: string[] = [];

  add(
    runtime: BenchRuntime,
    figure: { group: FigureGroup; name: string; unit: Unit; limits?: Limits },
    value: number,
  ): void {
    const { group, name, unit, limits = {} } = figure;
    const known = this.#figures.get(name) ?? { group, name, unit, limits, values: new Map() };
    known.values.set(runtime, value);
    this.#figures.set(name, known);
  }

  note(line: string): void {
    this.notes.push(line);
  }

  #inOrder(): Figure[] {
    const place = ({ group }: Figure) => figureGroups.indexOf(group);
    return [...this.#figures.values()].sort((one, other) => place(one) - place(other));
  }

  json(): unknown {
    return {
      machine: machine(),
      figures: this.#inOrder().map((figure) => ({
        group: figure.group,
        name: figure.name,
        unit: figure.unit,
        limits: figure.limits,
        ...Object.fromEntries(benchRuntimes.map((runtime) => [runtime, finite(figure.values.get(runtime))])),
        ratio: finite(ratioOf(figure)),
        overLimit: overLimit(figure),
      })),
      notes: this.notes,
    };
  }

  text(): string {
    const header = ['', ...benchRuntimes, 'embedded/native', 'limit', ''];
    const rows = this.#inOrder().map((figure) => [
      figure.name,
      ...benchRuntimes.map((runtime) => written(figure.values.get(runtime), figure.unit)),
      finite(ratioOf(figure))?.toFixed(2) ?? '–',
      limitsOf(figure),
      overLimit(figure)
        .map((runtime) => `${runtime} over its limit`)
        .join(', '),
    ]);
    const { processors, model, memory, node, platform, loadAverage } = machine();
    return [
      `${processors} × ${model}, ${written(memory, 'bytes')}, ${platform}, Node ${node}, load average ${loadAverage.toFixed(1)} before`,
      '',
      ...aligned([header, ...rows]),
      '',
      ...this.notes.map((line) => `Note: ${line}`),
    ].join('\n');
  }
}

function ratioOf({ values }: Figure): number | undefined {
  const [embedded, native] = [values.get('embedded'), values.get('native')];
  return embedded === undefined || native === undefined ? undefined : embedded / native;
}

const overLimit = ({ limits, values }: Figure): BenchRuntime[] =>
  benchRuntimes.filter((runtime) => (values.get(runtime) ?? 0) > (limits[runtime] ?? Infinity));

const limitsOf = ({ limits, unit }: Figure): string =>
  benchRuntimes
    .flatMap((runtime) => {
      const limit = limits[runtime];
      return limit === undefined ? [] : [`${runtime} ≤ ${written(limit, unit)}`];
    })
    .join(', ');

const loadAtStart = os.loadavg()[0] ?? 0;

function machine() {
  return {
    processors: os.availableParallelism(),
    model: os.cpus()[0]?.model.trim() ?? 'unknown processor',
    memory: os.totalmem(),
    platform: `${os.type()} ${os.release()}`,
    node: process.versions.node,
    loadAverage: loadAtStart,
  };
}

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);

function written(value: number | undefined, unit: Unit): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  switch (unit) {
    case 'ms':
      return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(value < 100 ? 1 : 0)} ms`;
    case 'bytes':
      return `${Math.round(value / 1e6)} MB`;
    case 'perSecond':
      return `${value.toFixed(1)} /s`;
  }
}

/** Figures' names to the left, everything else to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
