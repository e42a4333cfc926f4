import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: path.resolve(import.meta.dirname, '..'),
  test: {
    include: ['{network,electron,chaincode}/**/*.long.ts'],
    fileParallelism: false,
    hookTimeout: 180_000,
  },
});
