import type { RequestOf } from '../../../electron/api/operations';
import { formatDate } from '../../ui/format';
import { formatTick } from '../../charts/ticks';
import { dayOf, zoneOffset } from '../../ui/time-zone';
import type { MetricsSearch } from './search';

/** Ranges that go on with time, minutes. */
export const ranges = [
  { id: '15', title: '15 min' },
  { id: '60', title: '1 h' },
  { id: '360', title: '6 h' },
  { id: '1440', title: '24 h' },
] as const;

export type Range =
  | { readonly kind: 'live'; readonly minutes: number }
  | { readonly kind: 'fixed'; readonly from: string; readonly to: string };

const MINUTE_MS = 60_000;
const LONGEST_MS = 7 * 24 * 3_600_000;

/** Of an address; `usual` where it names none, minutes. */
export function rangeOf({ minutes, from, to }: MetricsSearch, usual: number): Range {
  if (from !== undefined && to !== undefined && rangeError(from, to) === undefined)
    return { kind: 'fixed', from, to };
  return { kind: 'live', minutes: minutes ?? usual };
}

/** Why two times make no range; undefined where they do. */
export function rangeError(from: string, to: string): string | undefined {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (Number.isNaN(start) || Number.isNaN(end)) return 'Give both times.';
  if (end <= start) return 'The end has to be after the beginning.';
  if (end - start > LONGEST_MS) return 'Seven days at most.';
  return undefined;
}

export const rangeRequest = (range: Range): Pick<RequestOf<'metrics.series'>, 'minutes' | 'from' | 'to'> =>
  range.kind === 'live' ? { minutes: range.minutes } : { from: range.from, to: range.to };

/** `13:52 to 14:07`; the day where it is not today's. */
export function rangeWords(from: number, to: number): string {
  const day = dayOf(from) === dayOf(Date.now()) ? '' : `${formatDate(new Date(from).toISOString())}, `;
  const whole = (at: number) => (to - from > 10 * MINUTE_MS ? Math.round(at / MINUTE_MS) * MINUTE_MS : at);
  return `${day}${formatTick(whole(from))} to ${formatTick(whole(to))}`;
}

export const refreshWords = (seconds: number): string =>
  seconds === 0 ? 'Off' : seconds < 60 ? `${seconds} s` : `${seconds / 60} min`;

/** Long ranges change slowly. */
export const usualRefresh = (range: Range): number => (range.kind === 'live' && range.minutes > 60 ? 60 : 5);

/** As a field of date and time writes it, in the zone of the settings. */
export function toInput(at: number): string {
  return new Date(at - zoneOffset(at) * MINUTE_MS).toISOString().slice(0, 19);
}

/** The moment that such a field's text names, ISO 8601; empty where it names none. */
export function fromInput(text: string): string {
  const read = Date.parse(`${text}Z`);
  return Number.isNaN(read) ? '' : new Date(read + zoneOffset(read) * MINUTE_MS).toISOString();
}
