import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storeFaults } from '../../core/fake-records';
import { AuditFile } from './audit-file';
import { acquireFileLock, withFileLock } from './file-lock';
import { SavedRequestsFile } from './saved-requests';
import { anEntry, aRecord, aRequest } from './testing/records';
import { TransactionHistoryFile } from './transaction-history';

let file = '';
beforeEach(async () => {
  file = path.join(await mkdtemp(path.join(os.tmpdir(), 'cityflow-file-')), 'file');
});
afterEach(() => rm(path.dirname(file), { recursive: true }));

const report = storeFaults().of('audit');

test.each([
  ['the audit log', () => new AuditFile(file, report).append(anEntry('one'))],
  ['the history', () => new TransactionHistoryFile(file, report).append(aRecord('one'))],
  ['saved requests', () => new SavedRequestsFile(file, report).add(aRequest('one'))],
])('%s: nothing is written while another console writes, and then it is', async (_what, write) => {
  const lock = await acquireFileLock(`${file}.lock`);
  if (!('release' in lock)) throw new Error('not acquired');
  const written = write();
  // Far longer than writing takes.
  for (let round = 0; round < 1_000; round++) await readdir(path.dirname(file));
  expect(await readdir(path.dirname(file))).not.toContain(path.basename(file));
  await lock.release();
  await written;
  expect(await readFile(file, 'utf8')).not.toBe('');
  expect(await readdir(path.dirname(file))).toEqual([path.basename(file)]);
});

test('a process that ended while it wrote keeps nobody waiting', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(`${file}.lock`, JSON.stringify({ pid, token: 'old' }));
  expect(await withFileLock(file, () => Promise.resolve('done'))).toBe('done');
});

test('work that fails leaves no lock', async () => {
  await expect(withFileLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await readdir(path.dirname(file))).toEqual([]);
});
