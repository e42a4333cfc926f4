import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { contractChecks } from './contract-checks';
import { crossChecks } from './cross-checks';
import { formatPath, Positions } from './positions';
import { topologySchema, type Topology } from './schema';
import { schemaFindings, type FieldFinding } from './schema-findings';
import { TopologyError, type TopologyFinding } from './topology-error';

/**
 * Reads a topology file (YAML 1.2, UTF-8).
 * @throws TopologyError with file, line, column, field and what was expected, for every finding
 */
export async function loadTopology(file: string): Promise<Topology> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new TopologyError([
      { file, line: 1, column: 1, field: '', expected: 'a readable topology file', found },
    ]);
  }
  return parseTopology(text, file);
}

/**
 * As {@link loadTopology}, of a text already read; `file` is named in findings.
 * @throws TopologyError
 */
export function parseTopology(text: string, file: string): Topology {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new TopologyError(
      document.errors.map((error): TopologyFinding => {
        const { line, col } = lines.linePos(error.pos[0]);
        // The library appends an excerpt of the file after the first line.
        const found = (error.message.split('\n')[0] ?? error.message).replace(
          / at line \d+, column \d+:?$/,
          '',
        );
        return { file, line, column: col, field: '', expected: 'valid YAML', found };
      }),
    );
  }
  const positions = new Positions(document, lines);
  const data: unknown = document.toJS();
  const parsed = topologySchema.safeParse(data);
  if (!parsed.success)
    throw located(schemaFindings(topologySchema, data, parsed.error.issues), positions, file);
  const findings = [...crossChecks(parsed.data), ...contractChecks(parsed.data)];
  if (findings.length > 0) throw located(findings, positions, file);
  return parsed.data;
}

function located(findings: readonly FieldFinding[], positions: Positions, file: string): TopologyError {
  const placed = findings.map((finding): TopologyFinding => {
    const position = finding.atKey === true ? positions.ofKey(finding.path) : positions.ofValue(finding.path);
    return {
      file,
      ...position,
      field: formatPath(finding.path),
      expected: finding.expected,
      found: finding.found,
    };
  });
  return new TopologyError(placed.sort((a, b) => a.line - b.line || a.column - b.column));
}
