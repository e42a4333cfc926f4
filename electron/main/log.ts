import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const MAX_BYTES = 1024 * 1024;

/**
 * The shell's own log: what it refused and what broke. One older file is kept. It never holds a message's content. A
 * log that can't be written is not worth ending the console for: its lines go to stderr, as all of them do.
 */
export function openShellLog(file: string): (line: string) => void {
  let size = 0;
  let writable = true;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  } catch (error) {
    writable = false;
    process.stderr.write(`${file} cannot be written: ${String(error)}\n`);
  }
  return (line) => {
    const text = `${new Date().toISOString()} ${line}\n`;
    process.stderr.write(text);
    if (!writable) return;
    try {
      if (size > MAX_BYTES) {
        renameSync(file, `${file}.1`);
        size = 0;
      }
      appendFileSync(file, text, { mode: 0o600 });
      size += Buffer.byteLength(text);
    } catch (error) {
      writable = false;
      process.stderr.write(`${file} cannot be written: ${String(error)}\n`);
    }
  };
}
