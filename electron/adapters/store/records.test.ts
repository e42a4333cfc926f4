import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditEntry, TransactionRecord } from '../../api/activity-models';
import { defaultSettings } from '../../api/settings';
import { storeFaults } from '../../core/fake-records';
import { StoreFaults } from '../../core/store-faults';
import { AuditFile } from './audit-file';
import { homeOfNetwork, networkFolder } from './home';
import { SavedRequestsFile } from './saved-requests';
import { RetainedStores } from './retained-stores';
import { SettingsFile } from './settings-file';
import { allSetAside, storeFiles } from './store-files';
import { TransactionHistoryFile } from './transaction-history';

let home = '';
let faults = storeFaults();
beforeEach(async () => {
  faults = storeFaults();
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
  const log = new AuditFile(path.join(home, 'audit.log'), faults.of('audit'), 5_000);
  for (let index = 1; index <= 20; index++) await log.append(entry(index));
  expect((await readdir(home)).length).toBeGreaterThan(2);
  const newest = await log.list({ limit: 8, operation: 'node.stop' });
  expect(newest.map(({ at }) => new Date(at).getTime() / 1000)).toEqual([20, 18, 16, 14, 12, 10, 8, 6]);
  expect(await log.list({ limit: 1, before: entry(10).at })).toEqual([entry(9)]);
  expect((await stat(path.join(home, 'audit.log'))).mode & 0o077).toBe(0);
});

test('old audit files go, and a line that was cut off is passed over', async () => {
  const file = path.join(home, 'audit.log');
  const log = new AuditFile(file, faults.of('audit'), 1_500);
  for (let index = 1; index <= 30; index++) await log.append(entry(index));
  expect((await readdir(home)).sort()).toEqual(['audit.log', ...[1, 2, 3, 4].map((n) => `audit.log.${n}`)]);
  await appendFile(file, '{"at":"20');
  expect((await new AuditFile(file, faults.of('audit')).list({ limit: 100 }))[0]).toEqual(entry(30));
});

test('an audit log that cannot be written says so, and nothing else fails', async () => {
  const file = path.join(home, 'audit.log');
  await mkdir(file);
  const log = new AuditFile(file, faults.of('audit'));
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
  const history = new TransactionHistoryFile(file, faults.of('history'), 10);
  for (let index = 0; index < 57; index++) await history.append(record(index));
  const again = new TransactionHistoryFile(file, faults.of('history'), 10);
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
  const log = new AuditFile(path.join(home, 'audit.log'), faults.of('audit'), 100_000);
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
  const history = new TransactionHistoryFile(file, faults.of('history'), 50);
  for (let index = 0; index < 40; index++) await history.append(record(index));
  await history.retain(5);
  expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(5);
  expect(
    (await new TransactionHistoryFile(file, faults.of('history'), 50).list()).map(({ id }) => id),
  ).toEqual(['39', '38', '37', '36', '35']);
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
  const log = new AuditFile(path.join(home, 'audit.log'), faults.of('audit'));
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
  const settings = new SettingsFile(file, faults.of('settings'));
  expect(await settings.read()).toEqual(defaultSettings);
  await settings.change({ theme: 'dark', onClose: 'leave' });
  expect(await new SettingsFile(file, faults.of('settings')).read()).toMatchObject({
    theme: 'dark',
    onClose: 'leave',
  });
  await writeFile(file, JSON.stringify({ theme: 'purple', density: 'comfortable', unknown: 1 }));
  expect(await settings.read()).toEqual({ ...defaultSettings, density: 'comfortable' });
  await writeFile(file, 'not json');
  expect(await settings.read()).toEqual(defaultSettings);
});

test('a network’s folder knows its home', () => {
  expect(homeOfNetwork(networkFolder('/h', 'n'))).toBe('/h');
  expect(homeOfNetwork('/somewhere/else')).toBe('/somewhere/else');
});

const linesOf = async (file: string) => (await readFile(file, 'utf8')).trim().split('\n');
const damaged = async (folder: string) =>
  (await readdir(folder)).filter((name) => name.includes('.damaged-')).map((name) => path.join(folder, name));

test('what follows a line that was cut off by a crash stands on a line of its own', async () => {
  const file = path.join(home, 'audit.log');
  await new AuditFile(file, faults.of('audit')).append(entry(1));
  await appendFile(file, '{"at":"20');
  const log = new AuditFile(file, faults.of('audit'));
  await log.append(entry(2));
  expect(await log.list({ limit: 9 })).toEqual([entry(2), entry(1)]);
  // Whole but for its line feed.
  await appendFile(file, JSON.stringify(entry(3)));
  await log.append(entry(4));
  expect(await log.list({ limit: 9 })).toEqual([4, 3, 2, 1].map(entry));
  expect(await damaged(home)).toEqual([]);
});

