import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConsoleClient } from '../../api/client';
import { problem } from '../../core/problem';
import { unwrap } from '../invocation';
import type { Invocation } from '../invocation';
import { table } from '../output';

export interface DiagnosticsRequest {
  readonly output?: string;
  readonly list?: boolean;
}

/** Says what a bundle holds, makes it, and writes it where nothing stands yet. */
export async function makeDiagnostics(
  invocation: Invocation,
  client: ConsoleClient,
  { output, list = false }: DiagnosticsRequest,
): Promise<void> {
  const contents = unwrap(await client.call('diagnostics.contents', {}));
  const listed = table(
    ['file', 'holds'],
    contents.map(({ name, holds }) => [name, holds]),
  );
  if (list) {
    invocation.output.result(contents, () => listed);
    return;
  }
  invocation.output.note(listed);
  const { fileName, content, entries, redactions } = unwrap(await client.call('diagnostics.bundle', {}));
  const file = path.resolve(output ?? fileName);
  const bytes = Buffer.from(content, 'base64');
  try {
    await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw problem('BAD_REQUEST', {
      title: `${file} cannot be written.`,
      detail: error instanceof Error ? error.message : String(error),
      hint: 'Name another file with --output; a file that exists is not overwritten.',
      cause: error,
    });
  }
  invocation.output.result({ file, bytes: bytes.length, redactions, entries }, () =>
    [
      `\n${file} (${(bytes.length / 1024).toFixed(0)} KB). Keys, passwords and transient data were left out;`,
      `${redactions} places in logs and documents were blackened. Look through it before you give it away.`,
    ].join('\n'),
  );
}
