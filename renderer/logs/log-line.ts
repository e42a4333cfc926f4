import { zonedFormat } from '../ui/time-zone';

/** What is filtered by, mildest first. Fabric's panic and fatal are errors, its payload is debug. */
export const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];

export interface LogLine {
  readonly node: string;
  /** Names the line in its log; empty for a mark. */
  readonly position: string;
  /** Without colours and control characters. */
  readonly text: string;
  /** Its own, or that of the message it continues. */
  readonly level: Level;
  /** Milliseconds of the wall clock, its own or that of the message it continues; NaN where nothing says one. */
  readonly time: number;
  /** Part of the message before it: it says neither time nor level. */
  readonly continues: boolean;
  /** Written by this console: what lies between the lines around it. */
  readonly isMark: boolean;
}

export interface LineParts {
  /** `orderer.consensus.etcdraft`; null where the line names none. */
  readonly logger: string | null;
  /** What stands after the logger, or the whole line. */
  readonly body: string;
  /** Length of the function's name at the beginning of `body`; 0 where it names none. */
  readonly functionLength: number;
  /** The node's own count of its lines, hexadecimal. */
  readonly sequence: string | null;
}

const levelNames: Readonly<Record<string, Level>> = {
  DEBU: 'debug',
  PAYL: 'debug',
  INFO: 'info',
  NOTI: 'info',
  WARN: 'warn',
  ERRO: 'error',
  CRIT: 'error',
  DPAN: 'error',
  PANI: 'error',
  FATA: 'error',
  VERB: 'debug',
  SILL: 'debug',
  HTTP: 'info',
};

/** `2026-11-22 11:52:34.713 UTC 0001 INFO [localconfig] completeInitialization -> …` */
const FABRIC =
  /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) UTC ([0-9a-f]+) ([A-Z]{4})[A-Z]* \[([^\]]*)\] ?/;
/** `2026-11-22T11:52:35.257Z info [c-api:lib/handler.js] …`, as fabric-shim's winston writes. */
const WINSTON =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)\s+(error|warn|info|http|verbose|debug|silly)\s*:?\s+(?:\[([^\]]*)\]\s*)?/i;
const TIMED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)\s*/;
/** How programs say that they die, outside of any format. */
const DYING =
  /^\s*(panic:|fatal error:|goroutine \d+|SIG[A-Z]+:|(?:Uncaught )?[A-Z]\w*(?:Error|Exception)\b)/;

const COLOURS = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g;

const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const UNPRINTABLES = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text as it can be shown: colours gone, tabs as spaces, what else steers a terminal as its picture (␀) or `�`.
 * @param tab what a tab becomes; in a file it stays one
 */
export function cleanText(raw: string, tab = '    '): string {
  if (!UNPRINTABLE.test(raw)) return raw;
  return raw.replace(COLOURS, '').replace(UNPRINTABLES, (character) => {
    if (character === '\t') return tab;
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '␡' : '�';
  });
}

/** @param before the line before it in the same log, which it may continue */
export function readLine(node: string, raw: string, position: string, before: LogLine | undefined): LogLine {
  const text = cleanText(raw);
  const fabric = FABRIC.exec(text);
  if (fabric) {
    const time = Date.parse(`${fabric[1] ?? ''}T${fabric[2] ?? ''}Z`);
    return line(node, position, text, levelNames[fabric[4] ?? ''] ?? 'info', time, false);
  }
  const winston = WINSTON.exec(text);
  if (winston) {
    const level = levelNames[(winston[2] ?? '').slice(0, 4).toUpperCase()] ?? 'info';
    return line(node, position, text, level, Date.parse(winston[1] ?? ''), false);
  }
  const timed = TIMED.exec(text);
  if (timed) return line(node, position, text, 'info', Date.parse(timed[1] ?? ''), false);
  const level = DYING.test(text) ? 'error' : (before?.level ?? 'info');
  return line(node, position, text, level, before?.time ?? Number.NaN, before !== undefined);
}

const line = (
  node: string,
  position: string,
  text: string,
  level: Level,
  time: number,
  continues: boolean,
): LogLine => ({ node, position, text, level, time, continues, isMark: false });

/** A row of the console's own between lines. */
export const markAt = (node: string, text: string, time: number): LogLine => ({
  ...line(node, '', text, 'error', time, false),
  isMark: true,
});

/** Read again when it is shown: a hundred thousand lines are held, forty are in sight. */
export function partsOf({ text, continues, isMark }: LogLine): LineParts {
  const whole = { logger: null, body: text, functionLength: 0, sequence: null };
  if (continues || isMark) return whole;
  const fabric = FABRIC.exec(text);
  if (fabric) {
    const body = text.slice(fabric[0].length);
    const arrow = body.indexOf(' -> ');
    const names = arrow > 0 && !body.slice(0, arrow).includes(' ');
    return {
      logger: fabric[5] ?? null,
      body,
      functionLength: names ? arrow : 0,
      sequence: fabric[3] ?? null,
    };
  }
  const winston = WINSTON.exec(text);
  if (winston) return { ...whole, logger: winston[3]?.trim() ?? null, body: text.slice(winston[0].length) };
  const timed = TIMED.exec(text);
  return timed ? { ...whole, body: text.slice(timed[0].length) } : whole;
}

const clock = zonedFormat({
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** Time of day to the millisecond, local or in UTC as the settings say; empty where nothing says one. */
export const lineTime = (time: number): string => (Number.isNaN(time) ? '' : clock.format(time));
