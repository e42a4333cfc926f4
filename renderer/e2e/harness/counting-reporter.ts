import { writeFileSync } from 'node:fs';
import type { Reporter, Suite, TestCase } from 'playwright/types/testReporter';

/** Counts results for `.ci/test.mjs`, with the reason of every skipped spec, as .ci/reporter.ts does for Vitest. */
export default class CountingReporter implements Reporter {
  #suite: Suite | undefined;
  #errors = 0;

  onBegin(_config: unknown, suite: Suite): void {
    this.#suite = suite;
  }

  /** Outside of any spec: a file that cannot be loaded, a fixture that does not end. */
  onError(): void {
    this.#errors += 1;
  }

  onEnd(): void {
    const file = process.env['CITYFLOW_TEST_REPORT'];
    if (file === undefined) return;
    const tests = this.#suite?.allTests() ?? [];
    const skipped = tests.filter((test) => test.outcome() === 'skipped');
    const passed = tests.filter((test) => test.outcome() === 'expected').length;
    writeFileSync(
      file,
      JSON.stringify({
        passed,
        failed: tests.length - passed - skipped.length + this.#errors,
        skipped: skipped.map((test) => ({ name: nameOf(test), reason: reasonOf(test) })),
      }),
    );
  }

  printsToStdio(): boolean {
    return false;
  }
}

/** Shell and titles, without the empty title of the root and the name of the file. */
const nameOf = (test: TestCase): string => {
  const [, project = '', , ...titles] = test.titlePath();
  return `${titles.join(' › ')} (${project})`;
};

function reasonOf(test: TestCase): string {
  const noted = [...test.results.flatMap(({ annotations }) => annotations), ...test.annotations];
  const said = noted.find(({ type }) => type === 'skip')?.description;
  return said ?? 'a spec before it failed';
}
