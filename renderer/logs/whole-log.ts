import type { ConsoleClient } from '../../electron/api/client';
import type { Problem } from '../../electron/api/problems';
import { cleanText } from './log-line';

/** All that a log can have: three files of ten megabytes, however short their lines. */
const ALL_LINES = 1_000_000;

export interface WholeLog {
  readonly blob: Blob;
  readonly lines: number;
}

/**
 * Reads all that is kept of a node's log into a file, part by part. Where lines come faster than they are taken, it
 * begins again after the last one it has: nothing is left out.
 */
export async function readWholeLog(
  client: ConsoleClient,
  node: string,
  onProgress: (lines: number) => void,
  signal: AbortSignal,
): Promise<WholeLog | Problem> {
  const parts: string[] = [];
  let lines = 0;
  let after: string | undefined;
  for (;;) {
    let isTorn = false;
    const stream = client.subscribe(
      'node.logs',
      { node, follow: false, tail: ALL_LINES, after },
      (events, dropped) => {
        isTorn ||= dropped > 0;
        if (isTorn) stream.close();
        if (isTorn || signal.aborted || events.length === 0) return;
        parts.push(`${events.map(({ line }) => cleanText(line)).join('\n')}\n`);
        after = events.at(-1)?.position ?? after;
        lines += events.length;
        onProgress(lines);
      },
      { againWith: () => ({ node, follow: false, tail: ALL_LINES, after }) },
    );
    const stop = () => stream.close();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const problem = await stream.ended;
    signal.removeEventListener('abort', stop);
    if (problem) return problem;
    if (!isTorn || signal.aborted) return { blob: new Blob(parts, { type: 'text/plain' }), lines };
  }
}

/** `peer0.alpha.test 2026-11-22 11.52.34.log`: of which node, and as of when (local time). */
export function logFileName(name: string, now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = `${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
  return `${name} ${day} ${time}.log`;
}

/** Hands a file to whoever keeps downloads: the browser, or the desktop app's shell. */
export function saveFile(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Not before the browser has taken it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
