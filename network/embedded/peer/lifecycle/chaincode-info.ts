import { sha256 } from '../../../protocol/hash';
import type { Version } from '../../../protocol/version';
import type { StateSnapshot } from '../ledger/types';
import type { TransactionSimulator } from '../endorser/simulator';
import { withMessage } from '../../../protocol/cause';
import { isSystemChaincode, SYSTEM_CHAINCODE_VERSION, systemChaincodeId } from '../system/names';
import {
  CHAINCODE_SOURCES,
  committedDefinition,
  committedSequence,
  implicitCollection,
  NAMESPACES,
  storedParameters,
  type ChaincodeDefinition,
} from '../../../protocol/lifecycle/definition';
import type { InstalledPackage, PackageStore } from './package-store';
import { fieldKey, isSerialized, readAllMetadata } from '../../../protocol/lifecycle/serializer';
import { LIFECYCLE_NAMESPACE } from '../../../protocol/lifecycle/state';

/** What the endorser needs to know of a chaincode on a channel (core/chaincode/lifecycle/endorsement_info.go). */
export interface EndorsementInfo {
  readonly version: string;
  readonly initRequired: boolean;
  /** Package id of the process to call; `<name>.syscc` for a system chaincode. */
  readonly chaincodeId: string;
}

/** A committed definition as this peer stands to it. */
export interface LocalChaincode {
  readonly name: string;
  readonly definition: ChaincodeDefinition;
  /** Whether this peer's organization has approved exactly this definition. */
  readonly approved: boolean;
  /** The package the organization runs for it, if it is installed here. */
  readonly installed: InstalledPackage | undefined;
}

interface CachedDefinition {
  readonly version: Version;
  readonly definition: ChaincodeDefinition;
  approved: boolean;
}

/**
 * Joins committed definitions, the organization's approvals and installed packages. What it reads of the approval is
 * not recorded in the read set: it is private to the organization, and peers of different organizations must agree.
 */
export class ChaincodeInfo {
  readonly #mspId: string;
  readonly #packages: PackageStore;
  readonly #cache = new Map<string, CachedDefinition>();

  constructor(mspId: string, packages: PackageStore) {
    this.#mspId = mspId;
    this.#packages = packages;
  }

  /**
   * Reads, and records as read, the sequence of the definition. Throws when the chaincode is not defined, not approved
   * or not installed here.
   */
  async endorsementInfo(
    channelId: string,
    name: string,
    simulator: TransactionSimulator | undefined,
  ): Promise<EndorsementInfo> {
    if (isSystemChaincode(name)) {
      return { version: SYSTEM_CHAINCODE_VERSION, initRequired: false, chaincodeId: systemChaincodeId(name) };
    }
    if (simulator === undefined) throw new Error(`could not get channel config for channel '${channelId}'`);
    const state = { getState: (key: string) => simulator.getState(LIFECYCLE_NAMESPACE, key) };
    let sequence: number;
    try {
      sequence = await committedSequence(state, name);
    } catch (cause) {
      throw withMessage(
        cause,
        `could not get current sequence for chaincode '${name}' on channel '${channelId}'`,
      );
    }
    const local =
      sequence === 0
        ? undefined
        : await simulator.peek((snapshot) => this.localChaincode(channelId, name, snapshot));
    if (local === undefined) {
      // Where the legacy lifecycle would have kept it: genuine peers look, and the look is in the read set.
      await simulator.getState('lscc', name);
      throw new Error(`chaincode ${name} not found`);
    }
    if (!local.approved) {
      throw new Error(
        `chaincode definition for '${name}' at sequence ${sequence} on channel '${channelId}' has not yet been approved by this org`,
      );
    }
    if (local.installed === undefined) {
      throw new Error(`chaincode definition for '${name}' exists, but chaincode is not installed`);
    }
    return {
      version: local.definition.version,
      initRequired: local.definition.initRequired,
      chaincodeId: local.installed.packageId,
    };
  }

  /** How this peer stands to a committed definition; undefined when there is none. */
  async localChaincode(
    channelId: string,
    name: string,
    snapshot: StateSnapshot,
  ): Promise<LocalChaincode | undefined> {
    const cached = await this.#cachedDefinition(channelId, name, snapshot);
    if (cached === undefined) return undefined;
    const { definition } = cached;
    const collection = implicitCollection(this.#mspId);
    const privateName = `${name}#${definition.sequence}`;
    const hashOf = async (key: string): Promise<Uint8Array | undefined> =>
      (await snapshot.getPrivateHash(LIFECYCLE_NAMESPACE, collection, sha256(Buffer.from(key, 'utf8'))))
        ?.valueHash;

    // An approval of a committed sequence cannot be withdrawn, only given a different package.
    const approved =
      cached.approved ||
      (await isSerialized(NAMESPACES, privateName, storedParameters(definition), {
        collection,
        getStateHash: hashOf,
      }));
    cached.approved = approved;
    const packageHash = await hashOf(fieldKey(CHAINCODE_SOURCES, privateName, 'PackageID'));
    const installed = packageHash === undefined ? undefined : this.#packages.findByStateHash(packageHash);
    return { name, definition, approved, installed };
  }

  /** Every committed definition of the channel. */
  async localChaincodes(channelId: string, snapshot: StateSnapshot): Promise<LocalChaincode[]> {
    const found: LocalChaincode[] = [];
    for (const [name, metadata] of await readAllMetadata(NAMESPACES, {
      getStateRange: (prefix) => stateRange(snapshot, prefix),
    })) {
      if (metadata.getDatatype() !== 'ChaincodeDefinition') continue;
      const local = await this.localChaincode(channelId, name, snapshot);
      if (local !== undefined) found.push(local);
    }
    return found;
  }

  async #cachedDefinition(
    channelId: string,
    name: string,
    snapshot: StateSnapshot,
  ): Promise<CachedDefinition | undefined> {
    const sequence = await snapshot.get(LIFECYCLE_NAMESPACE, fieldKey(NAMESPACES, name, 'Sequence'));
    if (sequence === undefined) return undefined;
    const key = `${channelId}/${name}`;
    const cached = this.#cache.get(key);
    if (cached?.version.block === sequence.version.block && cached.version.tx === sequence.version.tx)
      return cached;
    const definition = await committedDefinition(snapshot, name);
    if (definition === undefined) return undefined;
    const fresh = { version: sequence.version, definition, approved: false };
    this.#cache.set(key, fresh);
    return fresh;
  }
}

async function stateRange(snapshot: StateSnapshot, prefix: string): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for await (const { key, value } of snapshot.range(LIFECYCLE_NAMESPACE, prefix, `${prefix}\x7f`)) {
    found.set(key, value);
  }
  return found;
}
