import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ConsolePage } from '../harness/console-page';
import { processesUnread } from '../harness/processes';
import { root } from '../harness/shells';
import { expect, test } from '../harness/test';
import { logsOf, ORDERER, PEER } from '../views';
import { growthOf, megabytes } from './memory-samples';
import type { GrowthBound } from './memory-samples';
import { watchMemory } from './watch-memory';

/** Of the pages' own objects little may come; what the system counts for a process moves by itself. */
const boundOf =
  (short: boolean) =>
  (what: string): GrowthBound => {
    if (short) return what.startsWith('heap') ? { share: 0.25, bytes: 4e6 } : { share: 0.3, bytes: 40e6 };
    return what.startsWith('heap') ? { share: 0.1, bytes: 3e6 } : { share: 0.15, bytes: 24e6 };
  };

/** What is open in the windows meanwhile: everything that is told live. */
const watched = [
  { name: 'metrics', address: '/metrics' },
  { name: 'logs', address: logsOf([PEER, ORDERER]) },
  { name: 'overview', address: '/' },
] as const;

test('live metrics and logs make neither the pages nor the processes behind them grow', async ({
  shell,
  network,
  openWindow,
  memoryMinutes,
}, info) => {
  info.skip(shell === 'desktop', 'the pages are the same as in the browser, and it has one window only');
  info.skip(processesUnread !== undefined, processesUnread ?? '');
  const short = memoryMinutes < 20;
  info.setTimeout(memoryMinutes * 60_000 + 240_000);
  const windows = [];
  for (const { name, address } of watched) {
    const { cityflow, service, sessions } = network;
    const console = new ConsolePage(
      await openWindow({ cityflow, address: service.origin, session: sessions.admin }),
    );
    await expect(console.heading).toBeVisible();
    await console.go(address);
    windows.push({ name, page: console.page });
  }
  const folder = path.join(root, 'out', 'e2e-memory');
  await mkdir(folder, { recursive: true });
  const samples = await watchMemory(windows, network, memoryMinutes, path.join(folder, 'samples.json'));
  const growth = growthOf(samples, boundOf(short));
  for (const { what, before, after, allowed } of growth) {
    const line = `${what}: ${megabytes(before)} → ${megabytes(after)}, at most ${megabytes(allowed)}`;
    process.stdout.write(`${line}\n`);
    info.annotations.push({ type: 'memory', description: line });
  }
  expect(growth.filter(({ after, allowed }) => after > allowed)).toEqual([]);
});
