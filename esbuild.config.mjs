/**
 * Builds the Node programs into out/: one self-contained CommonJS file each, so that a node starts in tens of
 * milliseconds instead of resolving hundreds of modules. The contracts: see chaincode/build.mjs.
 */
import { build } from 'esbuild';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { wireDigest } from './electron/wire-digest.mjs';
import { buildContracts } from './chaincode/build.mjs';
import { buildRenderer } from './renderer/build.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const at = (...parts) => path.join(root, ...parts);

/** Program name in out/ → entry file. */
const programs = {
  cityflow: 'electron/cli/main.ts',
  peer: 'network/embedded/peer/main.ts',
  orderer: 'network/embedded/orderer/main.ts',
  bench: 'network/testing/bench.ts',
  'bench-ledger': 'network/testing/ledger-bench.ts',
};

const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  outdir: at('out'),
  sourcemap: true,
  logLevel: 'warning',
  define: {
    __CONSOLE_VERSION__: JSON.stringify(version),
    __WIRE_DIGEST__: JSON.stringify(wireDigest(root)),
  },
  // classic-level carries its native binaries inside the package; pkcs11js is an optional HSM binding.
  external: ['classic-level', 'dockerode', 'pkcs11js'],
};

await build({
  ...shared,
  entryPoints: Object.fromEntries(
    Object.entries(programs)
      .filter(([, entry]) => existsSync(at(entry)))
      .map(([name, entry]) => [name, at(entry)]),
  ),
});

await buildContracts(at('out'));

buildRenderer();

/**
 * V8 keeps the text of a program for as long as it runs, in two bytes a character as soon as one is not Latin-1: one
 * curly quote in a library's comment costs every process four megabytes. The same text is written in ASCII.
 */
for (const name of readdirSync(at('out')).filter((file) => file.endsWith('.cjs'))) {
  const text = readFileSync(at('out', name), 'utf8');
  const ascii = text.replace(
    /[^\x00-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (ascii !== text) writeFileSync(at('out', name), ascii);
}
