import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { NetworkFolder } from '../../../network/runtime/network-folder';
import { programOfData } from '../../../network/runtime/data-origin';
import { findGenuineProgram } from '../../../network/runtime/process/genuine-programs';
import type { ProgramLookup } from '../../../network/runtime/process/genuine-programs';
import type { RuntimeAvailability, SavedNetwork } from '../../api/connect-models';
import type { Surroundings } from '../../core/ports/surroundings';
import { readIdentity } from '../../../network/runtime/docker/network-identity';
import { EngineUnavailableError } from '../../../network/runtime/docker/engine-unavailable';
import { localEngine } from '../runtime/docker-opener';
import type { NetworkLocation } from '../runtime/local-network';
import { homeOfNetwork } from '../store/home';

/** Who runs the network in a folder: the process id of its supervisor, if there is one. */
export type FindSupervisor = (folder: string) => Promise<number | null>;

export class LocalSurroundings implements Surroundings {
  constructor(
    private readonly location: NetworkLocation,
    private readonly findSupervisor: FindSupervisor,
    private readonly lookup: ProgramLookup = process.env,
  ) {}

  async runtimes(): Promise<RuntimeAvailability[]> {
    return [
      {
        name: 'embedded',
        about:
          'This project’s own peer and orderer, for demonstrations and a first look, never for production.',
        isAvailable: true,
        detail: 'Comes with the console.',
        hint: '',
      },
      nativeRuntime(this.lookup),
      await dockerRuntime(),
    ];
  }

  async networks(): Promise<SavedNetwork[]> {
    const parent = path.join(homeOfNetwork(this.location.folder), 'networks');
    const entries = await readdir(parent, { withFileTypes: true }).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(parent, name));
    return Promise.all(folders.sort().map((folder) => this.#saved(folder)));
  }

  async #saved(folder: string): Promise<SavedNetwork> {
    const [{ mtime }, supervisor, ledgersBy, names] = await Promise.all([
      stat(folder),
      this.findSupervisor(folder),
      programsOf(folder),
      readdir(folder),
    ]);
    return {
      name: path.basename(folder),
      folder,
      isCurrent: path.resolve(folder) === path.resolve(this.location.folder),
      supervisor,
      ledgersBy,
      hasOwnTopology: names.includes('topology.yaml'),
      changed: mtime.toISOString(),
    };
  }
}

function nativeRuntime(lookup: ProgramLookup): RuntimeAvailability {
  const programs = (['peer', 'orderer'] as const).map((name) => ({
    name,
    file: findGenuineProgram(name, lookup),
  }));
  const found = programs.flatMap(({ file }) => (file === undefined ? [] : [file]));
  const missing = programs.filter(({ file }) => file === undefined).map(({ name }) => name);
  const where = lookup.FABRIC_BIN ? `in FABRIC_BIN (${lookup.FABRIC_BIN})` : 'on the PATH';
  return {
    name: 'native',
    about: 'Genuine Hyperledger Fabric 2.5.4 as plain processes of this machine.',
    isAvailable: missing.length === 0,
    detail:
      missing.length === 0
        ? `Found ${found.join(' and ')}.`
        : `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not ${where}.`,
    hint:
      missing.length === 0
        ? ''
        : 'Install the Fabric 2.5.4 binaries and set FABRIC_BIN to their folder, then start the console anew.',
  };
}

async function dockerRuntime(): Promise<RuntimeAvailability> {
  const known = { name: 'docker', about: 'Genuine Hyperledger Fabric 2.5.4 in containers.' } as const;
  try {
    const { version, address, source } = await localEngine();
    return { ...known, isAvailable: true, detail: `Docker ${version} at ${address} (${source}).`, hint: '' };
  } catch (error) {
    if (!(error instanceof EngineUnavailableError)) throw error;
    const [first] = error.tried.toReversed();
    return {
      ...known,
      isAvailable: false,
      detail: first ? `${first.source} (${first.address}): ${first.reason}.` : 'No engine was found.',
      hint: 'Start Docker, or name an engine by DOCKER_HOST and start the console anew.',
    };
  }
}

async function programsOf(folder: string): Promise<SavedNetwork['ledgersBy']> {
  // A damaged file is said when the network is started.
  if (await readIdentity(folder).catch(() => undefined)) return 'containers';
  const network = new NetworkFolder(folder);
  const nodes = await readdir(network.dataRoot).catch(() => []);
  // Data of unknown origin is no reason to hide a network: starting it says what is wrong.
  const programs = await Promise.all(
    nodes.map((node) => programOfData(network, node).catch(() => undefined)),
  );
  const known = new Set(programs.filter((program) => program !== undefined));
  if (known.size > 1) return 'both';
  const [only] = known;
  return only ?? null;
}
