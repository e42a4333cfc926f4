import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright/test';
import { z } from 'zod';

/** Why what processes take cannot be read here; undefined where it can. */
export const processesUnread =
  process.platform === 'linux' ? undefined : 'what processes take is read from /proc, which only Linux has';

/** Bytes in memory, shared pages included. A process that is gone takes none. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Of Linux' interface to programs, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

/** Seconds of a core that the process has taken since it began. */
export async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program may hold spaces and brackets: what follows the last one is counted from field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
}

const holder = z.object({ pid: z.int() });

/** The process that owns the network in this folder. */
export async function supervisorOf(folder: string): Promise<number> {
  return holder.parse(JSON.parse(await readFile(path.join(folder, 'supervisor.lock'), 'utf8'))).pid;
}

/** Chromium's processes that run pages, without the one it keeps ready for the next page. */
export async function rendererProcesses(browser: Browser): Promise<readonly number[]> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  } finally {
    await session.detach();
  }
}
