import type { LogLine } from './log-line';
import { partsOf } from './log-line';

/** Height of a line of text, and of a row with one, in pixels: see `.log-row` in logs.css. */
export const TEXT_HEIGHT = 18;
export const ROW_HEIGHT = 22;
/** A message is wrapped into no more lines of text; its detail shows all of it. */
const MOST_WRAPPED = 16;

/** Where each row stands. Heights follow from the text alone: nothing is measured row by row. */
export interface LineLayout {
  readonly total: number;
  topOf(index: number): number;
  heightOf(index: number): number;
  /** The row at a height, the last one below all. */
  indexAt(top: number): number;
}

/** One line of text each. */
export function flatLayout(count: number): LineLayout {
  return {
    total: count * ROW_HEIGHT,
    topOf: (index) => index * ROW_HEIGHT,
    heightOf: () => ROW_HEIGHT,
    indexAt: (top) => Math.max(0, Math.min(count - 1, Math.floor(top / ROW_HEIGHT))),
  };
}

/**
 * @param columns characters of a message in one line of text
 * @param isCompact the logger stands before the message, in brackets
 */
export function wrappedLayout(lines: readonly LogLine[], columns: number, isCompact: boolean): LineLayout {
  const tops = new Float64Array(lines.length + 1);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    const texts = line ? wrappedTexts(line, columns, isCompact) : 1;
    tops[index + 1] = (tops[index] ?? 0) + ROW_HEIGHT + (texts - 1) * TEXT_HEIGHT;
  }
  const topOf = (index: number) => tops[index] ?? 0;
  return {
    total: topOf(lines.length),
    topOf,
    heightOf: (index) => topOf(index + 1) - topOf(index),
    indexAt(top) {
      let low = 0;
      let high = Math.max(0, lines.length - 1);
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (topOf(middle) <= top) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}

/** Most lines are no longer than the message column: those need not be taken apart. */
function wrappedTexts(line: LogLine, columns: number, isCompact: boolean): number {
  if (line.text.length <= columns) return 1;
  const { body, logger } = partsOf(line);
  const length = body.length + (isCompact && logger !== null ? logger.length + 3 : 0);
  return Math.min(MOST_WRAPPED, Math.max(1, Math.ceil(length / Math.max(1, columns))));
}
