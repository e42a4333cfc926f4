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

/** What something cost the page's reader. */
export interface Smoothness {
  /** The longest time between two frames, which is what is seen. */
  readonly longestFrameMs: number;
  /** Frames that came later than {@link LONGEST_FRAME_MS} after the one before. */
  readonly lateFrames: number;
  /** The most processor time one task of the page's main thread took; undefined where the shell cannot tell. */
  readonly longestTaskMs: number | undefined;
  /** Other programs keep the machine busy: frames say nothing about the page then. */
  readonly isBusy: boolean;
}

export async function measureSmoothness(page: Page, act: () => Promise<void>): Promise<Smoothness> {
  await watchFrames(page);
  const isBusy = (os.loadavg()[0] ?? 0) > os.cpus().length;
  const browser = page.context().browser();
  await browser?.startTracing(page, { categories: [TASKS] });
  let longestTask: number | undefined;
  try {
    await act();
  } finally {
    longestTask = browser ? await longestTaskMs(browser) : undefined;
  }
  const { ms, late } = await framesSeen(page);
  return { longestFrameMs: ms, lateFrames: late, longestTaskMs: longestTask, isBusy };
}

/**
 * Does something in the page and fails where it cost a frame of more than 100 ms, or, where other programs keep the
 * machine busy, a task of the page's main thread that took so much of the processor. The run says which.
 */
export async function expectSmooth(page: Page, what: string, act: () => Promise<void>): Promise<void> {
  const { longestFrameMs, longestTaskMs: longestTask, isBusy } = await measureSmoothness(page, act);
  const seen = `longest frame ${longestFrameMs.toFixed(0)} ms, longest task ${longestTask?.toFixed(0) ?? '–'} ms of processor time`;
  const busy = isBusy ? '; other programs kept this machine busy, so frames are not judged' : '';
  test.info().annotations.push({ type: what, description: `${seen}${busy}` });
  if (longestTask !== undefined) {
    expect.soft(longestTask, `${what}: ${seen}`).toBeLessThan(LONGEST_FRAME_MS);
  }
  if (!isBusy || longestTask === undefined) {
    expect.soft(longestFrameMs, `${what}: ${seen}`).toBeLessThan(LONGEST_FRAME_MS);
  }
}

interface FramesSeen {
  ms: number;
  late: number;
  isOver: boolean;
}

async function watchFrames(page: Page): Promise<void> {
  await page.evaluate((lateMs) => {
    const framesSeen: FramesSeen = { ms: 0, late: 0, isOver: false };
    let last = performance.now();
    const frame = (now: number) => {
      framesSeen.ms = Math.max(framesSeen.ms, now - last);
      if (now - last > lateMs) framesSeen.late += 1;
      last = now;
      if (!framesSeen.isOver) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(window, { framesSeen });
  }, LONGEST_FRAME_MS);
}

const framesSeen = (page: Page): Promise<FramesSeen> =>
  page.evaluate(() => {
    const { framesSeen: seen } = window as unknown as { framesSeen: FramesSeen };
    seen.isOver = true;
    return seen;
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
