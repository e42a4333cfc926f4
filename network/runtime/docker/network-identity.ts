import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { DockerNetworkIdentity } from './labels';

const identitySchema = z.object({ network: z.string(), id: z.string().regex(/^[0-9a-f]{32}$/) });

const fileIn = (root: string): string => path.join(root, 'docker.json');

/** @returns undefined where the network in this folder never ran in containers. @throws Error where the file is damaged */
export async function readIdentity(root: string): Promise<DockerNetworkIdentity | undefined> {
  const text = await readFile(fileIn(root), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : identitySchema.parse(JSON.parse(text));
}

/** Whose the containers of the network in this folder are; made once. */
export async function ensureIdentity(root: string, network: string): Promise<DockerNetworkIdentity> {
  const known = await readIdentity(root);
  if (known) return known;
  const identity = { network, id: randomBytes(16).toString('hex') };
  await mkdir(root, { recursive: true });
  await writeFile(fileIn(root), `${JSON.stringify(identity, undefined, 2)}\n`, { mode: 0o600, flush: true });
  return identity;
}
