import { readdir, readFile } from 'node:fs/promises';

/** Memory of several processes together, in bytes. */
export interface ProcessMemory {
  readonly processes: number;
  /** Sum of resident set sizes: pages that several processes share count once for each. */
  readonly resident: number;
  /** Sum of proportional set sizes: shared pages are divided among those who share them. */
  readonly proportional: number;
}

/** Memory of a process and all its descendants, from /proc; undefined on platforms without it. */
export async function memoryOfTree(root: number): Promise<ProcessMemory | undefined> {
  if (process.platform !== 'linux') return undefined;
  const parents = await parentsOfAll();
  const tree = new Set([root]);
  for (let grown = true; grown;) {
    const size = tree.size;
    for (const [pid, parent] of parents) if (tree.has(parent)) tree.add(pid);
    grown = tree.size > size;
  }
  const sizes = await Promise.all([...tree].map(sizeOf));
  const known = sizes.filter((size) => size !== undefined);
  return {
    processes: known.length,
    resident: known.reduce((sum, { resident }) => sum + resident, 0),
    proportional: known.reduce((sum, { proportional }) => sum + proportional, 0),
  };
}

async function parentsOfAll(): Promise<Map<number, number>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(
    pids.map(async (pid): Promise<[number, number] | undefined> => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
      // The program's name may hold spaces and brackets: fields are counted after the last bracket (proc(5)).
      const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
      return parent === undefined ? undefined : [Number(pid), Number(parent)];
    }),
  );
  return new Map(entries.filter((entry) => entry !== undefined));
}

/** undefined when the process has just ended. */
async function sizeOf(pid: number): Promise<{ resident: number; proportional: number } | undefined> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => undefined);
  if (rollup === undefined) return undefined;
  const bytes = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) * 1024;
  return { resident: bytes('Rss'), proportional: bytes('Pss') };
}
