/** One sample of a page. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A page that is not of the text format; nothing of it can be trusted. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';

  constructor(
    readonly line: number,
    detail: string,
  ) {
    super(`line ${line} of the metrics page: ${detail}`);
  }
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\\n]|\\.)*)"\s*(,|(?=\}))/y;

/**
 * Samples of a page in Prometheus' text format 0.0.4 whose names are wanted; the others are passed over unread.
 * Throws ExpositionError.
 */
export function parseExposition(text: string, wanted: (name: string) => boolean = () => true): Sample[] {
  const samples: Sample[] = [];
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line === '' || line.startsWith('#') || line.trim() === '') continue;
    NAME.lastIndex = 0;
    const name = NAME.exec(line)?.[0];
    if (name === undefined) throw new ExpositionError(number, 'it does not begin with a name');
    if (wanted(name)) samples.push(parseSample(name, line, number));
  }
  return samples;
}

function parseSample(name: string, line: string, number: number): Sample {
  let position = name.length;
  const labels: Record<string, string> = {};
  if (line[position] === '{') {
    position += 1;
    while (line[position] !== '}') {
      LABEL.lastIndex = position;
      const match = LABEL.exec(line);
      if (!match?.[1]) throw new ExpositionError(number, `no label at character ${position + 1}`);
      labels[match[1]] = unescaped(match[2] ?? '');
      position = LABEL.lastIndex;
    }
    position += 1;
  }
  const [value, timestamp, ...more] = line
    .slice(position)
    .trim()
    .split(/[ \t]+/);
  if (value === undefined || more.length > 0 || (timestamp !== undefined && !/^-?\d+$/.test(timestamp))) {
    throw new ExpositionError(number, 'a value was expected, with a timestamp at most');
  }
  return { name, labels, value: parseValue(value, number) };
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\(.)/g, (_whole, character: string) => (character === 'n' ? '\n' : character));
}

/** Values as Go's strconv.ParseFloat takes them. */
function parseValue(text: string, line: number): number {
  if (/^[+-]?inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    throw new ExpositionError(line, `${JSON.stringify(text)} is no number`);
  }
  return Number(text);
}
