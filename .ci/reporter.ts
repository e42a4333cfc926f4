import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Counts results for `.ci/test.mjs`, with the reason of every skipped test (the note given to `context.skip`). */
export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env['CITYFLOW_TEST_REPORT'];
    if (file === undefined) return;
    let passed = 0;
    let failed = 0;
    const skipped: { name: string; reason: string }[] = [];
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'skipped') {
          skipped.push({ name: test.fullName, reason: result.note ?? 'no reason given' });
        } else failed += 1;
      }
    }
    writeFileSync(file, JSON.stringify({ passed, failed, skipped }));
  }
}