test('damaged lines are set aside with all around them, once, and the rest goes on', async () => {
  const file = path.join(home, 'history.jsonl');
  const text = [record(1), record(2)].map((one) => JSON.stringify(one)).join('\ngarbage\n{"id":7}\n');
  await writeFile(file, `${text}\n`);
  const history = new TransactionHistoryFile(file, faults.of('history'));
  expect(await history.list()).toEqual([record(2), record(1)]);
  const [copy = '', ...more] = await damaged(home);
  expect(more).toEqual([]);
  expect(await readFile(copy, 'utf8')).toBe(`${text}\n`);
  await history.append(record(3));
  expect(await history.list()).toEqual([3, 2, 1].map(record));
  expect(await linesOf(file)).toHaveLength(3);
  await appendFile(file, 'more garbage\n');
  await history.append(record(4));
  expect(await linesOf(file)).toHaveLength(4);
  expect(await damaged(home)).toHaveLength(2);
  expect(await readFile(copy, 'utf8')).toBe(`${text}\n`);
});

test('an older file of the audit log that is damaged is set aside before it is cut', async () => {
  const file = path.join(home, 'audit.log');
  const log = new AuditFile(file, faults.of('audit'), 2_000);
  for (let index = 1; index <= 12; index++) await log.append(entry(index));
  await appendFile(`${file}.1`, 'garbage\n');
  await log.retain(500);
  const [copy = ''] = await damaged(home);
  expect(copy).toContain('audit.log.1.damaged-');
  expect(await linesOf(copy)).toContain('garbage');
});

test('entries that cannot be written wait, are listed, and are written with the next', async () => {
  const file = path.join(home, 'audit.log');
  const log = new AuditFile(file, faults.of('audit'));
  await mkdir(file);
  await Promise.all([log.append(entry(1)), log.append(entry(2))]);
  expect(log.problem).toContain('audit.log');
  expect(await faults.list()).toMatchObject([{ store: 'audit', kind: 'failing', file }]);
  await rm(file, { recursive: true });
  await log.append(entry(3));
  expect(await linesOf(file)).toEqual([1, 2, 3].map((index) => JSON.stringify(entry(index))));
  expect([log.problem, await faults.list()]).toEqual([null, []]);
  expect(await log.list({ limit: 9 })).toHaveLength(3);
});

test('calls of another core of the network are listed, and stay when the file is written anew', async () => {
  const file = path.join(home, 'history.jsonl');
  const [one, other] = [1, 2].map(() => new TransactionHistoryFile(file, faults.of('history'), 20));
  if (!one || !other) throw new Error('not opened');
  expect(await one.list()).toEqual([]);
  await other.append(record(1));
  expect(await one.list()).toEqual([record(1)]);
  for (let index = 2; index <= 30; index++) await (index % 2 === 0 ? one : other).append(record(index));
  await one.retain(10);
  expect((await other.list()).map(({ id }) => Number(id))).toEqual([30, 29, 28, 27, 26, 25, 24, 23, 22, 21]);
});

test('settings that cannot be used are told, and set aside when a setting is changed', async () => {
  const file = path.join(home, 'settings.json');
  const settings = new SettingsFile(file, faults.of('settings'));
  const text = JSON.stringify({ theme: 'purple', onClose: 'leave', ofTomorrow: [1] });
  await writeFile(file, text);
  await settings.read();
  expect(await faults.list()).toMatchObject([
    { store: 'settings', kind: 'damaged', detail: expect.stringContaining('theme') as string },
  ]);
  await settings.change({ density: 'comfortable' });
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    ...defaultSettings,
    onClose: 'leave',
    density: 'comfortable',
    ofTomorrow: [1],
  });
  const [copy = ''] = await damaged(home);
  expect(await readFile(copy, 'utf8')).toBe(text);
  expect(await faults.list()).toEqual([]);
  await writeFile(file, 'not json');
  await settings.change({ density: 'compact' });
  expect(await damaged(home)).toHaveLength(2);
});

test('what was set aside is told while it is there', async () => {
  const files = storeFiles(home, 'net');
  await mkdir(path.join(home, 'history'));
  await writeFile(files.history, 'garbage\n');
  await writeFile(`${storeFiles(home, 'net.two').history}.damaged-x`, 'of another network');
  const told = new StoreFaults(() => allSetAside(files));
  await new TransactionHistoryFile(files.history, told.of('history')).list();
  const [copy = ''] = (await damaged(path.join(home, 'history'))).filter((name) => !name.includes('two'));
  expect(await told.list()).toMatchObject([{ store: 'history', kind: 'damaged', file: copy }]);
  await rm(copy);
  expect(await told.list()).toEqual([]);
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
  const requests = new SavedRequestsFile(file, faults.of('history'));
  await Promise.all(['a', 'b', 'c'].map((id) => requests.add(saved(id))));
  await appendFile(file, '{"id":"cut');
  expect(await requests.remove('b')).toBe(true);
  expect(await requests.remove('b')).toBe(false);
  expect(await new SavedRequestsFile(file, faults.of('history')).list()).toEqual([saved('a'), saved('c')]);
  expect((await stat(file)).mode & 0o077).toBe(0);
});
