import { setTimeout as delay } from 'node:timers/promises';
import { linesBetween, segmentAt, segmentsOf, sizeOf, startOfLast } from './log-segments';
import type { RawLine, Segment } from './log-segments';
import { timeOfLine } from './log-time';

const FOLLOW_INTERVAL_MS = 200;

/** `began anew`: the log was deleted or replaced. `missing`: lines were moved out of the log before they were read. */
export type LogGap = 'began anew' | 'missing';

export interface LogLine {
  readonly line: string;
  /** Names the line for as long as the log keeps it, across rotation and restarts of whoever reads. */
  readonly position: string;
  /** What lies between this line and the one before it. */
  readonly gap?: LogGap;
}

export interface LogRange {
  /** Last lines to begin with; default: all. Also what is given where `after` names a line the log no longer has. */
  readonly tail?: number | undefined;
  /** Goes on with the line after this position instead. */
  readonly after?: string | undefined;
  /** Ends with the line before this position. Nothing is followed then. */
  readonly before?: string | undefined;
  /** Begins `tail` lines before the first line of this moment instead (ISO). */
  readonly at?: string | undefined;
  /** At most so many lines. */
  readonly limit?: number | undefined;
  /** Goes on with lines as they are written, until the signal aborts. */
  readonly follow?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Place {
  readonly segment: Segment;
  readonly offset: number;
}

/**
 * Reads what is kept of a node's log: its present file and those moved aside by rotation, as one. Whoever writes is
 * never asked: a log is read the same while its node runs, after it ended and after it was started again.
 */
export class LogReader {
  constructor(private readonly file: string) {}

  /** @throws what keeps the log from being read; a log that is not there has no lines */
  async *lines(range: LogRange = {}): AsyncGenerator<LogLine> {
    const { limit = Number.POSITIVE_INFINITY, signal } = range;
    let given = 0;
    for await (const line of this.#unlimited(range)) {
      if (signal?.aborted || given >= limit) return;
      yield line;
      given += 1;
    }
  }

  async *#unlimited(range: LogRange): AsyncGenerator<LogLine> {
    const segments = await segmentsOf(this.file);
    const end = range.before === undefined ? endOf(segments) : placeOf(segments, range.before);
    const follow = range.follow === true && range.before === undefined;
    const { start, gap } = await this.#start(segments, range, end);
    const reading = new Reading(gap);
    if (start && end) {
      const first = segments.indexOf(start.segment);
      const last = segments.indexOf(end.segment);
      for (const segment of segments.slice(first, last + 1)) {
        const from = segment === start.segment ? start.offset : 0;
        const to = segment === end.segment ? end.offset : segment.size;
        const unfinished = !(follow && segment === segments.at(-1));
        yield* reading.read(segment, from, to, unfinished);
      }
    }
    if (follow) yield* this.#follow(reading, range.signal);
  }

  /** Where to begin, and whether something lies before that. Undefined: nothing is kept. */
  async #start(
    segments: readonly Segment[],
    { tail, after, at }: LogRange,
    end: Place | undefined,
  ): Promise<{ start: Place | undefined; gap: LogGap | undefined }> {
    if (after !== undefined) {
      const place = placeOf(segments, after);
      if (place) return { start: await nextLine(place), gap: undefined };
    }
    const back = at === undefined ? end : ((await placeOfTime(segments, Date.parse(at))) ?? end);
    const start = back && (await earlier(segments, back, tail ?? Number.POSITIVE_INFINITY));
    return { start, gap: after === undefined ? undefined : 'missing' };
  }

  async *#follow(reading: Reading, signal: AbortSignal | undefined): AsyncGenerator<LogLine> {
    while (!signal?.aborted) {
      const read = yield* this.#newLines(reading);
      if (!read) await delay(FOLLOW_INTERVAL_MS, undefined, signal && { signal }).catch(() => undefined);
    }
  }

  /** Answers whether there were bytes to read. */
  async *#newLines(reading: Reading): AsyncGenerator<LogLine, boolean> {
    if ((await sizeOf(this.file)) === reading.seen) return false;
    const present = await segmentAt(this.file);
    if (reading.segment && present?.id !== reading.segment) {
      const older = await segmentsOf(this.file);
      const own = older.findIndex(({ id }) => id === reading.segment);
      const left = own < 0 ? [] : older.slice(own).filter(({ id }) => id !== present?.id);
      for (const segment of left) {
        yield* reading.read(segment, segment.id === reading.segment ? reading.offset : 0, segment.size, true);
      }
      // A first line that was not whole yet named nothing.
      reading.leave(own < 0 && reading.offset > 0 ? 'began anew' : undefined);
    }
    if (!present) {
      reading.seen = 0;
      return false;
    }
    const from = present.id === reading.segment ? reading.offset : 0;
    yield* reading.read(present, from, present.size, false);
    reading.seen = present.size;
    return true;
  }
}

