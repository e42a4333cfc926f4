import { defineConfig } from 'vitest/config';

/**
 * Unit tests run side by side; integration tests start real nodes on real ports and so run one file at a time.
 * Long runs (`*.long.ts`) are started by `npm run test:long` only.
 */
export default defineConfig({
  test: {
    reporters: ['default', './.ci/reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{network,electron,chaincode,renderer}/**/*.test.ts', '*.test.ts'],
          exclude: ['**/*.int.test.ts', '**/node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
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
