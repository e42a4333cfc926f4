import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type Docker from 'dockerode';
import { LogReader } from '../../log/log-reader';
import { LONGEST_LINE_BYTES } from '../../log/log-segments';
import { LOG_CONFIG } from '../container-plan';
import { buildImage } from '../image-build';
import { LogCollector } from '../log-collector';
import { hostNodeImage } from '../own-images';
import type { Engine } from '../engine';

export interface NumberedLines {
  readonly containers: number;
  /** Of each container. */
  readonly lines: number;
  /** How often each collector is given up and followed by another while lines come. */
  readonly interruptions: number;
}

/** What a follower of one container's log read. */
export interface Followed {
  readonly read: number;
  /** Lines that did not follow on the one before, as `expected … found …`. */
  readonly faults: readonly string[];
}

/** Longer than what the engine passes on in one piece, every so often; characters of one to four bytes. */
const PROGRAM = `
const [lines] = process.argv.slice(1).map(Number);
let text = '';
for (let i = 0; i < lines; i++) {
  text += 'line ' + i + ' of €uro 🅿 ' + (i % 5000 === 4999 ? 'é'.repeat(20000) : '') + '\\n';
  if (text.length > 8192 || i === lines - 1) { require('fs').writeSync(1, text); text = ''; }
}`;

/**
 * Containers that write numbered lines as fast as they can, collected by collectors that are interrupted, and followed
 * by readers as the console does.
 * @returns undefined where this machine's own Node cannot be put into an image
 */
export async function followNumberedLines(
  { docker, platform }: Engine,
  { containers, lines, interruptions }: NumberedLines,
): Promise<Followed[] | undefined> {
  const recipe = await hostNodeImage(platform);
  if (!recipe) return undefined;
  const image = await buildImage(docker, recipe, { onProgress: () => undefined });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-lines-'));
  const made: Docker.Container[] = [];
  try {
    return await Promise.all(
      [...Array(containers).keys()].map(async (index) => {
        const container = await docker.createContainer({
          Image: image,
          Cmd: ['node', '-e', PROGRAM, String(lines)],
          HostConfig: { LogConfig: { ...LOG_CONFIG, Config: { 'max-size': '100m', 'max-file': '10' } } },
        });
        made.push(container);
        const file = path.join(folder, `${index}.log`);
        const over = new AbortController();
        const followed = follow(file, lines, over);
        await container.start();
        await collect(docker, container.id, file, lines, interruptions, over.signal);
        return followed;
      }),
    );
  } finally {
    await Promise.all(made.map((container) => container.remove({ force: true, v: true })));
    await rm(folder, { recursive: true, force: true });
  }
}

/** Collectors one after the other: the last one until the reader has all lines. */
async function collect(
  docker: Docker,
  container: string,
  file: string,
  lines: number,
  interruptions: number,
  over: AbortSignal,
): Promise<void> {
  for (let turn = 0; turn <= interruptions && !over.aborted; turn += 1) {
    const collector = new LogCollector(docker, container, file);
    const rotation = setInterval(() => void collector.rotateIfLarge(), 200);
    const collected = collector.start();
    if (turn === interruptions) await collected;
    else await waitForLines(file, ((turn + 1) * lines) / (interruptions + 1), over);
    clearInterval(rotation);
    await collector.close();
  }
}

async function follow(file: string, lines: number, over: AbortController): Promise<Followed> {
  const faults: string[] = [];
  let read = 0;
  for await (const { line } of new LogReader(file).lines({ follow: true, signal: over.signal })) {
    if (line !== asRead(read)) faults.push(`expected line ${read}, found ${line.slice(0, 60)}`);
    read += 1;
    reached.set(file, read);
    if (read === lines || faults.length > 10) break;
  }
  over.abort();
  return { read, faults };
}

/** What PROGRAM writes, as readers of logs are given it. */
function asRead(index: number): string {
  const line = Buffer.from(`line ${index} of €uro 🅿 ${index % 5000 === 4999 ? 'é'.repeat(20_000) : ''}`);
  if (line.length <= LONGEST_LINE_BYTES) return line.toString('utf8');
  const kept = line
    .subarray(0, LONGEST_LINE_BYTES)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
  return `${kept} … (${line.length - LONGEST_LINE_BYTES} more bytes)`;
}

/** Lines that were read of each file. */
const reached = new Map<string, number>();

async function waitForLines(file: string, lines: number, over: AbortSignal): Promise<void> {
  while ((reached.get(file) ?? 0) < lines && !over.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
