import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storeFaults } from '../../core/fake-records';
import { AuditFile } from './audit-file';
import { SavedRequestsFile } from './saved-requests';
import { SettingsFile } from './settings-file';
import { storeFiles } from './store-files';
import { TransactionHistoryFile } from './transaction-history';

const COUNT = 200;
const numbers = Array.from({ length: COUNT }, (_unused, index) => index + 1);

let home = '';
beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'cityflow-two-'));
  const program = path.join(home, 'console-process.cjs');
  await build({
    entryPoints: [path.join(import.meta.dirname, 'testing', 'console-process.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
    logLevel: 'error',
  });
  const run = promisify(execFile);
  const outcomes = await Promise.all(
    ['a', 'b'].map((name) => run(process.execPath, [program, home, name, String(COUNT)])),
  );
  expect(outcomes.map(({ stdout }) => stdout)).toEqual(['[]', '[]']);
});
afterAll(() => rm(home, { recursive: true }));

const report = storeFaults().of('audit');

test('of two processes that write the audit log and begin new files, no entry is lost, and none is told twice', async () => {
  const entries = await new AuditFile(storeFiles(home, 'testnet').audit, report).list({ limit: 10_000 });
  const told = entries.map(({ request }) => (request as { node: string }).node);
  expect(told.toSorted()).toEqual(['a', 'b'].flatMap((name) => numbers.map((n) => `${name}${n}`)).toSorted());
  expect((await readdir(home)).filter((name) => /^audit\.log\.\d$/.test(name)).length).toBeGreaterThan(0);
});

test('of two processes that change different settings, each keeps its last', async () => {
  const settings = await new SettingsFile(storeFiles(home, 'testnet').settings, report).read();
  expect(settings).toMatchObject({ historyCalls: 100 + COUNT, metricsRangeMinutes: COUNT });
});

test('of two processes with the history of one network, the newest calls of both stay', async () => {
  const records = await new TransactionHistoryFile(storeFiles(home, 'testnet').history, report, 200).list();
  const ids = records.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(100);
  for (const name of ['a', 'b']) {
    const own = ids.filter((id) => id.startsWith(name)).map((id) => Number(id.slice(1)));
    expect(own).toEqual(numbers.toReversed().slice(0, own.length));
  }
});

test('what two processes save and remove is what is saved, and no file of theirs is left over', async () => {
  const requests = await new SavedRequestsFile(storeFiles(home, 'testnet').saved, report).list();
  const odd = numbers.filter((number) => number % 2 === 1);
  expect(requests.map(({ id }) => id).toSorted()).toEqual(
    ['a', 'b'].flatMap((name) => odd.map((n) => `${name}${n}`)).toSorted(),
  );
  const left = (await readdir(home, { recursive: true })).filter((name) => /lock|partial|damaged/.test(name));
  expect(left).toEqual([]);
});
