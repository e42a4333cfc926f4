import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConsoleClient } from '../api/client';
import type { NetworkStatus } from '../api/models';
import { createCore } from '../core/core';
import { fakePorts } from '../core/fakes';
import type { MetricsFrame } from '../core/ports/metrics';
import { StoreFaults } from '../core/store-faults';
import { DiskMetricsHistory } from './metrics/disk-history';
import { AuditFile } from './store/audit-file';
import { SavedRequestsFile } from './store/saved-requests';
import { SettingsFile } from './store/settings-file';
import { allSetAside, storeFiles } from './store/store-files';
import { aRequest, unsaved } from './store/testing/records';
import { TransactionHistoryFile } from './store/transaction-history';
import { openTestWallet } from './wallet/testing/test-wallet';
import type { TestWallet } from './wallet/testing/test-wallet';

const PAGE = 4_096;

let disk = '';
let missing: string | undefined;
let opened: TestWallet;
beforeAll(async () => {
  disk = await mkdtemp(path.join(os.tmpdir(), 'cityflow-disk-'));
  const { status, error, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], {
    encoding: 'utf8',
  });
  if (status === 0) opened = await openTestWallet(disk);
  else missing = `a small disk cannot be mounted here: ${error?.message ?? stderr.trim()}`;
});
afterAll(async () => {
  if (missing === undefined) spawnSync('umount', [disk]);
  await rm(disk, { recursive: true });
});

const filler = () => path.join(disk, 'filler');

/** Fills the disk but for so many pages. */
function fill(freePages = 0): void {
  const file = openSync(filler(), 'w');
  let size = 0;
  try {
    for (;;) size += writeSync(file, Buffer.alloc(PAGE, 1));
  } catch {
    ftruncateSync(file, size - freePages * PAGE);
  } finally {
    closeSync(file);
  }
}
const free = () => rmSync(filler(), { force: true });

const frame = (at: number, series = 1): MetricsFrame => ({
  at: at * 5_000,
  nodes: new Map([
    [
      'peer',
      {
        startedAt: 7,
        values: new Map(Array.from({ length: series }, (_unused, index) => [`height{"n":"${index}"}`, at])),
      },
    ],
  ]),
});

afterEach(free);

let home = '';
let files: ReturnType<typeof storeFiles>;
beforeEach(async (context) => {
  if (missing !== undefined) context.skip(missing);
  home = await mkdtemp(path.join(disk, 'home-'));
  files = storeFiles(home, 'testnet');
});

/** A console whose stores lie on that disk. */
async function openConsole(): Promise<{ client: ConsoleClient; metrics: DiskMetricsHistory }> {
  const faults = new StoreFaults(() => allSetAside(files));
  const metrics = new DiskMetricsHistory(files.metrics, faults.of('metrics'));
  const wallet = opened.open();
  const ports = fakePorts();
  await ports.host.start('peer0.alpha.test');
  const core = createCore(
    {
      ...ports,
      faults,
      audit: new AuditFile(files.audit, faults.of('audit')),
      transactions: new TransactionHistoryFile(files.history, faults.of('history')),
      savedRequests: new SavedRequestsFile(files.saved, faults.of('history')),
      settings: new SettingsFile(files.settings, faults.of('settings')),
      metricsHistory: metrics,
      wallet,
      transactor: { ...ports.transactor, submit: () => Promise.resolve(committed) },
      identities: { ...ports.identities, list: () => wallet.list().then(withAlpha) },
    },
    { networkDown: () => undefined },
  );
  const withAlpha = async (added: Awaited<ReturnType<typeof wallet.list>>) => [
    ...(await ports.identities.list()),
    ...added,
  ];
  return { client: core.openSession('admin', 'ada'), metrics };
}

const call = {
  as: 'Alpha/operator',
  channel: 'goods-channel',
  contract: 'goods',
  function: 'Put',
  args: ['1'],
};
const committed = {
  transactionId: 'ab'.repeat(32),
  status: 'VALID',
  code: 0,
  blockNumber: '7',
  result: null,
  endorsement: { endorsers: [], responseStatus: 200, responseHash: 'aa' },
  durationsMs: { proposal: 1, endorse: 5, submit: 6, commit: 7 },
};
const issued = (name: string) => ({ organization: 'UserService', name });

const faultsOf = async (client: ConsoleClient) => {
  const status = await client.call('network.status', {});
  if (!status.ok) throw new Error(status.problem.title);
  const { storeFaults }: NetworkStatus = status.value;
  return storeFaults.map(({ store }) => store).toSorted();
};

const everything = async (folder: string): Promise<Record<string, string>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name): Promise<[string, string]> => [name, await readFile(name, 'utf8')]),
    ),
  );
};

