import path from 'node:path';
import type { MetricsFrame, MetricsHistory } from '../../core/ports/metrics';
import { FrameColumns } from './frame-codec';
import { FrameFile } from './frame-file';

/** An hour in fine steps, a day and more in coarse ones; see FrameFile for how much more. */
const FINE = { everyMs: 5_000, frames: 720 };
const COARSE = { everyMs: 60_000, frames: 1_440 };

/** Counters only ever need every twelfth value to tell the same rates over longer steps: that is the coarse file. */
export class DiskMetricsHistory implements MetricsHistory {
  readonly #fineFile: FrameFile;
  readonly #coarseFile: FrameFile;
  #fine: Promise<FrameColumns> | undefined;
  #lastCoarse = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#fineFile = new FrameFile(path.join(folder, 'every-5-seconds.jsonl'), FINE.frames);
    this.#coarseFile = new FrameFile(path.join(folder, 'every-minute.jsonl'), COARSE.frames);
  }

  async append(frame: MetricsFrame): Promise<void> {
    (await this.#loaded()).add(frame);
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write(frame));
    await this.#writing;
  }

  async frames(from: number, to: number) {
    const fine = await this.#loaded();
    if (to - from <= FINE.frames * FINE.everyMs || (fine.oldest ?? to) <= from) {
      return { everyMs: FINE.everyMs, nodes: fine.nodes };
    }
    const coarse = new FrameColumns(2 * COARSE.frames);
    for await (const frame of this.#coarseFile.read()) {
      if (frame.at >= from - COARSE.everyMs && frame.at <= to) coarse.add(frame);
    }
    // A network that was started lately has more in fine steps than in coarse ones.
    return (coarse.oldest ?? Infinity) < (fine.oldest ?? Infinity)
      ? { everyMs: COARSE.everyMs, nodes: coarse.nodes }
      : { everyMs: FINE.everyMs, nodes: fine.nodes };
  }

  async #write(frame: MetricsFrame): Promise<void> {
    await this.#fineFile.append(frame);
    // Half a step of tolerance: rounds are never exactly on time.
    if (frame.at - this.#lastCoarse < COARSE.everyMs - FINE.everyMs / 2) return;
    await this.#coarseFile.append(frame);
    this.#lastCoarse = frame.at;
  }

  #loaded(): Promise<FrameColumns> {
    this.#fine ??= this.#load();
    return this.#fine;
  }

  async #load(): Promise<FrameColumns> {
    const columns = new FrameColumns(FINE.frames);
    for await (const frame of this.#fineFile.read()) columns.add(frame);
    return columns;
  }
}
