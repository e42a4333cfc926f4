import type { ConsoleClient } from '../../electron/api/client';
import type { Problem } from '../../electron/api/problems';
import { cleanText, readLine } from './log-line';
import type { LogLine } from './log-line';
import { merge } from './merged-source';

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
        parts.push(`${events.map(({ line }) => cleanText(line, '\t')).join('\n')}\n`);
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

/** All that is kept of several logs as one, by the times their lines say. Each line begins with its node's name. */
export async function readMergedLog(
  client: ConsoleClient,
  nodes: readonly string[],
  onProgress: (lines: number) => void,
  signal: AbortSignal,
): Promise<WholeLog | Problem> {
  const logs: LogLine[][] = [];
  let lines = 0;
  for (const node of nodes) {
    const read = lines;
    const whole = await readWholeLog(client, node, (more) => onProgress(read + more), signal);
    if (!('blob' in whole)) return whole;
    lines += whole.lines;
    logs.push(linesOf(node, await whole.blob.text()));
  }
  const parts = merge(logs).map(({ node, text }) => `${node} ${text}\n`);
  return { blob: new Blob(parts, { type: 'text/plain' }), lines };
}

function linesOf(node: string, text: string): LogLine[] {
  const lines: LogLine[] = [];
  for (const raw of text.split('\n').slice(0, -1)) lines.push(readLine(node, raw, '', lines.at(-1)));
  return lines;
}

/** `peer0.alpha.test 2026-11-22 11.52.34Z.log`: of what, and as of when, in UTC as the lines themselves. */
export function logFileName(name: string, now: Date): string {
  const moment = now.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  return `${name} ${moment}Z.log`;
}
