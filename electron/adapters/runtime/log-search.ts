import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { NetworkFolder } from '../../../network/runtime/network-folder';
import type { FoundLines, LogSearcher } from '../../core/ports/node-inspection';
import { isMissing } from '../store/json-lines-file';

/** As LogFile keeps them, oldest first. */
const FILES = ['.2', '.1', ''];
const LONGEST_LINE = 4_096;
const TIME = /(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?: UTC|Z)/;
/** Terminal colours, which genuine nodes write by default. */
const COLOURS = /\u001b\[[0-9;]*m/g;

/** Reads the log files of a network from end to end; what is not looked for is not held. */
export class LogFileSearch implements LogSearcher {
  readonly #folder: NetworkFolder;

  constructor(networkFolder: string) {
    this.#folder = new NetworkFolder(networkFolder);
  }

  async search(
    node: string,
    matches: (line: string) => boolean,
    limit: number,
    signal: AbortSignal,
  ): Promise<FoundLines> {
    const found: { at: string | null; line: string }[] = [];
    let count = 0;
    for (const suffix of FILES) {
      for await (const raw of linesOf(`${this.#folder.log(node)}${suffix}`, signal)) {
        const line = raw.replaceAll(COLOURS, '').slice(0, LONGEST_LINE);
        if (!matches(line)) continue;
        count += 1;
        found.push({ at: timeOf(line), line });
        if (found.length > limit) found.shift();
      }
    }
    return { lines: found, matches: count };
  }
}

async function* linesOf(file: string, signal: AbortSignal): AsyncGenerator<string> {
  const stream = createReadStream(file, { encoding: 'utf8', signal });
  const failed = new Promise<never>((_resolve, reject) => stream.once('error', reject));
  failed.catch(() => undefined);
  try {
    await Promise.race([failed, new Promise((resolve) => stream.once('open', resolve))]);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  yield* createInterface({ input: stream, crlfDelay: Infinity });
  signal.throwIfAborted();
}

/** ISO time of a line that says one. */
export function timeOf(line: string): string | null {
  const match = TIME.exec(line);
  if (!match) return null;
  const time = new Date(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
