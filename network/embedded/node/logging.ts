/**
 * Log lines as a genuine node writes them, governed by a logging specification that can change while the node runs
 * (common/flogging). Levels below the node's lowest configured one cost a comparison only.
 */
import { inspect } from 'node:util';
import { writeToStderr } from './log-sink';

const LEVELS = ['payload', 'debug', 'info', 'warn', 'error', 'dpanic', 'panic', 'fatal'] as const;
export type Level = (typeof LEVELS)[number];

/** Names accepted in a specification (common/flogging/levels.go), in lower or upper case throughout. */
const LEVEL_NAMES: Readonly<Record<string, Level>> = {
  payload: 'payload',
  debug: 'debug',
  info: 'info',
  notice: 'info',
  warning: 'warn',
  warn: 'warn',
  error: 'error',
  critical: 'error',
  dpanic: 'dpanic',
  panic: 'panic',
  fatal: 'fatal',
};

function levelOf(name: string): Level | undefined {
  const lower = name.toLowerCase();
  return name === lower || name === name.toUpperCase() ? LEVEL_NAMES[lower] : undefined;
}

const severity = (level: Level): number => LEVELS.indexOf(level);

/** A specification that is not one; the message is flogging's own. */
export class LogSpecError extends Error {
  override readonly name = 'LogSpecError';
}

/** `[<logger>[,<logger>...]=]<level>[:…]` (common/flogging/loggerlevels.go). */
export class LogSpec {
  private readonly cache = new Map<string, Level>();
  readonly lowest: Level;

  private constructor(
    private readonly specs: ReadonlyMap<string, Level>,
    private readonly fallback: Level,
  ) {
    this.lowest = [...specs.values(), fallback].reduce((a, b) => (severity(b) < severity(a) ? b : a));
  }

  /** @throws LogSpecError */
  static parse(text: string): LogSpec {
    const bad = (what: string): never => {
      throw new LogSpecError(`invalid logging specification '${text}': ${what}`);
    };
    let fallback: Level = 'info';
    const specs = new Map<string, Level>();
    for (const field of text.split(':')) {
      const [left = '', right, ...rest] = field.split('=');
      if (right === undefined) {
        fallback = levelOf(left) ?? (left === '' ? 'info' : bad(`bad segment '${field}'`));
        continue;
      }
      if (rest.length > 0) bad(`bad segment '${field}'`);
      if (left === '') bad(`no logger specified in segment '${field}'`);
      const level = levelOf(right) ?? bad(`bad segment '${field}'`);
      for (const logger of left.split(',')) {
        // A trailing period means this logger alone, not those below it.
        if (!/^[A-Za-z0-9_#:-]+(\.[A-Za-z0-9_#:-]+)*$/.test(logger.replace(/\.$/, ''))) {
          bad(`bad logger name '${logger}'`);
        }
        specs.set(logger, level);
      }
    }
    return new LogSpec(specs, fallback);
  }

  level(logger: string): Level {
    const cached = this.cache.get(logger);
    if (cached !== undefined) return cached;
    const level = this.find(logger);
    this.cache.set(logger, level);
    return level;
  }

  private find(logger: string): Level {
    let candidate = `${logger}.`;
    for (;;) {
      const level = this.specs.get(candidate);
      if (level !== undefined) return level;
      const dot = candidate.lastIndexOf('.');
      if (dot <= 0) return this.fallback;
      candidate = candidate.slice(0, dot);
    }
  }

  /** Normalized: loggers sorted, the default level last. */
  toString(): string {
    const fields = [...this.specs].map(([logger, level]) => `${logger}=${level}`).sort();
    return [...fields, this.fallback].join(':');
  }
}

export type LogFields = Readonly<Record<string, unknown>>;

export type LogMethod = (message: string, fields?: LogFields) => void;

export interface Logger {
  readonly name: string;
  enabled(level: Level): boolean;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}

/** Told of every entry that passed the node's lowest level, and of every one written (logging_entries_*). */
export interface LogObserver {
  checked(level: Level): void;
  written(level: Level): void;
}

interface LoggingState {
  spec: LogSpec;
  lowest: number;
  sequence: number;
  observer: LogObserver | undefined;
  write: (line: string) => void;
}

const state: LoggingState = {
  spec: LogSpec.parse('info'),
  lowest: severity('info'),
  sequence: 0,
  observer: undefined,
  write: writeToStderr,
};

/** Puts a specification in force. @throws LogSpecError, leaving the former one in force. */
export function activateLogSpec(text: string): void {
  state.spec = LogSpec.parse(text);
  state.lowest = severity(state.spec.lowest);
}

export function activeLogSpec(): string {
  return state.spec.toString();
}

export function observeLogging(observer: LogObserver | undefined): void {
  state.observer = observer;
}

/** Sends lines elsewhere than to stderr; returns the undoing. */
export function redirectLogging(write: (line: string) => void): () => void {
  const former = state.write;
  state.write = write;
  return () => {
    state.write = former;
  };
}

/** Name of the function that called `logMethod`, for the place where genuine lines carry it. */
function callerName(logMethod: LogMethod): string {
  const settings = { prepareStackTrace: undefined, ...(Error as object) };
  const holder: { stack?: readonly NodeJS.CallSite[] } = {};
  try {
    Error.stackTraceLimit = 1;
    // The call site itself: making its text would look up line and column, tens of microseconds each time.
    Error.prepareStackTrace = (_, sites) => sites;
    Error.captureStackTrace(holder, logMethod);
    const name = holder.stack?.[0]?.getFunctionName();
    return name?.split('.').at(-1)?.replace(/[<>]/g, '') || 'func1';
  } finally {
    Object.assign(Error, settings);
  }
}

function formatValue(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'string') return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
  return inspect(value, { breakLength: Infinity, depth: 3 });
}

/** Message text must not be able to forge a second line. */
function oneLine(text: string): string {
  return text.replace(/\r?\n/g, '\\n');
}

class NamedLogger implements Logger {
  readonly debug: LogMethod = this.at('debug');
  readonly info: LogMethod = this.at('info');
  readonly warn: LogMethod = this.at('warn');
  readonly error: LogMethod = this.at('error');

  constructor(readonly name: string) {}

  enabled(level: Level): boolean {
    return severity(level) >= state.lowest && severity(level) >= severity(state.spec.level(this.name));
  }

  private at(level: Level): LogMethod {
    const method: LogMethod = (message, fields) => {
      if (severity(level) < state.lowest) return;
      state.observer?.checked(level);
      if (severity(level) < severity(state.spec.level(this.name))) return;
      this.write(level, callerName(method), message, fields ?? {});
      state.observer?.written(level);
    };
    return method;
  }

  private write(level: Level, caller: string, message: string, fields: LogFields): void {
    state.sequence += 1;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', ' UTC');
    const id = state.sequence.toString(16).padStart(4, '0');
    const extra = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${key}=${formatValue(value)}`)
      .join('');
    const text = oneLine(`${message}${extra}`);
    state.write(`${time} ${id} ${level.toUpperCase().slice(0, 4)} [${this.name}] ${caller} -> ${text}\n`);
  }
}

/** @param name dotted, as genuine loggers are named: `orderer.common.broadcast` */
export function createLogger(name: string): Logger {
  return new NamedLogger(name);
}
