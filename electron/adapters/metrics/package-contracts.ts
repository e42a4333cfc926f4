import { readFile } from 'node:fs/promises';
import { packageId } from '../../../network/artifacts/chaincode-package';
import type { LocalNetwork } from '../runtime/local-network';

/** A network that was purged and begun anew has other packages. */
const GOOD_FOR_MS = 60_000;

/** Contracts by the package ids under which peers run them (`label:hash`), as the shim's series name them. */
export class PackageContracts {
  #known: ReadonlyMap<string, string> = new Map();
  #until = 0;

  constructor(private readonly network: LocalNetwork) {}

  /** The contract, or the id itself where no package of this network has it. */
  async lookup(): Promise<(id: string) => string> {
    if (Date.now() >= this.#until) {
      this.#until = Date.now() + GOOD_FOR_MS;
      // Before the first start there are no packages: ids stay as they are.
      this.#known = await this.#read().catch(() => new Map<string, string>());
    }
    return (id) => this.#known.get(id) ?? id;
  }

  async #read(): Promise<ReadonlyMap<string, string>> {
    const entries = this.network.material.contracts.map(async ({ name, label, packageFile }) => {
      const id = packageId(label, await readFile(packageFile));
      return [id, name] as const;
    });
    return new Map(await Promise.all(entries));
  }
}
