import { peer } from '@hyperledger/fabric-protos';
import type { PeerChannel } from '../channel';
import { compareUtf8 } from '../../../protocol/byte-order';
import { withMessage } from '../../../protocol/cause';
import type { ChaincodeInfo } from './chaincode-info';
import type { PackageStore } from './package-store';

const {
  GetInstalledChaincodePackageResult,
  InstallChaincodeResult,
  QueryInstalledChaincodeResult,
  QueryInstalledChaincodesResult,
} = peer.lifecycle;

interface Named {
  readonly name: string;
  readonly version: string;
}

/** channel id → chaincodes that run from a package there. */
type References = Map<string, Named[]>;

/** Functions about packages on this peer, which no channel takes part in. */
export class InstalledPackages {
  readonly #packages: PackageStore;
  readonly #info: ChaincodeInfo;
  readonly #channels: () => readonly PeerChannel[];

  constructor(packages: PackageStore, info: ChaincodeInfo, channels: () => readonly PeerChannel[]) {
    this.#packages = packages;
    this.#info = info;
    this.#channels = channels;
  }

  async install(args: peer.lifecycle.InstallChaincodeArgs): Promise<peer.lifecycle.InstallChaincodeResult> {
    const { label, packageId } = await this.#packages.install(args.getChaincodeInstallPackage_asU8());
    const result = new InstallChaincodeResult();
    result.setLabel(label);
    result.setPackageId(packageId);
    return result;
  }

  async queryInstalled(
    args: peer.lifecycle.QueryInstalledChaincodeArgs,
  ): Promise<peer.lifecycle.QueryInstalledChaincodeResult> {
    const packageId = args.getPackageId();
    const installed = this.#packages.find(packageId);
    if (installed === undefined) throw new Error(`could not find chaincode with package id '${packageId}'`);
    const result = new QueryInstalledChaincodeResult();
    result.setPackageId(packageId);
    result.setLabel(installed.label);
    const references = (await this.#references()).get(packageId) ?? [];
    for (const [channelId, chaincodes] of references) {
      const entry = new QueryInstalledChaincodeResult.References();
      entry.setChaincodesList(
        chaincodes.map((named) => fill(new QueryInstalledChaincodeResult.Chaincode(), named)),
      );
      result.getReferencesMap().set(channelId, entry);
    }
    return result;
  }

  async queryAllInstalled(): Promise<peer.lifecycle.QueryInstalledChaincodesResult> {
    const references = await this.#references();
    const result = new QueryInstalledChaincodesResult();
    for (const { packageId, label } of this.#packages.list()) {
      const installed = new QueryInstalledChaincodesResult.InstalledChaincode();
      installed.setPackageId(packageId);
      installed.setLabel(label);
      for (const [channelId, chaincodes] of references.get(packageId) ?? []) {
        const entry = new QueryInstalledChaincodesResult.References();
        entry.setChaincodesList(
          chaincodes.map((named) => fill(new QueryInstalledChaincodesResult.Chaincode(), named)),
        );
        installed.getReferencesMap().set(channelId, entry);
      }
      result.addInstalledChaincodes(installed);
    }
    return result;
  }

  async getPackage(
    args: peer.lifecycle.GetInstalledChaincodePackageArgs,
  ): Promise<peer.lifecycle.GetInstalledChaincodePackageResult> {
    const result = new GetInstalledChaincodePackageResult();
    result.setChaincodeInstallPackage(await this.#load(args.getPackageId()));
    return result;
  }

  async #load(packageId: string): Promise<Uint8Array> {
    try {
      return await this.#packages.load(packageId);
    } catch (cause) {
      throw withMessage(cause, 'could not load cc install package');
    }
  }

  /** package id → where it is in use. */
  async #references(): Promise<Map<string, References>> {
    const byPackage = new Map<string, References>();
    for (const channel of [...this.#channels()].sort((a, b) => compareUtf8(a.id, b.id))) {
      const snapshot = await channel.ledger.snapshot();
      try {
        for (const local of await this.#info.localChaincodes(channel.id, snapshot)) {
          if (!local.approved || local.installed === undefined) continue;
          const references: References =
            byPackage.get(local.installed.packageId) ?? new Map<string, Named[]>();
          const named = { name: local.name, version: local.definition.version };
          references.set(channel.id, [...(references.get(channel.id) ?? []), named]);
          byPackage.set(local.installed.packageId, references);
        }
      } finally {
        await snapshot.close();
      }
    }
    return byPackage;
  }
}

function fill<T extends { setName(name: string): void; setVersion(version: string): void }>(
  target: T,
  { name, version }: Named,
): T {
  target.setName(name);
  target.setVersion(version);
  return target;
}