describe('on a full disk', () => {
  test('each command is done or refused in words, what stands on the disk stays, and all goes on once there is space', async () => {
    const { client, metrics } = await openConsole();
    const identities = path.join(opened.home, 'wallet');
    await client.call('settings.set', { theme: 'dark' });
    await client.call('transaction.submit', call);
    await client.call('transaction.save', unsaved('before'));
    await client.call('identity.issue', issued('before'));
    await metrics.append(frame(1));
    await expect.poll(() => readFile(files.history, 'utf8').catch(() => '')).toContain('Put');
    const before = { ...(await everything(home)), ...(await everything(identities)) };

    fill();
    const full = {
      ok: false,
      problem: { code: 'DISK_FULL', hint: expect.stringContaining('Free') as string },
    };
    expect(await client.call('settings.set', { theme: 'light' })).toMatchObject(full);
    expect(await client.call('transaction.save', unsaved('during'))).toMatchObject(full);
    expect(await client.call('identity.issue', issued('during'))).toMatchObject(full);
    expect(await client.call('transaction.submit', call)).toMatchObject({ ok: true });
    await metrics.append(frame(2, 2_000));
    await expect.poll(() => faultsOf(client)).toEqual(['audit', 'history', 'metrics']);
    expect(await client.call('audit.list', {})).toMatchObject({
      value: { problem: expect.stringContaining('ENOSPC') as string },
    });
    expect(await client.call('settings.get', {})).toMatchObject({ value: { theme: 'dark' } });
    expect((await metrics.last())?.at).toBe(10_000);
    expect({ ...(await everything(home)), ...(await everything(identities)) }).toEqual(before);

    free();
    expect(await client.call('settings.set', { density: 'comfortable' })).toMatchObject({
      value: { theme: 'dark', density: 'comfortable' },
    });
    expect(await client.call('transaction.save', unsaved('after'))).toMatchObject({ ok: true });
    expect(await client.call('identity.issue', issued('during'))).toMatchObject({ ok: true });
    expect(await client.call('transaction.submit', call)).toMatchObject({ ok: true });
    await metrics.append(frame(3));
    await expect.poll(() => faultsOf(client)).toEqual([]);

    const again = await openConsole();
    const listed = await again.client.call('audit.list', {});
    const operations = listed.ok
      ? listed.value.entries.map(({ operation, outcome }) => [operation, outcome])
      : [];
    expect(operations.toReversed()).toEqual([
      ['settings.set', 'OK'],
      ['transaction.submit', 'OK'],
      ['transaction.save', 'OK'],
      ['identity.issue', 'OK'],
      ['settings.set', 'DISK_FULL'],
      ['transaction.save', 'DISK_FULL'],
      ['identity.issue', 'DISK_FULL'],
      ['transaction.submit', 'OK'],
      ['settings.set', 'OK'],
      ['transaction.save', 'OK'],
      ['identity.issue', 'OK'],
      ['transaction.submit', 'OK'],
    ]);
    expect(await again.client.call('transaction.history', {})).toMatchObject({ value: { length: 3 } });
    expect(await again.client.call('transaction.saved', {})).toMatchObject({
      value: [{ name: 'after' }, { name: 'before' }],
    });
    const { nodes } = await again.metrics.frames(0, 15_000);
    expect(nodes.get('peer')?.frames.map(({ at }) => at)).toEqual([5_000, 15_000]);
    for (const name of ['before', 'during']) await opened.open().signer(`UserService/${name}`);
  });

  test('a line for which the space ends in the middle leaves nothing of it', async () => {
    const report = new StoreFaults(() => Promise.resolve([])).of('history');
    const requests = new SavedRequestsFile(files.saved, report);
    await requests.add(aRequest('before'));
    const before = await readFile(files.saved, 'utf8');
    // One page for the lock, one for the beginning of the line.
    fill(2);
    const large = aRequest('large', ['x'.repeat(5 * PAGE)]);
    await expect(requests.add(large)).rejects.toMatchObject({ code: 'ENOSPC', path: files.saved });
    expect(await readFile(files.saved, 'utf8')).toBe(before);
    free();
    await requests.add(large);
    expect(await requests.list()).toEqual([aRequest('before'), large]);
  });

  test('so does a reading of metrics', async () => {
    const faults = new StoreFaults(() => Promise.resolve([]));
    const metrics = new DiskMetricsHistory(files.metrics, faults.of('metrics'));
    await metrics.append(frame(1));
    fill(1);
    await metrics.append(frame(2, 2_000));
    expect(await faults.list()).toMatchObject([
      { store: 'metrics', detail: expect.stringContaining('full') as string },
    ]);
    free();
    await metrics.append(frame(3));
    expect(await faults.list()).toEqual([]);
    const again = new DiskMetricsHistory(files.metrics, faults.of('metrics'));
    const { nodes } = await again.frames(0, 15_000);
    expect(nodes.get('peer')?.frames.map(({ at }) => at)).toEqual([5_000, 15_000]);
  });

  test('the first identity of a wallet leaves no key that opens nothing', async () => {
    const other = await openTestWallet(disk);
    const wanted = { organization: 'UserService', name: 'first', role: 'client' as const, attributes: {} };
    await mkdir(path.join(other.home, 'wallet'));
    fill();
    await expect(other.open().issue(wanted)).rejects.toThrow('ENOSPC');
    expect(await readdir(path.join(other.home, 'wallet'))).toEqual([]);
    free();
    await other.open().issue(wanted);
    await other.open().signer('UserService/first');
    await other.close();
  });
});
