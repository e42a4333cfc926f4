/** One thing that is wrong in a topology file, and where. */
export interface TopologyFinding {
  readonly file: string;
  /** Line and column count from 1. */
  readonly line: number;
  readonly column: number;
  /** Path of the field, such as `contracts[2].endorsement`; empty for the file as a whole. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** A topology file that can't be used; carries every finding, in file order. */
export class TopologyError extends Error {
  constructor(readonly findings: readonly TopologyFinding[]) {
    super(findings.map(formatFinding).join('\n'));
    this.name = 'TopologyError';
  }
}

/** `file:line:column field: expected …, found …` – the form editors and terminals link to. */
export function formatFinding(finding: TopologyFinding): string {
  const field = finding.field === '' ? '' : ` ${finding.field}`;
  return `${finding.file}:${finding.line}:${finding.column}${field}: expected ${finding.expected}, found ${finding.found}`;
}
