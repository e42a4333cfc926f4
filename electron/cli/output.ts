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
      else err(problemText(problem));
    },
  };
}

function problemText(problem: Problem): string {
  const lines = [`${problem.title} [${problem.code}]`];
  if (problem.detail) lines.push(indent(problem.detail));
  for (const source of problem.sources) {
    const who = [source.name, source.mspId].filter(Boolean).join(', ');
    lines.push(`  ${who} says: ${source.message}`);
  }
  if (problem.transactionId) lines.push(`  Transaction ${problem.transactionId}`);
  if (problem.hint) lines.push(`→ ${problem.hint}`);
  return lines.join('\n');
}

const indent = (text: string) =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

/** Left-aligned columns, two spaces apart; columns named in `right` are right-aligned. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
) {
  const widths = header.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    header
      .map((name, column) => {
        const width = widths[column] ?? 0;
        const cell = cells[column] ?? '';
        return right.includes(name) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}

export const megabytes = (bytes: number | null): string =>
  bytes === null ? '–' : `${(bytes / 1_000_000).toFixed(0)} MB`;
