import { spawnSync } from 'node:child_process';
import { existsSync, openSync, closeSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';

const program = `${
  buildSync({
    entryPoints: [path.join(import.meta.dirname, 'log-sink.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
  }).outputFiles[0]?.text ?? ''
}
for (let line = 0; line < 3; line += 1) module.exports.writeToStderr('line\\n');
setTimeout(() => process.stdout.write('still here'), 10);`;

test('a log on a full disk ends no node', ({ skip }) => {
  if (!existsSync('/dev/full')) skip('/dev/full is not there: this platform has no disk that is always full');
  const full = openSync('/dev/full', 'w');
  const { status, stdout } = spawnSync(process.execPath, ['-e', program], {
    stdio: ['ignore', 'pipe', full],
  });
  closeSync(full);
  expect([status, stdout.toString()]).toEqual([0, 'still here']);
});

test('lines arrive whole and in order', () => {
  const { stderr } = spawnSync(process.execPath, ['-e', program]);
  expect(stderr.toString()).toBe('line\n'.repeat(3));
});
