import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { wireDigest } from './electron/wire-digest.mjs';

/** The real module's entry downloads a binary as soon as it is loaded; tests of the shell use the stand-in. */
const alias = { electron: fileURLToPath(new URL('electron/testing/electron.ts', import.meta.url)) };

/** A copy for each project: Vitest takes out of it what it reads. */
const define = () => ({
  __CONSOLE_VERSION__: JSON.stringify('0.0.0'),
  __WIRE_DIGEST__: JSON.stringify(wireDigest(import.meta.dirname)),
});

/**
 * Unit tests run side by side; integration tests start real nodes on real ports and so run one file at a time.
 * Long runs (`*.long.ts`) are started by `npm run test:long` only.
 */
export default defineConfig({
  test: {
    reporters: ['default', './.ci/reporter.ts'],
    projects: [
      {
        resolve: { alias },
        define: define(),
        test: {
          name: 'unit',
          include: ['{network,electron,chaincode,renderer}/**/*.test.ts', '*.test.ts'],
          exclude: ['**/*.int.test.ts', '**/node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
        define: define(),
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          setupFiles: ['renderer/testing/happy-dom.ts'],
          include: ['renderer/**/*.test.tsx'],
          testTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
        define: define(),
        test: {
          name: 'integration',
          include: ['{network,electron,chaincode}/**/*.int.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
