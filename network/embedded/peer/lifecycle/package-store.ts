import { peer } from '@hyperledger/fabric-protos';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../../../protocol/hash';
import { compareUtf8 } from '../../../protocol/byte-order';
import { withMessage } from '../../../protocol/cause';
import { chaincodeAddress, type ChaincodeAddress } from './chaincode-address';
import { parsePackage } from './package-archive';

const FILE_NAME = /^(.+)\.([0-9a-f]{64})\.tar\.gz$/;

export interface InstalledPackage {
  /** `label:hash`, the hash being that of the package's bytes, in hex. */
  readonly packageId: string;
  readonly label: string;
  readonly address: ChaincodeAddress;
}

/** Asked for a package that is not installed. */
export class PackageNotFound extends Error {
  constructor(packageId: string) {
    super(`chaincode install package '${packageId}' not found`);
  }
}

/**
 * The chaincode packages installed on this peer, in `<CORE_PEER_FILESYSTEMPATH>/lifecycle/chaincodes` as genuine peers
 * keep them (core/chaincode/persistence/persistence.go): `<label>.<hash>.tar.gz`.
 */
export class PackageStore {
  readonly #folder: string;
  readonly #builderConfig: string | undefined;
  readonly #installed = new Map<string, InstalledPackage>();
  readonly #byStateHash = new Map<string, InstalledPackage>();
  readonly #installing = new Set<string>();
  readonly #listeners = new Set<(installed: InstalledPackage) => void>();

  private constructor(folder: string, builderConfig: string | undefined) {
    this.#folder = folder;
    this.#builderConfig = builderConfig;
  }

  /** @param folder created when absent. Throws naming the file when an installed package cannot be read. */
  static async open(folder: string, builderConfig?: string): Promise<PackageStore> {
    const store = new PackageStore(folder, builderConfig);
    await mkdir(folder, { recursive: true, mode: 0o750 });
    for (const file of (await readdir(folder)).sort(compareUtf8)) {
      const match = FILE_NAME.exec(file);
      if (match === null) continue;
      const packageId = `${match[1]}:${match[2]}`;
      try {
        store.#add(await store.#parse(packageId, await readFile(path.join(folder, file))));
      } catch (cause) {
        throw withMessage(cause, `could not parse chaincode with package ID '${packageId}'`);
      }
    }
    return store;
  }

  list(): InstalledPackage[] {
    return [...this.#installed.values()].sort((a, b) => compareUtf8(a.packageId, b.packageId));
  }

  find(packageId: string): InstalledPackage | undefined {
    return this.#installed.get(packageId);
  }

  /**
   * The package whose id an organization has approved, found by the hash under which the approval stands in state:
   * every peer of the channel knows that hash, only the organization the id.
   */
  findByStateHash(valueHash: Uint8Array): InstalledPackage | undefined {
    return this.#byStateHash.get(Buffer.from(valueHash).toString('hex'));
  }

  /** Throws as lifecycle.go InstallChaincode: malformed, already installed, or not a chaincode this peer can reach. */
  async install(bytes: Uint8Array): Promise<InstalledPackage> {
    let parsed;
    try {
      parsed = await parsePackage(bytes);
    } catch (cause) {
      throw withMessage(cause, 'could not parse as a chaincode install package');
    }
    const packageId = `${parsed.label}:${sha256(bytes).toString('hex')}`;
    if (this.#installed.has(packageId) || this.#installing.has(packageId)) {
      throw new Error(`chaincode already successfully installed (package ID '${packageId}')`);
    }
    this.#installing.add(packageId);
    try {
      const installed = await this.#parse(packageId, bytes).catch((cause: unknown) => {
        throw withMessage(cause, 'could not build chaincode');
      });
      await this.#write(packageId, bytes);
      this.#add(installed);
      for (const listener of this.#listeners) listener(installed);
      return installed;
    } finally {
      this.#installing.delete(packageId);
    }
  }

  /** The package's bytes. Throws PackageNotFound. */
  async load(packageId: string): Promise<Uint8Array> {
    if (!this.#installed.has(packageId)) throw new PackageNotFound(packageId);
    return readFile(this.#file(packageId));
  }

  /** Called after each installation; returns the function that ends the subscription. */
  onInstall(listener: (installed: InstalledPackage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #parse(packageId: string, bytes: Uint8Array): Promise<InstalledPackage> {
    const parsed = await parsePackage(bytes);
    return { packageId, label: parsed.label, address: await chaincodeAddress(parsed, this.#builderConfig) };
  }

  #add(installed: InstalledPackage): void {
    const stored = new peer.lifecycle.StateData();
    stored.setString(installed.packageId);
    this.#installed.set(installed.packageId, installed);
    this.#byStateHash.set(sha256(stored.serializeBinary()).toString('hex'), installed);
  }

  /** Whole or not at all, also when the machine stops in between. */
  async #write(packageId: string, bytes: Uint8Array): Promise<void> {
    const target = this.#file(packageId);
    const partial = `${target}.tmp`;
    try {
      const file = await open(partial, 'w', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, target);
    } catch (cause) {
      await rm(partial, { force: true });
      throw withMessage(
        cause,
        `could not save cc install package: error writing chaincode install package to ${target}`,
      );
    }
  }

  #file(packageId: string): string {
    return path.join(this.#folder, `${packageId.replace(':', '.')}.tar.gz`);
  }
}
