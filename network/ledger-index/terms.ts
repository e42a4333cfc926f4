import { beginningOf } from './words';

/** What transactions are found by. One character each, in front of the term. */
const Kind = {
  ID: 'i',
  KEY: 'k',
  KEY_PREFIX: 'p',
  CONTRACT: 'c',
  FUNCTION: 'f',
  CREATOR: 'u',
  ORGANIZATION: 'o',
  CODE: 'v',
  EVENT: 'e',
  WORD: 'w',
  TIME: 't',
  TYPE: 'h',
} as const;

export const idTerm = (id: string): string => Kind.ID + id;
export const contractTerm = (contract: string): string => Kind.CONTRACT + contract;
export const functionTerm = (name: string): string => Kind.FUNCTION + name;
export const creatorTerm = (mspId: string, subject: string): string => `${Kind.CREATOR}${mspId}\0${subject}`;
export const organizationTerm = (mspId: string): string => Kind.ORGANIZATION + mspId;
/** `none` in blocks that no peer has validated. */
export const codeTerm = (code: number | undefined): string => Kind.CODE + String(code ?? 'none');
export const eventTerm = (name: string): string => Kind.EVENT + name;
export const wordTerm = (word: string): string => Kind.WORD + word;
export const typeTerm = (type: string): string => Kind.TYPE + type;
/** Also what the terms of all keys with a prefix begin with. */
export const keyTerm = (contract: string, key: string): string => `${Kind.KEY}${contract}\0${key}`;

/**
 * Lengths of prefixes, in UTF-16 units, under which keys are found, longest first: all that people type. Keys numbered
 * one after the other, or by date, share nearly all of these with their neighbours.
 */
const PREFIX_LENGTHS = [32, 24, ...Array.from({ length: 21 }, (_, at) => 20 - at)];

export function keyPrefixTerms(contract: string, key: string): string[] {
  return PREFIX_LENGTHS.filter((length) => length <= key.length).map((length) =>
    prefixTerm(contract, key, length),
  );
}

export interface PrefixTerm {
  readonly term: string;
  /** Whether it is found by exactly this prefix; otherwise by a shorter one that more keys have. */
  readonly exact: boolean;
}

export function coveringPrefixTerm(contract: string, prefix: string): PrefixTerm {
  const length = PREFIX_LENGTHS.find((one) => one <= prefix.length) ?? 0;
  return { term: prefixTerm(contract, prefix, length), exact: beginningOf(prefix, length) === prefix };
}

const prefixTerm = (contract: string, key: string, length: number): string =>
  `${Kind.KEY_PREFIX}${contract}\0${length}\0${beginningOf(key, length)}`;

/** Times are found by spans of 2^n seconds. */
const SPANS = [6, 12, 18, 24, 30, 36] as const;
/** Later than this no transaction can be meant. Year 9999, in seconds. */
const LAST_SECOND = 253_402_300_799;

/** No terms for times that no calendar has. */
export function timeTerms(seconds: number): string[] {
  if (seconds < 0 || seconds > LAST_SECOND) return [];
  return SPANS.map((span) => timeTerm(span, Math.floor(seconds / 2 ** span)));
}

const timeTerm = (span: number, index: number): string => `${Kind.TIME}${span}:${index}`;

export interface TimeTerm {
  readonly term: string;
  /** Whether the whole span lies in the range that was asked for. */
  readonly whole: boolean;
}

/** Spans that together cover [from, to), both in seconds; few of them, as long ones as fit. */
export function coveringTimeTerms(from: number, to: number): TimeTerm[] {
  const found: TimeTerm[] = [];
  const [shortest] = SPANS;
  const unit = 2 ** shortest;
  const last = Math.min(to, LAST_SECOND + 1);
  let at = Math.max(0, Math.floor(from / unit) * unit);
  while (at < last) {
    const span =
      SPANS.findLast((longer) => at % 2 ** longer === 0 && at >= from && at + 2 ** longer <= last) ??
      shortest;
    found.push({
      term: timeTerm(span, at / 2 ** span),
      whole: at >= from && at + 2 ** span <= last,
    });
    at += 2 ** span;
  }
  return found;
}
