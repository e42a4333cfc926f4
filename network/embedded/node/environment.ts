/**
 * Typed reading of a node's configuration, which comes from the environment alone: the same CORE_* and ORDERER_*
 * variables a genuine node takes through viper.
 */

/** A variable that is missing or unreadable; the message names it and says what was expected. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

export type Variables = Readonly<Record<string, string | undefined>>;

const UNIT_IN_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a Go duration such as `2s`, `1h30m` or `200ms` (time.ParseDuration); undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^([+-]?)((?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/u.exec(text);
  if (text === '0') return 0;
  if (match === null) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/gu)) {
    total += Number(amount) * (UNIT_IN_MS[unit ?? ''] ?? Number.NaN);
  }
  return match[1] === '-' ? -total : total;
}

export class Environment {
  constructor(private readonly variables: Variables = process.env) {}

  /** The value; an empty one counts as absent, as viper has it. Without `fallback` the variable is required. */
  string(name: string, fallback?: string): string {
    const value = this.variables[name];
    if (value !== undefined && value !== '') return value;
    if (fallback !== undefined) return fallback;
    throw new EnvironmentError(`${name} is not set: the node needs it to start`);
  }

  optional(name: string): string | undefined {
    const value = this.variables[name];
    return value === '' ? undefined : value;
  }

  int(name: string, fallback?: number): number {
    const value = this.optional(name);
    if (value === undefined && fallback !== undefined) return fallback;
    const number = Number(this.string(name));
    if (!Number.isSafeInteger(number))
      throw new EnvironmentError(`${name}=${value ?? ''}: expected a whole number`);
    return number;
  }

  /** As Go's strconv.ParseBool. */
  bool(name: string, fallback?: boolean): boolean {
    const value = this.optional(name);
    if (value === undefined && fallback !== undefined) return fallback;
    const text = this.string(name);
    if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
    if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
    throw new EnvironmentError(`${name}=${text}: expected true or false`);
  }

  /** Milliseconds. */
  duration(name: string, fallbackMs?: number): number {
    const value = this.optional(name);
    if (value === undefined && fallbackMs !== undefined) return fallbackMs;
    const text = this.string(name);
    const duration = parseDuration(text);
    if (duration === undefined)
      throw new EnvironmentError(`${name}=${text}: expected a duration such as 10s or 1m30s`);
    return duration;
  }

  /** Comma or blank separated, with or without the square brackets viper accepts: `[a, b]`. */
  list(name: string, fallback: readonly string[] = []): string[] {
    const value = this.optional(name);
    if (value === undefined) return [...fallback];
    return value
      .replace(/^\[|\]$/g, '')
      .split(/[\s,]+/)
      .filter((item) => item !== '');
  }

  /** A host and a port; an empty host means every interface, as in Go. */
  address(name: string, fallback?: string): { host: string; port: number } {
    const text = this.string(name, fallback);
    const parsed = parseAddress(text);
    if (parsed === undefined) {
      throw new EnvironmentError(`${name}=${text}: expected host:port, the port between 0 and 65535`);
    }
    return parsed;
  }
}

/** Splits `host:port`, `:port` or `[::1]:port`; undefined when it is none of them. */
export function parseAddress(text: string): { host: string; port: number } | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const port = Number(match[3]);
  if (port > 65_535) return undefined;
  return { host: match[1] ?? match[2] ?? '', port };
}
