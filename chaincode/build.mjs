/**
 * Builds the contracts: tsc first, because their decorators need emitted type metadata, then one bundle each.
 * Never minified: fabric-contract-api reads parameter names from the source text.
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const compiler = path.join(here, '..', 'node_modules', 'typescript', 'bin', 'tsc');

/** The contracts' names: each folder with a main.ts is one. */
export const contractNames = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(path.join(here, entry.name, 'main.ts')))
  .map((entry) => entry.name);

/**
 * Writes `contract-<name>.cjs` for each contract into the folder.
 *
 * @param {string} outFolder absolute path
 * @throws {Error} when the contracts do not compile; the compiler has said why
 */
export async function buildContracts(outFolder) {
  const compiled = path.join(outFolder, 'chaincode');
  const options = ['-p', path.join(here, 'tsconfig.build.json'), '--outDir', compiled];
  const { status } = spawnSync(process.execPath, [compiler, ...options], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the contracts do not compile');
  await build({
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    outdir: outFolder,
    sourcemap: true,
    logLevel: 'warning',
    nodePaths: [path.join(here, '..', 'node_modules')],
    entryPoints: Object.fromEntries(
      contractNames.map((name) => [`contract-${name}`, path.join(compiled, name, 'main.js')]),
    ),
  });
}
