import { READ_EVERY_MS } from '../../core/ports/metrics';
import type { MetricsFrame, MetricsHistory } from '../../core/ports/metrics';
import type { StoreReport } from '../../core/store-faults';
import { coarseFile, fineFile } from '../store/store-files';
import { FrameColumns } from './frame-codec';
import { FrameFile } from './frame-file';

const HOUR_MS = 3_600_000;
/** Fine steps are kept for an hour. */
const FINE_FRAMES = HOUR_MS / READ_EVERY_MS;
const COARSE_EVERY_MS = 60_000;
const COARSE_AN_HOUR = HOUR_MS / COARSE_EVERY_MS;
/** Of a long range not every minute is wanted: so many readings are enough. */
const LONG_RANGE_FRAMES = 600;
/** What was read of a long range stays in memory while somebody looks at it. */
const LONG_RANGE_UNUSED_MS = 2 * 60_000;

interface LongRange {
  readonly from: number;
  readonly everyMs: number;
  readonly columns: Promise<FrameColumns>;
  usedAt: number;
}

export interface MetricsRetention {
  /** Hours in steps of a minute; asked with each reading. Up to twice as many are kept: see FrameFile. Default 24. */
  readonly keepHours?: () => number;
}

/** Counters only ever need every twelfth value to tell the same rates over longer steps: that is the coarse file. */
export class DiskMetricsHistory implements MetricsHistory {
  readonly #fineFile: FrameFile;
  readonly #coarseFile: FrameFile;
  readonly #keepHours: () => number;
  #fine: Promise<FrameColumns> | undefined;
  #longRange: LongRange | undefined;
  #last: MetricsFrame | null = null;
  #lastCoarse = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: string,
    private readonly report: StoreReport,
    { keepHours = () => 24 }: MetricsRetention = {},
  ) {
    this.#keepHours = keepHours;
    this.#fineFile = new FrameFile(fineFile(folder), () => FINE_FRAMES);
    this.#coarseFile = new FrameFile(coarseFile(folder), () => this.#coarseFrames());
  }

  /** What cannot be written is held in memory all the same. */
  async append(frame: MetricsFrame): Promise<void> {
    try {
      (await this.#loaded()).add(frame);
      this.#last = frame;
      this.#writing = this.#writing.catch(() => undefined).then(() => this.#write(frame));
      await this.#writing;
      this.report.sound(this.folder);
    } catch (error) {
      this.report.failed(this.folder, error);
    }
  }

  async last(): Promise<MetricsFrame | null> {
    await this.#loaded().catch((error: unknown) => this.report.failed(this.folder, error));
    return this.#last;
  }

  async frames(from: number, to: number) {
    const fine = await this.#loaded();
    const inFine = { everyMs: READ_EVERY_MS, nodes: fine.nodes };
    if ((fine.oldest ?? Infinity) <= from) return inFine;
    const { everyMs, columns } = this.#longRangeOf(from, to);
    const coarse = await columns;
    // A network that was started lately has more in fine steps than in coarse ones.
    const reachesFurther = (coarse.oldest ?? Infinity) < Math.min(fine.oldest ?? Infinity, to);
    return reachesFurther ? { everyMs, nodes: coarse.nodes } : inFine;
  }

  readonly #coarseFrames = () => Math.max(1, Math.round(this.#keepHours() * COARSE_AN_HOUR));

  async #write(frame: MetricsFrame): Promise<void> {
    await this.#fineFile.append(frame);
    // Half a step of tolerance: rounds are never exactly on time.
    if (frame.at - this.#lastCoarse < COARSE_EVERY_MS - READ_EVERY_MS / 2) return;
    await this.#coarseFile.append(frame);
    this.#lastCoarse = frame.at;
    const held = this.#longRange;
    if (!held) return;
    if (frame.at - held.usedAt > LONG_RANGE_UNUSED_MS) this.#longRange = undefined;
    else void held.columns.then((columns) => addTo(columns, frame, held.everyMs), ignore);
  }

  #loaded(): Promise<FrameColumns> {
    this.#fine ??= this.#load();
    this.#fine.catch(() => (this.#fine = undefined));
    return this.#fine;
  }

  async #load(): Promise<FrameColumns> {
    const columns = new FrameColumns(FINE_FRAMES);
    for await (const frame of this.#fineFile.read()) {
      columns.add(frame);
      this.#last = frame;
    }
    return columns;
  }

  #longRangeOf(from: number, to: number): LongRange {
    const minutes = Math.floor((to - from) / LONG_RANGE_FRAMES / COARSE_EVERY_MS);
    const everyMs = Math.max(1, minutes) * COARSE_EVERY_MS;
    let held = this.#longRange;
    if (!held || held.everyMs !== everyMs || held.from > from) {
      // What is being written would else be read half.
      const columns = this.#writing.catch(ignore).then(() => this.#readLongRange(from, everyMs));
      held = { from, everyMs, columns, usedAt: Date.now() };
      this.#longRange = held;
      columns.catch(() => (this.#longRange = undefined));
    }
    held.usedAt = Date.now();
    return held;
  }

  async #readLongRange(from: number, everyMs: number): Promise<FrameColumns> {
    const columns = new FrameColumns(2 * LONG_RANGE_FRAMES);
    let last = -Infinity;
    const wanted = (at: number): boolean => {
      if (at < from - everyMs || !isDue(at, last, everyMs)) return false;
      last = at;
      return true;
    };
    for await (const frame of this.#coarseFile.read(wanted)) columns.add(frame);
    return columns;
  }
}

const isDue = (at: number, last: number, everyMs: number): boolean =>
  at - last > everyMs - COARSE_EVERY_MS / 2;

function addTo(columns: FrameColumns, frame: MetricsFrame, everyMs: number): void {
  if (isDue(frame.at, columns.newest, everyMs)) columns.add(frame);
}

const ignore = () => undefined;
