import { buildSync } from 'esbuild';
import { createHash } from 'node:crypto';
import path from 'node:path';

/** What two programs must have in common to understand each other. */
const contract = ['api/operations', 'api/topics', 'api/wire', 'supervisor/hello'];

/**
 * The digest of the wire's contract as code, without comments and layout: builds of which it is equal speak the same
 * wire. Every program of a build is given it as `__WIRE_DIGEST__`.
 *
 * @param root the project's folder
 */
export function wireDigest(root) {
  const { outputFiles } = buildSync({
    stdin: {
      contents: contract.map((name) => `export * from './${name}';`).join('\n'),
      resolveDir: path.join(root, 'electron'),
      loader: 'ts',
    },
    bundle: true,
    external: ['zod'],
    format: 'esm',
    minify: true,
    write: false,
  });
  const hash = createHash('sha256');
  for (const { contents } of outputFiles) hash.update(contents);
  return hash.digest('hex').slice(0, 16);
}
