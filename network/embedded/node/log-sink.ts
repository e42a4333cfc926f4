import { writeSync } from 'node:fs';

const STDERR = 2;

/**
 * Writes a line to stderr, whatever stands behind it. `process.stderr` is destroyed by its first failed write – the
 * log lies on a disk that is full – and would end the node with it; here only that line is lost.
 */
export function writeToStderr(line: string): void {
  try {
    writeSync(STDERR, line);
  } catch (error) {
    // A pipe whose reader is slow: Node's own stream waits for it.
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') process.stderr.write(line);
  }
}
