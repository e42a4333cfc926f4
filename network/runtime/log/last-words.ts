/** The line of a log that most likely says why a node ended. */
export function lastWords(lines: readonly string[]): string {
  const spoken = lines.map((line) => stripColours(line).trim()).filter((line) => line !== '');
  const worst =
    spoken.findLast((line) => /^panic:|\b(PANI|FATA|CRIT|fatal error)/.test(line)) ??
    spoken.findLast((line) => /\bERRO|\bError\b/.test(line)) ??
    spoken.at(-1);
  return worst ?? '';
}

function stripColours(line: string): string {
  return line.replaceAll(/\u001b\[[0-9;]*m/g, '');
}
