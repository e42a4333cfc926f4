import { gzip } from 'node:zlib';
import { readdir, readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import { buffer } from 'node:stream/consumers';
import path from 'node:path';
import { promisify } from 'node:util';
import { pack as tarPack } from 'tar-stream';
import { stringify } from 'yaml';
import { DESKTOP_PROTOCOL } from '../../api/desktop-bridge';
import type { About, Stored } from '../../api/support-models';
import type { BundleFile, Support } from '../../core/ports/support';
import type { LocalNetwork } from '../runtime/local-network';

const compress = promisify(gzip);
/** The level whose protocols, configuration and embedded nodes this console has. */
const FABRIC_LEVEL = '2.5.4';
const SECRET_VARIABLE = /PASS|SECRET|TOKEN|CREDENTIAL|API_?KEY|PRIVATE|COOKIE|_PIN$|AUTH/i;

/** A network of this machine. */
export class LocalSupport implements Support {
  constructor(
    private readonly network: LocalNetwork,
    private readonly home: string,
    private readonly environment: NodeJS.ProcessEnv = process.env,
  ) {}

  about(): Promise<About> {
    return Promise.resolve({
      version: __CONSOLE_VERSION__,
      protocol: DESKTOP_PROTOCOL,
      fabric: FABRIC_LEVEL,
      node: process.versions.node,
      platform: `${process.platform} ${os.release()} ${process.arch}`,
      home: this.home,
      networkFolder: this.network.location.folder,
      licence: 'Apache-2.0',
    });
  }

  stored(): Promise<Stored[]> {
    const { folder, network } = this.network.location;
    const places: [Stored['kind'], string][] = [
      ['ledgers', path.join(folder, 'data')],
      ['logs', path.join(folder, 'logs')],
      ['metrics', path.join(this.home, 'metrics', network)],
      ['history', path.join(this.home, 'history')],
      ['audit', path.join(this.home, 'audit.log')],
      ['wallet', path.join(this.home, 'wallet')],
      ['settings', path.join(this.home, 'settings.json')],
    ];
    return Promise.all(
      places.map(async ([kind, place]) => ({
        kind,
        path: place,
        bytes: kind === 'audit' || kind === 'settings' ? await bytesBeside(place) : await bytesOf(place),
      })),
    );
  }

  topology = (): Promise<string> => Promise.resolve(stringify(this.network.topology));

  async secrets(): Promise<string[]> {
    const variables = Object.entries(this.environment).flatMap(([name, value]) =>
      value && SECRET_VARIABLE.test(name) ? [value] : [],
    );
    const keyFiles = (await filesUnder(path.join(this.network.location.folder, 'organizations'))).filter(
      (file) => file.endsWith('_sk') || file.endsWith('.key'),
    );
    const bodies = await Promise.all(keyFiles.map(async (file) => linesOfKey(await readFile(file, 'utf8'))));
    return [...variables, ...bodies.flat()];
  }

  async pack(files: readonly BundleFile[]): Promise<Uint8Array> {
    const archive = tarPack();
    for (const { name, text } of files) archive.entry({ name, mode: 0o600 }, text);
    archive.finalize();
    return compress(await buffer(archive));
  }
}

/** Lines of base64 between BEGIN and END; the first of a PKCS#8 key is mostly its header, but not only. */
const linesOfKey = (pem: string): string[] =>
  pem.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-'));

async function filesUnder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Files that go while they are counted count nothing. */
const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const bytesOf = async (folder: string): Promise<number> =>
  sum(await Promise.all((await filesUnder(folder)).map(sizeOf)));

/** With the older and set aside ones beside it. */
async function bytesBeside(file: string): Promise<number> {
  const names = await readdir(path.dirname(file)).catch(() => []);
  const own = names.filter((name) => name.startsWith(path.basename(file)));
  return sum(await Promise.all(own.map((name) => sizeOf(path.join(path.dirname(file), name)))));
}
