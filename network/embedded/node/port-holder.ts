/** Names the process that holds a TCP port, so that "address already in use" says whom to stop. */
import { execFile } from 'node:child_process';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface PortHolder {
  readonly pid: number;
  readonly program: string;
}

const LISTENING = '0A';

async function listeningInodes(port: number): Promise<Set<string>> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/);
      const inode = columns[9];
      if (columns[1]?.endsWith(`:${hexPort}`) && columns[3] === LISTENING && inode) inodes.add(inode);
    }
  }
  return inodes;
}

async function holdsOneOf(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  // A process of another user can't be looked into; it then simply isn't named.
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const descriptor of descriptors) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}

async function holderOnLinux(port: number): Promise<PortHolder | undefined> {
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (!(await holdsOneOf(pid, inodes))) continue;
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const program = commandLine.split('\0').filter(Boolean).join(' ');
    return { pid: Number(pid), program: program || 'unknown program' };
  }
  return undefined;
}

async function holderOnMac(port: number): Promise<PortHolder | undefined> {
  const run = promisify(execFile);
  const listed = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']).catch(() => undefined);
  const pid = listed && /^p(\d+)$/m.exec(listed.stdout)?.[1];
  if (!listed || pid === undefined) return undefined;
  return { pid: Number(pid), program: /^c(.+)$/m.exec(listed.stdout)?.[1] ?? 'unknown program' };
}

/** Undefined when it can't be told: nothing listens, another user's process, or a platform without the means. */
export async function findPortHolder(port: number): Promise<PortHolder | undefined> {
  if (process.platform === 'linux') return holderOnLinux(port);
  if (process.platform === 'darwin') return holderOnMac(port);
  return undefined;
}

/** A listen failure that says what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Explains why listening failed. @param what the service that wanted the port, for the message */
export async function listenError(
  what: string,
  host: string,
  port: number,
  cause: Error,
): Promise<ListenError> {
  const address = `${host}:${port}`;
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') {
    const holder = await findPortHolder(port);
    const who = holder
      ? `process ${holder.pid} (${holder.program}) holds it`
      : 'the process that holds it could not be determined';
    return new ListenError(`${what}: cannot listen on ${address}: the port is already in use; ${who}`, {
      cause,
    });
  }
  if (code === 'EACCES') {
    return new ListenError(`${what}: cannot listen on ${address}: not permitted for this user`, { cause });
  }
  return new ListenError(`${what}: cannot listen on ${address}: ${cause.message}`, { cause });
}
