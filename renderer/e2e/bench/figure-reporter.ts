import os from 'node:os';
import type { Reporter, TestCase, TestResult } from 'playwright/types/testReporter';
import { FIGURE } from './figures';
import type { Figure } from './figures';

/** Prints the figures of a bench in the end, those over their limit marked. */
export default class FigureReporter implements Reporter {
  readonly #figures: Figure[] = [];

  onTestEnd(_test: TestCase, { annotations }: TestResult): void {
    for (const { type, description } of annotations) {
      if (type === FIGURE && description !== undefined) {
        this.#figures.push(JSON.parse(description) as Figure);
      }
    }
  }

  onEnd(): void {
    if (this.#figures.length === 0) return;
    const names = Math.max(...this.#figures.map(({ name }) => name.length));
    const load = os.loadavg()[0] ?? 0;
    const lines = this.#figures.map(({ name, value, unit, limit }) => {
      const shown = `${name.padEnd(names)}  ${value.toFixed(value < 10 ? 1 : 0).padStart(8)} ${unit.padEnd(2)}`;
      if (limit === undefined) return shown;
      return `${shown}  at most ${limit} ${unit}${value > limit ? '  OVER' : ''}`;
    });
    process.stdout.write(
      `\n${os.availableParallelism()} × ${os.cpus()[0]?.model.trim() ?? 'unknown processor'}, load average ${load.toFixed(1)} now\n\n${lines.join('\n')}\n`,
    );
  }
}
