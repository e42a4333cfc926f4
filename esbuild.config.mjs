/**
 * Builds the Node programs into out/: one self-contained CommonJS file each, so that a node starts in tens of
 * milliseconds instead of resolving hundreds of modules. Contracts go through tsc first, because their
 * decorators need emitted type metadata, and are never minified: fabric-contract-api reads parameter names
 * from the source text.
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(fileURLToPath(import.meta.url));
const at = (...parts) => path.join(root, ...parts);

/** Program name in out/ → entry file. */
const programs = {
  cityflow: 'electron/cli/main.ts',
  peer: 'network/embedded/peer/main.ts',
  orderer: 'network/embedded/orderer/main.ts',
};

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  outdir: at('out'),
  sourcemap: true,
  logLevel: 'warning',
  // classic-level carries its native binaries inside the package; pkcs11js is an optional HSM binding.
  external: ['classic-level', 'pkcs11js'],
};

await build({
  ...shared,
  entryPoints: Object.fromEntries(
    Object.entries(programs)
      .filter(([, entry]) => existsSync(at(entry)))
      .map(([name, entry]) => [name, at(entry)]),
  ),
});

const contracts = readdirSync(at('chaincode'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(at('chaincode', entry.name, 'main.ts')))
  .map((entry) => entry.name);

if (contracts.length > 0) {
  const tsc = spawnSync(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', at('chaincode')], {
    stdio: 'inherit',
  });
  if (tsc.status !== 0) process.exit(tsc.status ?? 1);
  await build({
    ...shared,
    entryPoints: Object.fromEntries(
      contracts.map((name) => [`contract-${name}`, at('out/chaincode', name, 'main.js')]),
    ),
  });
}
