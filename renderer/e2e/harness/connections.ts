import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

/** As /proc/net/tcp writes the state ESTABLISHED. */
const ESTABLISHED = '01';

/**
 * Established TCP connections of a process to one of these ports, each named by its own inode: the same names are the
 * same connections.
 */
export async function connectionsOf(pid: number, ports: readonly number[]): Promise<ReadonlySet<string>> {
  const own = new Set(await socketInodes(pid));
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
  );
  const rows = tables
    .flatMap((table) => table.trim().split('\n').slice(1))
    .map((row) => row.trim().split(/\s+/));
  const found = rows.flatMap(([, , remote = '', state, , , , , , inode = '']) => {
    const port = parseInt(remote.split(':')[1] ?? '', 16);
    return state === ESTABLISHED && own.has(inode) && ports.includes(port) ? [inode] : [];
  });
  return new Set(found);
}

async function socketInodes(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all(
    // A descriptor may be closed while they are listed.
    (await readdir(folder)).map((name) => readlink(path.join(folder, name)).catch(() => '')),
  );
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}
