import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type Docker from 'dockerode';

/**
 * Keeps which images a network runs on in `images.json` under `root`: the same name may be another image tomorrow.
 * @param references names of images that are here
 */
export async function recordImages(
  docker: Docker,
  root: string,
  references: readonly string[],
): Promise<void> {
  const found = [...new Set(references)].sort().map(async (reference) => {
    const { Id, RepoDigests } = await docker.getImage(reference).inspect();
    return [reference, { id: Id, registryDigests: RepoDigests }] as const;
  });
  const record = Object.fromEntries(await Promise.all(found));
  await writeFile(path.join(root, 'images.json'), `${JSON.stringify(record, undefined, 2)}\n`, {
    mode: 0o600,
  });
}
