import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditEntry, TransactionRecord } from '../../api/activity-models';
import { defaultSettings } from '../../api/settings';
import { AuditFile } from './audit-file';
import { homeOfNetwork, networkFolder } from './home';
import { SavedRequestsFile } from './saved-requests';
import { RetainedStores } from './retained-stores';
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
  const log = new AuditFile(path.join(home, 'audit.log'), 5_000);
  for (let index = 1; index <= 20; index++) await log.append(entry(index));
  expect((await readdir(home)).length).toBeGreaterThan(2);
  const newest = await log.list({ limit: 8, operation: 'node.stop' });
  expect(newest.map(({ at }) => new Date(at).getTime() / 1000)).toEqual([20, 18, 16, 14, 12, 10, 8, 6]);
  expect(await log.list({ limit: 1, before: entry(10).at })).toEqual([entry(9)]);
  expect((await stat(path.join(home, 'audit.log'))).mode & 0o077).toBe(0);
});

test('old audit files go, and a line that was cut off is passed over', async () => {
  const file = path.join(home, 'audit.log');
  const log = new AuditFile(file, 1_500);
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

const bytesOf = async (name: string): Promise<number> =>
  (
    await Promise.all(
      (await readdir(home))
        .filter((file) => file.startsWith(name))
        .map(async (file) => (await stat(path.join(home, file))).size),
    )
  ).reduce((total, size) => total + size, 0);

test('the audit log keeps to a smaller size at once and from then on, and loses the oldest only', async () => {
  const log = new AuditFile(path.join(home, 'audit.log'), 100_000);
  for (let index = 1; index <= 300; index++) await log.append(entry(index));
  const before = await log.list({ limit: 1_000 });
  await log.retain(5_000);
  expect(await bytesOf('audit.log')).toBeLessThanOrEqual(5_000);
  const kept = await log.list({ limit: 1_000 });
  expect(kept.length).toBeGreaterThan(10);
  expect(kept).toEqual(before.slice(0, kept.length));
  const longest = JSON.stringify(entry(999)).length + 1;
  for (let index = 301; index <= 400; index++) {
    await log.append(entry(index));
    expect(await bytesOf('audit.log')).toBeLessThanOrEqual(5_000 + longest);
  }
  expect((await log.list({ limit: 1 }))[0]).toEqual(entry(400));
});

test('the history keeps to a smaller number at once, over restarts, and takes a larger one', async () => {
  const file = path.join(home, 'history.jsonl');
  const history = new TransactionHistoryFile(file, 50);
  for (let index = 0; index < 40; index++) await history.append(record(index));
  await history.retain(5);
  expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(5);
  expect((await new TransactionHistoryFile(file, 50).list()).map(({ id }) => id)).toEqual([
    '39',
    '38',
    '37',
    '36',
    '35',
  ]);
  await history.retain(7);
  for (let index = 40; index < 50; index++) await history.append(record(index));
  expect(await history.list()).toHaveLength(7);
});

test('what the settings allow reaches each store', async () => {
  const told: unknown[] = [];
  const stores = new RetainedStores(
    { retain: (bytes) => Promise.resolve(void told.push(bytes)) },
    { retain: (calls) => Promise.resolve(void told.push(calls)) },
  );
  expect(stores.metricsHours()).toBe(48);
  await stores.apply({ ...defaultSettings, metricsDays: 5, historyCalls: 200, auditMegabytes: 3 });
  expect([stores.metricsHours(), ...told]).toEqual([120, 3 * 1024 * 1024, 200]);
});

test('the audit log is searched by words, time and failure', async () => {
  const log = new AuditFile(path.join(home, 'audit.log'));
  for (let index = 1; index <= 6; index++) {
    await log.append({ ...entry(index), outcome: index === 4 ? 'NODE_FAILED' : 'OK' });
  }
  const times = async (filter: object) => (await log.list({ limit: 10, ...filter })).map(({ at }) => at);
  expect(await times({ text: 'N3' })).toEqual([entry(3).at]);
  expect(await times({ failed: true })).toEqual([entry(4).at]);
  expect(await times({ since: entry(5).at })).toEqual([entry(6).at, entry(5).at]);
});

test('settings are kept, and one that cannot be used does not take the others with it', async () => {
  const file = path.join(home, 'settings.json');
  const settings = new SettingsFile(file);
  expect(await settings.read()).toEqual(defaultSettings);
  await settings.write({ ...defaultSettings, theme: 'dark', onClose: 'leave' });
  expect(await new SettingsFile(file).read()).toMatchObject({ theme: 'dark', onClose: 'leave' });
  await writeFile(file, JSON.stringify({ theme: 'purple', density: 'comfortable', unknown: 1 }));
  expect(await settings.read()).toEqual({ ...defaultSettings, density: 'comfortable' });
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
