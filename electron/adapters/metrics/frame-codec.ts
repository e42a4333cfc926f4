import { z } from 'zod';
import type { MetricsFrame, NodeColumns } from '../../core/ports/metrics';

/** One line of a file: what changed since the line before; the first line of a file has everything. */
const lineSchema = z.object({
  at: z.number(),
  nodes: z.record(
    z.string(),
    z.object({
      /** Start of the process; absent where the node was not asked. */
      started: z.number().optional(),
      /** Keys that were not there before; they get the next indexes. */
      keys: z.array(z.string()).optional(),
      /** Index and value of what changed, alternating; null is absent. */
      changed: z.array(z.number().nullable()),
    }),
  ),
});

interface NodeState {
  readonly indexes: Map<string, number>;
  values: number[];
}

/** Turns frames into the lines of one file, in order. */
export class FrameEncoder {
  readonly #nodes = new Map<string, NodeState>();

  encode(frame: MetricsFrame): string {
    const nodes = Object.fromEntries(
      [...frame.nodes].map(([name, { startedAt, values }]) => {
        const state = this.#nodes.get(name) ?? { indexes: new Map<string, number>(), values: [] };
        this.#nodes.set(name, state);
        const keys = [...values.keys()].filter((key) => !state.indexes.has(key));
        for (const key of keys) state.indexes.set(key, state.indexes.size);
        const next = [...state.indexes.keys()].map((key) => values.get(key) ?? NaN);
        const changed = next.flatMap((value, index) =>
          Object.is(value, state.values[index] ?? NaN) ? [] : [index, Number.isNaN(value) ? null : value],
        );
        state.values = next;
        return [
          name,
          {
            ...(startedAt === null ? {} : { started: startedAt }),
            ...(keys.length === 0 ? {} : { keys }),
            changed,
          },
        ];
      }),
    );
    return JSON.stringify({ at: frame.at, nodes });
  }
}

/** Columns that grow by frames or by the lines of a file; at most `capacity` frames a node, the oldest go. */
export class FrameColumns {
  readonly #nodes = new Map<string, { keys: string[]; frames: NodeColumns['frames'][number][] }>();
  readonly #indexes = new Map<string, Map<string, number>>();

  constructor(private readonly capacity: number) {}

  get nodes(): ReadonlyMap<string, NodeColumns> {
    return this.#nodes;
  }

  get newest(): number {
    return Math.max(...[...this.#nodes.values()].map(({ frames }) => frames.at(-1)?.at ?? -Infinity));
  }

  /** The oldest moment of which anything is held. */
  get oldest(): number | undefined {
    const firsts = [...this.#nodes.values()].flatMap(({ frames }) => frames[0]?.at ?? []);
    return firsts.length === 0 ? undefined : Math.min(...firsts);
  }

  add(frame: MetricsFrame): void {
    for (const [name, { startedAt, values }] of frame.nodes) {
      const { keys, indexes, frames } = this.#columnsOf(name);
      for (const key of values.keys()) {
        if (indexes.has(key)) continue;
        indexes.set(key, keys.length);
        keys.push(key);
      }
      const row = new Float64Array(keys.length).fill(NaN);
      for (const [key, value] of values) row[indexes.get(key) ?? 0] = value;
      frames.push({ at: frame.at, startedAt, values: row });
      // In larger steps: taking the first of an array moves all others.
      if (frames.length > this.capacity + this.capacity / 8) frames.splice(0, frames.length - this.capacity);
    }
  }

  #columnsOf(name: string) {
    const columns = this.#nodes.get(name) ?? { keys: [], frames: [] };
    const indexes = this.#indexes.get(name) ?? new Map<string, number>();
    this.#nodes.set(name, columns);
    this.#indexes.set(name, indexes);
    return { ...columns, indexes };
  }
}

/** Reads the lines of one file back, in order. */
export class FrameDecoder {
  readonly #nodes = new Map<string, { keys: string[]; values: (number | null)[] }>();

  /**
   * Answers the line's time, and what makes its frame while no further line has been decoded. Throws where the line is
   * damaged; those after it mean nothing then.
   */
  decode(line: string): { readonly at: number; readonly frame: () => MetricsFrame } {
    const { at, nodes } = lineSchema.parse(JSON.parse(line));
    for (const [name, { keys = [], changed }] of Object.entries(nodes)) {
      const state = this.#nodes.get(name) ?? { keys: [], values: [] };
      this.#nodes.set(name, state);
      state.keys.push(...keys);
      for (let at = 0; at + 1 < changed.length; at += 2) {
        const index = changed[at];
        if (typeof index !== 'number' || state.keys[index] === undefined) {
          throw new Error(`${name} has no series ${String(index)}`);
        }
        state.values[index] = changed[at + 1] ?? null;
      }
    }
    return {
      at,
      frame: () => ({
        at,
        nodes: new Map(
          Object.entries(nodes).map(([name, { started }]) => [
            name,
            { startedAt: started ?? null, values: this.#valuesOf(name) },
          ]),
        ),
      }),
    };
  }

  #valuesOf(name: string): Map<string, number> {
    const { keys, values } = this.#nodes.get(name) ?? { keys: [], values: [] };
    return new Map(
      keys.flatMap((key, index) => {
        const value = values[index];
        return typeof value === 'number' ? [[key, value] as const] : [];
      }),
    );
  }
}
