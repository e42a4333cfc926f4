import path from 'node:path';
import { defineConfig } from 'playwright/test';
import type { ConsoleOptions, NetworkOptions } from './harness/test';

/** What a run leaves behind – traces and pictures of failures – lies where builds do: ignored, and gone with them. */
const left = path.resolve(__dirname, '../../out/e2e');

/** `npm run test:long -- console MINUTES` */
const memoryMinutes = Number(process.env['CITYFLOW_MEMORY_MINUTES'] ?? 120);

/** How many times longer everything may take, for a machine that has other things to do. */
const patience = Number(process.env['CITYFLOW_E2E_PATIENCE'] ?? 1);

/** The specs that also run over a network in containers in `npm test`; `npm run test:long -- containers` runs all. */
const inContainers = ['main-flow', 'logs', 'acting-identity', 'viewer'].map((name) => `**/${name}.spec.ts`);

/** The same specs in both shells. The other projects are commands of their own: see README.md, Tests. */
export default defineConfig<ConsoleOptions, NetworkOptions>({
  testDir: __dirname,
  outputDir: left,
  // Each spec talks to a network of thirteen processes: two at a time would measure each other.
  workers: 1,
  forbidOnly: true,
  timeout: patience * 90_000,
  expect: { timeout: patience * 20_000 },
  reporter: [
    ['list'],
    [path.join(__dirname, 'harness/counting-reporter.ts')],
    [path.join(__dirname, 'bench/figure-reporter.ts')],
  ],
  // A trace of everything makes each spec three times as long: `CITYFLOW_E2E_TRACE=1` asks for those of failures.
  use: {
    trace: process.env['CITYFLOW_E2E_TRACE'] ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    actionTimeout: patience * 20_000,
  },
  projects: [
    { name: 'browser', testMatch: '**/*.spec.ts', use: { shell: 'browser' } },
    { name: 'desktop', testMatch: '**/*.spec.ts', use: { shell: 'desktop' } },
    { name: 'containers', testMatch: inContainers, use: { shell: 'browser', runtime: 'docker' } },
    {
      name: 'containers-rest',
      testMatch: '**/*.spec.ts',
      testIgnore: inContainers,
      use: { shell: 'browser', runtime: 'docker' },
    },
    { name: 'bench', testMatch: 'bench/*.bench.ts', use: { shell: 'browser' } },
    { name: 'screenshots', testMatch: 'screenshots/*.shots.ts', use: { shell: 'browser' } },
    { name: 'memory', testMatch: 'memory/memory.spec.ts', use: { shell: 'browser', memoryMinutes } },
  ],
});
