import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright/test';
import type { CityNetwork } from '../harness/city-network';
import { residentBytes, rendererProcesses, supervisorOf } from '../harness/processes';
import { megabytes } from './memory-samples';
import type { MemorySample } from './memory-samples';

/** Samples of a run: enough for medians of its quarters, and seldom enough not to be what is measured. */
const SAMPLES = 40;
const LEAST_PAUSE_MS = 2_000;

export interface WatchedWindow {
  readonly name: string;
  readonly page: Page;
}

/**
 * Looks on for a while: what the windows' pages hold after their garbage is collected, and what Chromium's page
 * processes, the service and the supervisor take. Meanwhile the network has traffic, so that metrics and logs move.
 *
 * @param file receives all samples as JSON while they come, for a run that is ended early
 */
export async function watchMemory(
  windows: readonly WatchedWindow[],
  network: CityNetwork,
  minutes: number,
  file: string,
): Promise<readonly MemorySample[]> {
  const browser = windows[0]?.page.context().browser();
  if (!browser) throw new Error('there is no window to watch');
  const supervisor = await supervisorOf(network.cityflow.folder);
  const sessions = await Promise.all(
    windows.map(async ({ name, page }) => ({ name, session: await page.context().newCDPSession(page) })),
  );
  const started = Date.now();
  const end = started + minutes * 60_000;
  const pause = Math.max(LEAST_PAUSE_MS, (end - started) / SAMPLES);
  const samples: MemorySample[] = [];
  while (Date.now() < end) {
    const next = Date.now() + pause;
    await trade(network, samples.length);
    const bytes: Record<string, number> = {};
    for (const { name, session } of sessions) bytes[`heap of ${name}`] = await heapBytes(session);
    const renderers = await Promise.all((await rendererProcesses(browser)).map(residentBytes));
    bytes['page processes'] = renderers.reduce((sum, resident) => sum + resident, 0);
    bytes['service'] = await residentBytes(network.service.pid);
    bytes['supervisor'] = await residentBytes(supervisor);
    const sample = { minutes: (Date.now() - started) / 60_000, bytes };
    samples.push(sample);
    process.stdout.write(`${lineOf(sample)}\n`);
    await writeFile(file, JSON.stringify(samples, null, 1));
    await delay(Math.max(0, next - Date.now()));
  }
  return samples;
}

/** One transaction that commits, one that is refused. */
async function trade({ cityflow }: CityNetwork, round: number): Promise<void> {
  const register = ['--channel', 'parking-channel', '--contract', 'parking', 'RegisterSpot'];
  const spot = [`MEMORY-${Date.now()}-${round}`, 'centre', 'street', '250'];
  await cityflow.json('submit', '--as', 'ParkingOperator/operator', ...register, ...spot);
  await cityflow.problem('submit', '--as', 'UserService/registrar', ...register, ...spot);
}

/** What the page holds once its garbage is gone. */
async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.send('HeapProfiler.disable');
  return usedSize;
}

const lineOf = ({ minutes, bytes }: MemorySample): string =>
  [
    `${minutes.toFixed(1).padStart(6)} min`,
    ...Object.entries(bytes).map(([what, value]) => `${what} ${megabytes(value)}`),
  ].join('  ');
