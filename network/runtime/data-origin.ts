import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { NetworkFolder } from './network-folder';
import type { NodeProgram, RuntimeNode } from './network-runtime';

/** What a node's data folder says of itself: who wrote it, and of which network. */
const originSchema = z.object({
  program: z.enum(['embedded', 'genuine']),
  /** Channel → header hash of its genesis block, hex. */
  genesis: z.record(z.string(), z.string()),
});

type DataOrigin = z.infer<typeof originSchema>;

/** A node's ledger belongs to another program or another network; nothing was touched. */
export class ForeignDataError extends Error {
  constructor(
    readonly node: string,
    readonly folder: string,
    readonly detail: string,
    readonly hint: string,
  ) {
    super(`${node}: ${detail} (${folder}). ${hint}`);
    this.name = 'ForeignDataError';
  }
}

const originFile = 'origin.json';
const partialFile = `${originFile}.partial`;

const purgeHint = 'or delete the ledgers with `cityflow down --purge` and begin anew';

/**
 * Makes sure that the nodes may go on with the data in the network's folder, and signs what is new.
 * @param genesis channel → header hash of its genesis block, hex
 * @throws ForeignDataError when a node's ledger was written by another program or begins with another genesis block
 */
export async function claimData(
  folder: NetworkFolder,
  nodes: readonly RuntimeNode[],
  genesis: Readonly<Record<string, string>>,
): Promise<void> {
  const claims: (() => Promise<void>)[] = [];
  for (const { name, program } of nodes) {
    if (program === 'contract') continue;
    const data = folder.data(name);
    const origin = await readOrigin(data, name);
    if (origin) assertSame(name, data, program, origin, genesis);
    claims.push(() => writeOrigin(data, { program, genesis: { ...origin?.genesis, ...genesis } }));
  }
  // Every node is checked before any is claimed.
  for (const claim of claims) await claim();
}

/** Which program the data of this network belongs to; undefined before the first start of any node. */
export async function programOfData(
  folder: NetworkFolder,
  node: string,
): Promise<Exclude<NodeProgram, 'contract'> | undefined> {
  return (await readOrigin(folder.data(node), node))?.program;
}

function assertSame(
  node: string,
  data: string,
  program: DataOrigin['program'],
  origin: DataOrigin,
  genesis: Readonly<Record<string, string>>,
): void {
  if (origin.program !== program) {
    throw new ForeignDataError(
      node,
      data,
      `its ledger was written by the ${origin.program} program, which the ${program} one can't read`,
      `Start it as it was (${origin.program === 'genuine' ? '--runtime native' : '--runtime embedded'}), ${purgeHint}.`,
    );
  }
  const other = Object.keys(genesis).find(
    (channel) => origin.genesis[channel] !== undefined && origin.genesis[channel] !== genesis[channel],
  );
  if (other !== undefined) {
    throw new ForeignDataError(
      node,
      data,
      `its ledger of ${other} begins with another network's genesis block`,
      `Put back the certificates and genesis blocks it was made with, ${purgeHint}.`,
    );
  }
}

async function readOrigin(data: string, node: string): Promise<DataOrigin | undefined> {
  const entries = await readdir(data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  // A claim alone is no ledger: the node was never started, so whoever comes next may have the folder.
  if (entries.every((entry) => entry === originFile || entry === partialFile)) return undefined;
  try {
    return originSchema.parse(JSON.parse(await readFile(path.join(data, originFile), 'utf8')));
  } catch {
    throw new ForeignDataError(
      node,
      data,
      'there is data of which nothing says where it came from',
      `Move it away, ${purgeHint}.`,
    );
  }
}

async function writeOrigin(data: string, origin: DataOrigin): Promise<void> {
  await mkdir(data, { recursive: true });
  const partial = path.join(data, partialFile);
  await writeFile(partial, JSON.stringify(origin, undefined, 2), { flush: true });
  await rename(partial, path.join(data, originFile));
}
