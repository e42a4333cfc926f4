/**
 * `npm test`: formatter check, linter, type check, build, unit and integration tests, end-to-end specs. Ends with the names of what
 * was skipped, each with its reason, and one line `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const node = process.execPath;
const bin = (name) => path.join('node_modules', ...name.split('/'));
const tests = process.argv.slice(2);

const checks = [
  ['formatter', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.']],
  ['linter', [bin('eslint/bin/eslint.js'), '--max-warnings=0', '.']],
  ['types', [bin('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json']],
  ['types of the pages', [bin('typescript/bin/tsc'), '--noEmit', '-p', 'renderer/tsconfig.json']],
  ['types of the specs', [bin('typescript/bin/tsc'), '--noEmit', '-p', 'renderer/e2e/tsconfig.json']],
  ['build', ['esbuild.config.mjs']],
];

let passed = 0;
let failed = 0;
const skipped = [];

for (const [name, args] of checks) {
  const started = Date.now();
  const { status } = spawnSync(node, args, { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (status === 0) passed += 1;
  else failed += 1;
  if (name === 'build' && status !== 0) finish();
}

count('unit and integration tests', [bin('vitest/vitest.mjs'), 'run', ...tests]);
// A choice of test files is one of Vitest's; the specs are chosen with Playwright itself.
if (tests.length === 0) {
  const config = path.join('renderer', 'e2e', 'playwright.config.ts');
  const projects = ['browser', 'desktop', 'containers'].map((name) => `--project=${name}`);
  count('end-to-end specs', [bin('playwright/cli.js'), 'test', '--config', config, ...projects]);
}
finish();

/** Runs a test runner whose reporter leaves its counts where CITYFLOW_TEST_REPORT says. */
function count(name, args) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cityflow-test-'));
  const report = path.join(folder, 'report.json');
  const env = { ...process.env, CITYFLOW_TEST_REPORT: report };
  const { status } = spawnSync(node, args, { stdio: 'inherit', env });
  try {
    const counted = JSON.parse(readFileSync(report, 'utf8'));
    passed += counted.passed;
    failed += counted.failed;
    skipped.push(...counted.skipped);
    // A run that failed without a failing test (an import error, a leaked rejection) has still failed.
    if (status !== 0 && counted.failed === 0) failed += 1;
  } catch (error) {
    console.error(`The ${name} left no report: ${error.message}`);
    failed += 1;
  }
  rmSync(folder, { recursive: true, force: true });
}

function finish() {
  for (const { name, reason } of skipped) console.log(`skipped: ${name} — ${reason}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exit(failed === 0 ? 0 : 1);
}
