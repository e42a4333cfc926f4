import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditEntry, TransactionRecord } from '../../api/activity-models';
import { defaultSettings } from '../../api/settings';
import { AuditFile } from './audit-file';
import { homeOfNetwork, networkFolder } from './home';
import { SavedRequestsFile } from './saved-requests';
import { SettingsFile } from './settings-file';
import { TransactionHistoryFile } from './transaction-history';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'cityflow-records-'));
});
afterEach(() => rm(home, { recursive: true }));

const entry = (index: number): AuditEntry => ({
  at: new Date(index * 1000).toISOString(),
  user: 'ada',
  role: 'admin',
  operation: index % 2 === 0 ? 'node.stop' : 'node.start',
  identity: null,
  request: { node: `n${index}` },
  outcome: 'OK',
  transactionId: null,
  task: null,
  durationMs: 1,
});

test('the audit log lists the newest first, over rotated files, filtered', async () => {
  const log = new AuditFile(path.join(home, 'audit.log'), 1_000);
  for (let index = 1; index <= 20; index++) await log.append(entry(index));
  expect((await readdir(home)).length).toBeGreaterThan(2);
  const newest = await log.list({ limit: 8, operation: 'node.stop' });
  expect(newest.map(({ at }) => new Date(at).getTime() / 1000)).toEqual([20, 18, 16, 14, 12, 10, 8, 6]);
  expect(await log.list({ limit: 1, before: entry(10).at })).toEqual([entry(9)]);
  expect((await stat(path.join(home, 'audit.log'))).mode & 0o077).toBe(0);
});

test('old audit files go, and a line that was cut off is passed over', async () => {
  const file = path.join(home, 'audit.log');
  const log = new AuditFile(file, 200);
  for (let index = 1; index <= 30; index++) await log.append(entry(index));
  expect((await readdir(home)).sort()).toEqual(['audit.log', ...[1, 2, 3, 4].map((n) => `audit.log.${n}`)]);
  await appendFile(file, '{"at":"20');
  expect((await new AuditFile(file).list({ limit: 100 }))[0]).toEqual(entry(30));
});

test('an audit log that cannot be written says so, and nothing else fails', async () => {
  const file = path.join(home, 'audit.log');
  await mkdir(file);
  const log = new AuditFile(file);
  await log.append(entry(1));
  expect(log.problem).toContain('audit.log');
});

const record = (index: number): TransactionRecord => ({
  id: String(index),
  at: new Date(index).toISOString(),
  kind: 'submit',
  as: 'Alpha/operator',
  channel: 'goods-channel',
  contract: 'goods',
  function: 'Put',
  args: [],
  transientKeys: [],
  endorsingOrganizations: null,
  outcome: 'OK',
  problem: null,
  transactionId: null,
  status: 'VALID',
  blockNumber: '1',
  result: null,
  durationMs: 1,
  stagesMs: null,
});

test('the history of transactions keeps the newest, over restarts, in bounded space', async () => {
  const file = path.join(home, 'history', 'net.jsonl');
  const history = new TransactionHistoryFile(file, 10);
  for (let index = 0; index < 57; index++) await history.append(record(index));
  const again = new TransactionHistoryFile(file, 10);
  expect((await again.list()).map(({ id }) => Number(id))).toEqual([56, 55, 54, 53, 52, 51, 50, 49, 48, 47]);
  expect((await readFile(file, 'utf8')).trim().split('\n').length).toBeLessThanOrEqual(21);
});

test('settings are kept, and one that cannot be used does not take the others with it', async () => {
  const file = path.join(home, 'settings.json');
  const settings = new SettingsFile(file);
  expect(await settings.read()).toEqual(defaultSettings);
  await settings.write({ ...defaultSettings, theme: 'dark', onClose: 'leave' });
  expect(await new SettingsFile(file).read()).toMatchObject({ theme: 'dark', onClose: 'leave' });
  await writeFile(file, JSON.stringify({ theme: 'purple', density: 'compact', unknown: 1 }));
  expect(await settings.read()).toEqual({ ...defaultSettings, density: 'compact' });
  await writeFile(file, 'not json');
  expect(await settings.read()).toEqual(defaultSettings);
});

test('a network’s folder knows its home', () => {
  expect(homeOfNetwork(networkFolder('/h', 'n'))).toBe('/h');
  expect(homeOfNetwork('/somewhere/else')).toBe('/somewhere/else');
});

test('saved requests last, and one that is removed is gone for the next who reads', async () => {
  const file = path.join(home, 'history', 'net.saved.jsonl');
  const saved = (id: string) => ({
    id,
    name: `Spot ${id}`,
    savedAt: new Date(0).toISOString(),
    channel: 'c',
    contract: 'k',
    function: 'F',
    args: ['1'],
    transientKeys: ['secret'],
    endorsingOrganizations: null,
  });
  const requests = new SavedRequestsFile(file);
  await Promise.all(['a', 'b', 'c'].map((id) => requests.add(saved(id))));
  await appendFile(file, '{"id":"cut');
  expect(await requests.remove('b')).toBe(true);
  expect(await requests.remove('b')).toBe(false);
  expect(await new SavedRequestsFile(file).list()).toEqual([saved('a'), saved('c')]);
  expect((await stat(file)).mode & 0o077).toBe(0);
});
