const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Milliseconds of a Go duration such as `2s`, `200ms` or `1h30m` (time.ParseDuration). Throws on anything else. */
export function parseGoDuration(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  let total = 0;
  let offset = 0;
  while (offset < rest.length) {
    PART.lastIndex = offset;
    const match = PART.exec(rest);
    if (match === null) break;
    total += Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0);
    offset = PART.lastIndex;
  }
  if (offset === 0 || offset < rest.length)
    throw new Error(`invalid duration "${text}": expected such as 2s or 200ms`);
  return sign * total;
}
