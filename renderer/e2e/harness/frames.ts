import os from 'node:os';
import type { Browser, Page } from 'playwright/test';
import { expect, test } from 'playwright/test';

/** What the reader of a page notices as a hitch. */
const LONGEST_FRAME_MS = 100;
/** Tasks of the page's main thread, with the processor's time in them. */
const TASKS = 'toplevel';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * Does something in the page and fails where it cost a frame of more than 100 ms. Two measures: the longest time
 * between two frames, which is what is seen, and the most processor time one task of the page's main thread took. The
 * first says nothing where other programs keep the machine busy: then the second alone decides, and the run says so.
 */
export async function expectSmooth(page: Page, what: string, act: () => Promise<void>): Promise<void> {
  await watchFrames(page);
  const isBusy = (os.loadavg()[0] ?? 0) > os.cpus().length;
  const browser = page.context().browser();
  await browser?.startTracing(page, { categories: [TASKS] });
  try {
    await act();
  } finally {
    const longestTask = browser ? await longestTaskMs(browser) : undefined;
    const longestFrame = await longestFrameMs(page);
    const seen = `longest frame ${longestFrame.toFixed(0)} ms, longest task ${longestTask?.toFixed(0) ?? '–'} ms of processor time`;
    const busy = isBusy ? '; other programs kept this machine busy, so frames are not judged' : '';
    test.info().annotations.push({ type: what, description: `${seen}${busy}` });
    if (longestTask !== undefined) {
      expect.soft(longestTask, `${what}: ${seen}`).toBeLessThan(LONGEST_FRAME_MS);
    }
    if (!isBusy || longestTask === undefined) {
      expect.soft(longestFrame, `${what}: ${seen}`).toBeLessThan(LONGEST_FRAME_MS);
    }
  }
}

async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const longestFrame = { ms: 0, isOver: false };
    let last = performance.now();
    const frame = (now: number) => {
      longestFrame.ms = Math.max(longestFrame.ms, now - last);
      last = now;
      if (!longestFrame.isOver) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(window, { longestFrame });
  });
}

const longestFrameMs = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { longestFrame } = window as unknown as { longestFrame: { ms: number; isOver: boolean } };
    longestFrame.isOver = true;
    return longestFrame.ms;
  });

async function longestTaskMs(browser: Browser): Promise<number> {
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const pages = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${String(pid)} ${String(tid)}`),
  );
  let longest = 0;
  for (const { ph, pid, tid, tdur } of trace.traceEvents) {
    if (ph === 'X' && pages.has(`${String(pid)} ${String(tid)}`)) longest = Math.max(longest, tdur ?? 0);
  }
  return longest / 1_000;
}
