import type { Problem } from '../api/problems';

/** What a command writes: results on stdout, everything else on stderr. With `--json`, stdout is one document. */
export interface Output {
  readonly json: boolean;
  readonly verbose: boolean;
  /** The result: `document` with --json, else what `text` renders. */
  result(document: unknown, text: () => string): void;
  /** A line for the person at the terminal. */
  note(line: string): void;
  problem(problem: Problem): void;
}

export function createOutput(options: { json: boolean; verbose: boolean }): Output {
  const out = (text: string) => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  const err = (text: string) => process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
  return {
    ...options,
    result: (document, text) => {
      const rendered = options.json ? JSON.stringify(document, null, 2) : text();
      if (rendered) out(rendered);
    },
    note: (line) => err(line),
    problem: (problem) => {
      if (options.json) out(JSON.stringify({ problem }, null, 2));
      // Also where stdout goes to a program: it may not keep it.
      err(problemText(problem));
    },
  };
}

export function problemText(problem: Problem): string {
  const lines = [`${problem.title} [${problem.code}]`];
  if (problem.detail) lines.push(indent(problem.detail));
  for (const [message, names] of voices(problem)) {
    const verb = names.length === 1 ? 'says' : 'say';
    lines.push(
      message === '' ? `  Said by ${names.join(', ')}.` : `  ${names.join(', ')} ${verb}: ${message}`,
    );
  }
  if (problem.transactionId) lines.push(`  Transaction ${problem.transactionId}`);
  if (problem.hint) lines.push(`→ ${problem.hint}`);
  return lines.join('\n');
}

/** Who says what, each message once; the empty message stands for what the detail says already. */
function voices({ detail, sources }: Problem): Map<string, string[]> {
  const said = new Map<string, string[]>();
  for (const { name, mspId, organization = mspId, message } of sources) {
    const known = detail !== '' && (message.includes(detail) || detail.includes(message));
    const key = known ? '' : message;
    said.set(key, [...(said.get(key) ?? []), organization ? `${name} (${organization})` : name]);
  }
  return said;
}

const indent = (text: string) =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

export interface TableOptions {
  /** Columns that are right-aligned. */
  readonly right?: readonly string[];
  /** Columns that a narrow terminal goes without, the most dispensable first. */
  readonly optional?: readonly string[];
  /** Characters a line may have; default: the terminal's width, and without a terminal any number. */
  readonly width?: number | undefined;
}

const GAP = 2;
/** A last column that would be narrower is not worth breaking. */
const NARROWEST = 16;

/** Columns two spaces apart. What is too wide loses optional columns, then the last column is broken at spaces. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { right = [], optional = [], width = terminalWidth() }: TableOptions = {},
): string {
  const widthOf = (column: number) =>
    Math.max(header[column]?.length ?? 0, ...rows.map((row) => (row[column] ?? '').length));
  let columns = header.map((_name, column) => column);
  const total = () => columns.reduce((sum, column) => sum + widthOf(column) + GAP, -GAP);
  for (const name of optional) {
    if (width === undefined || total() <= width) break;
    columns = columns.filter((column) => header[column] !== name);
  }
  const last = columns.at(-1) ?? 0;
  const room = width === undefined ? Infinity : width - (total() - widthOf(last));
  const broken = (text: string) => (room < NARROWEST ? [text] : brokenAtSpaces(text, room));
  const line = (cells: readonly string[]): string => {
    const ends = broken(cells[last] ?? '');
    const before = columns.slice(0, -1).map((column) => {
      const cell = cells[column] ?? '';
      const space = widthOf(column);
      return right.includes(header[column] ?? '') ? cell.padStart(space) : cell.padEnd(space);
    });
    const first = right.includes(header[last] ?? '')
      ? (ends[0] ?? '').padStart(widthOf(last))
      : (ends[0] ?? '');
    const margin = ' '.repeat(before.reduce((sum, cell) => sum + cell.length + GAP, 0));
    return [
      [...before, first].join(' '.repeat(GAP)).trimEnd(),
      ...ends.slice(1).map((part) => margin + part),
    ].join('\n');
  };
  return [line(header), ...rows.map(line)].join('\n');
}

const terminalWidth = (): number | undefined => (process.stdout.isTTY ? process.stdout.columns : undefined);

function brokenAtSpaces(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const current = lines.at(-1);
    if (current !== undefined && current.length + 1 + word.length <= room)
      lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines;
}

export const megabytes = (bytes: number | null): string =>
  bytes === null ? '–' : `${(bytes / 1_000_000).toFixed(0)} MB`;