/** How far the log has been read. */
class Reading {
  segment: string | undefined;
  offset = 0;
  /** Size of the present file when it was last looked at. */
  seen = 0;

  constructor(private gap: LogGap | undefined) {}

  async *read(segment: Segment, from: number, to: number, unfinished: boolean): AsyncGenerator<LogLine> {
    this.segment = segment.id;
    this.offset = from;
    for await (const raw of linesBetween(segment.file, from, to, { unfinished })) {
      this.offset = raw.end;
      yield this.#named(segment, raw);
    }
  }

  /** What was read is no longer the present file. */
  leave(gap: LogGap | undefined): void {
    this.segment = undefined;
    this.offset = 0;
    this.gap ??= gap;
  }

  #named(segment: Segment, { text, start }: RawLine): LogLine {
    const line = { line: text, position: `${segment.id}:${start}` };
    if (this.gap === undefined) return line;
    const { gap } = this;
    this.gap = undefined;
    return { ...line, gap };
  }
}

function endOf(segments: readonly Segment[]): Place | undefined {
  const segment = segments.at(-1);
  return segment && { segment, offset: segment.size };
}

/** Undefined where the log no longer has it, or where it names nothing. */
function placeOf(segments: readonly Segment[], position: string): Place | undefined {
  const [id, digits = ''] = position.split(':');
  const segment = segments.find((one) => one.id === id);
  const offset = Number(digits);
  if (!segment || !Number.isSafeInteger(offset) || offset > segment.size) return undefined;
  return { segment, offset };
}

async function nextLine({ segment, offset }: Place): Promise<Place> {
  for await (const { end } of linesBetween(segment.file, offset, segment.size))
    return { segment, offset: end };
  return { segment, offset: segment.size };
}

/** The place `count` lines earlier, in an older file where this one has too few. */
async function earlier(segments: readonly Segment[], place: Place, count: number): Promise<Place> {
  const [oldest] = segments;
  if (count === Number.POSITIVE_INFINITY) return oldest ? { segment: oldest, offset: 0 } : place;
  let missing = count;
  let found = place;
  for (const segment of segments.slice(0, segments.indexOf(place.segment) + 1).toReversed()) {
    const end = segment === place.segment ? place.offset : segment.size;
    const { start, lines } = await startOfLast(segment.file, missing, end);
    if (segment === place.segment || lines > 0) found = { segment, offset: start };
    missing -= lines;
    if (missing <= 0) break;
  }
  return found;
}

/** The first line that says this time (milliseconds) or a later one; undefined where all are older. */
async function placeOfTime(segments: readonly Segment[], time: number): Promise<Place | undefined> {
  for (const segment of segments) {
    // Lines stand in the order of their times: halve what lies between until one read tells.
    let low = 0;
    let high = segment.size;
    while (high - low > 64 * 1024) {
      const middle = Math.floor((low + high) / 2);
      const found = await firstTimed(segment, middle, high);
      if (found && found.time < time) low = found.start;
      else high = middle;
    }
    for await (const { text, start } of linesBetween(segment.file, low, segment.size, { unfinished: true })) {
      const said = timeOfLine(text);
      if (said !== null && Date.parse(said) >= time) return { segment, offset: start };
    }
  }
  return undefined;
}

/** The first whole line after an offset that says a time. */
async function firstTimed(
  { file }: Segment,
  from: number,
  to: number,
): Promise<{ start: number; time: number } | undefined> {
  let isWhole = false;
  for await (const { text, start } of linesBetween(file, from, to)) {
    const said = isWhole ? timeOfLine(text) : null;
    isWhole = true;
    if (said !== null) return { start, time: Date.parse(said) };
  }
  return undefined;
}
