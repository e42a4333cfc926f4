import { NetworkFolder } from '../../../network/runtime/network-folder';
import { LogReader } from '../../../network/runtime/log/log-reader';
import { timeOfLine } from '../../../network/runtime/log/log-time';
import type { FoundLines, LogSearcher } from '../../core/ports/node-inspection';

const LONGEST_LINE = 4_096;
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
    for await (const { line: raw } of new LogReader(this.#folder.log(node)).lines({ signal })) {
      const line = raw.replaceAll(COLOURS, '').slice(0, LONGEST_LINE);
      if (!matches(line)) continue;
      count += 1;
      found.push({ at: timeOfLine(line), line });
      if (found.length > limit) found.shift();
    }
    signal.throwIfAborted();
    return { lines: found, matches: count };
  }
}
