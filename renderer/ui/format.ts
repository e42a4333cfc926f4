/**
 * Numbers, times and ids as the console writes them. One language and one way everywhere: digits group by commas,
 * times are 24-hour times, local or in UTC as the settings say.
 */
import { zonedFormat } from './time-zone';

const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A count or a height. uint64 values arrive as decimal strings and keep all their digits. */
export function formatNumber(value: number | bigint | string): string {
  return integers.format(typeof value === 'string' ? BigInt(value) : value);
}

/** By digits: making one costs more than a hundred uses of it. */
const decimals = new Map<number, Intl.NumberFormat>();

export function formatDecimal(value: number, digits: number): string {
  let format = decimals.get(digits);
  if (!format) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    decimals.set(digits, format);
  }
  return format.format(value);
}

/** Powers of 1024, as memory and files are measured. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${formatDecimal(value, digits)} ${units[unit] ?? 'B'}`;
}

/** How long something took: `840 ms`, `2.4 s`, `3 min 5 s`, `2 h 14 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${formatDecimal(ms / 1_000, 1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return joined(seconds / 60, 'min', seconds % 60, 's');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return joined(minutes / 60, 'h', minutes % 60, 'min');
  const hours = Math.floor(minutes / 60);
  return joined(hours / 24, 'd', hours % 24, 'h');
}

const joined = (big: number, bigUnit: string, small: number, smallUnit: string) =>
  small === 0 ? `${Math.floor(big)} ${bigUnit}` : `${Math.floor(big)} ${bigUnit} ${small} ${smallUnit}`;

/** How old something is, in one unit; its precision falls with its age. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3_600) return `${Math.floor(seconds / 3_600)} h`;
  return `${formatNumber(Math.floor(seconds / 86_400))} days`;
}

const clock = zonedFormat({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = zonedFormat({ day: 'numeric', month: 'short', year: 'numeric' });

/** Time of day, local or in UTC as the settings say. */
export const formatTime = (iso: string): string => clock.format(new Date(iso));
export const formatDate = (iso: string): string => day.format(new Date(iso));

/** The ends of an id around an ellipsis; short ones stay whole. */
export function shortId(id: string, head = 6, tail = 6): string {
  return id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`;
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;

const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
/** Small numbers in words, as sentences use them. */
export const inWords = (count: number): string => words[count] ?? formatNumber(count);

/** `a`, `a and b`, `a, b and c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
