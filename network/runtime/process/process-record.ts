import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { sha256 } from '../../protocol/hash';
import type { NetworkFolder } from '../network-folder';
import type { ProcessNode } from './process-node';

/** What a supervisor leaves behind of each process, so that the next one knows which are this network's. */
const recordSchema = z.object({
  node: z.string(),
  pid: z.int().positive(),
  /** As `ProcessSample.startedAt`: a process id alone may have been given to somebody else's program meanwhile. */
  startedAt: z.string(),
  /** Of program, arguments and environment: another one means that the node was meant to run differently. */
  fingerprint: z.string(),
  since: z.iso.datetime(),
});

export type ProcessRecord = z.infer<typeof recordSchema>;

export function fingerprintOf(node: ProcessNode): string {
  return sha256(
    Buffer.from(JSON.stringify([node.command, node.args, Object.entries(node.environment).sort()])),
  ).toString('hex');
}

export async function writeRecord(folder: NetworkFolder, record: ProcessRecord): Promise<void> {
  await mkdir(folder.processRecords, { recursive: true });
  const file = folder.processRecord(record.node);
  await writeFile(`${file}.partial`, JSON.stringify(record, undefined, 2));
  await rename(`${file}.partial`, file);
}

export async function removeRecord(folder: NetworkFolder, node: string): Promise<void> {
  await rm(folder.processRecord(node), { force: true });
}

/** All records of a network; one that can't be read names no process and is dropped. */
export async function readRecords(folder: NetworkFolder): Promise<ProcessRecord[]> {
  const names = await readdir(folder.processRecords).catch(() => []);
  const records = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name) => {
        const file = path.join(folder.processRecords, name);
        try {
          return recordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
        } catch {
          await rm(file, { force: true });
          return undefined;
        }
      }),
  );
  return records.filter((record) => record !== undefined);
}
