import { formatDecimal } from '../ui/format';
import { dayOf, zonedFormat, zoneOffset } from '../ui/time-zone';

export interface Ticks {
  readonly values: readonly number[];
  readonly max: number;
  readonly digits: number;
}

/**
 * From zero to a round number at or above `highest`, in about four round steps. Of whole numbers above it: they stay on
 * one value for long, and a line on the upper edge is not seen.
 */
export function valueTicks(highest: number, whole = false): Ticks {
  const rough = Math.max(highest, Number.MIN_VALUE) / 4;
  const step = highest <= 0 ? (whole ? 1 : 0.25) : whole ? Math.max(1, roundUp(rough, true)) : roundUp(rough);
  const steps = whole ? Math.floor(highest / step) + 1 : Math.ceil(highest / step - 1e-9);
  const count = highest <= 0 ? 4 : Math.max(1, steps);
  const digits = Math.max(0, Math.min(4, -Math.floor(Math.log10(step) + 1e-9)) + (isHalf(step) ? 1 : 0));
  return {
    values: Array.from({ length: count + 1 }, (_unused, index) => index * step),
    max: count * step,
    digits: step >= 1 && Number.isInteger(step) ? 0 : digits,
  };
}

/** Short enough to stand beside the axis: `1.5k` of 1,500. */
export function formatValueTick(value: number, { digits }: Ticks): string {
  if (value === 0) return '0';
  if (value < 1_000) return formatDecimal(value, digits);
  return `${String(Number((value / 1_000).toFixed(2)))}k`;
}

/** The next of 1, 2, 2.5, 5 times a power of ten; without 2.5 where only whole numbers occur. */
function roundUp(value: number, whole = false): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const times =
    (whole ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]).find((candidate) => candidate * power >= value - 1e-12) ??
    10;
  return times * power;
}

const isHalf = (step: number): boolean => {
  const power = 10 ** Math.floor(Math.log10(step) + 1e-9);
  return Math.abs(step / power - 2.5) < 1e-6;
};

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const timeSteps = [
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  3 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  4 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
];

/** Round times of the clock within a range, at most `most` of them. */
export function timeTicks(from: number, to: number, most: number): number[] {
  const step = timeSteps.find((candidate) => (to - from) / candidate <= most) ?? 2 * DAY;
  const zone = zoneOffset(from) * MINUTE;
  const first = Math.ceil((from - zone) / step) * step + zone;
  const ticks: number[] = [];
  for (let at = first; at <= to; at += step) ticks.push(at);
  return ticks;
}

const minutes = zonedFormat({ hour: '2-digit', minute: '2-digit' });
const seconds = zonedFormat({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const days = zonedFormat({
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

export const formatTick = (at: number): string => (at % MINUTE === 0 ? minutes : seconds).format(at);

/** With its day where that is not today's. */
export const formatMoment = (at: number): string =>
  dayOf(at) === dayOf(Date.now()) ? seconds.format(at) : days.format(at);

/** As many digits as a value of its size needs beside others: `0.004`, `0.37`, `23.7`, `1,204`. */
export function formatValue(value: number, whole = false): string {
  if (whole && Number.isInteger(value)) return formatDecimal(value, 0);
  const size = Math.abs(value);
  if (size === 0 || size >= 100) return formatDecimal(value, 0);
  return formatDecimal(value, size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}
