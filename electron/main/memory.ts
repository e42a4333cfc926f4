import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { themes } from '../api/desktop';
import { windowStateSchema } from './window-state';

const memorySchema = z.object({
  window: windowStateSchema.optional(),
  theme: z.enum(themes).default('system'),
});
export type Memory = z.infer<typeof memorySchema>;

/**
 * What the shell remembers between two starts, in one small file. Read and written synchronously: it is needed before
 * the first window and kept while the last one closes. A file that can't be read as one is taken for absent – nothing
 * in it is worth refusing to start – and `report` hears why.
 */
export class ShellMemory {
  #memory: Memory;

  constructor(
    private readonly file: string,
    private readonly report: (problem: string) => void,
  ) {
    this.#memory = this.#read();
  }

  get(): Memory {
    return this.#memory;
  }

  remember(change: Partial<Memory>): void {
    this.#memory = { ...this.#memory, ...change };
    const next = `${this.file}.next`;
    try {
      mkdirSync(path.dirname(this.file), { recursive: true, mode: 0o700 });
      writeFileSync(next, JSON.stringify(this.#memory), { mode: 0o600 });
      renameSync(next, this.file);
    } catch (error) {
      this.report(`cannot remember the window's state in ${this.file}: ${String(error)}`);
    }
  }

  #read(): Memory {
    try {
      return memorySchema.parse(JSON.parse(readFileSync(this.file, 'utf8')));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
        this.report(`${this.file} is not used: ${String(error)}`);
      }
      return memorySchema.parse({});
    }
  }
}
