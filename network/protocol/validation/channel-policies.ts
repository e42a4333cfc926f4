import type { peer } from '@hyperledger/fabric-protos';
import type { Identity } from '../identity';
import { applicationPolicy, applicationPolicyOf } from '../application-policy';
import type { ChannelConfig } from '../channel-config';
import { parsePolicy, PolicyError, signaturePolicyFromBytes, type Policy } from '../policy';
import { WireError } from '../wire';
import { implicitCollectionOwner, type ChaincodeDefinition } from '../lifecycle/definition';
import { LIFECYCLE_NAMESPACE } from '../lifecycle/state';

const LIFECYCLE_ENDORSEMENT = '/Channel/Application/LifecycleEndorsement';

/** What a policy asked for and who had signed. */
export interface UnmetPolicy {
  readonly namespace: string;
  /** Of private data. */
  readonly collection: string | undefined;
  /** Where the key has a policy of its own; of private data the key's hash in hex. */
  readonly key: string | undefined;
  readonly policy: Policy;
  /** Endorsers whose signatures verify. */
  readonly had: readonly Pick<Identity, 'mspId' | 'principalName'>[];
}

/** Endorsements that cannot satisfy a policy, and why. */
export class EndorsementPolicyError extends Error {
  override readonly name = 'EndorsementPolicyError';
  /** Absent where there is no policy that could be held against them. */
  readonly unmet: UnmetPolicy | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly unmet?: UnmetPolicy }) {
    super(message, options);
    this.unmet = options?.unmet;
  }
}

/** The policies endorsements are held against under one channel configuration, each compiled once. */
export class ChannelPolicies {
  readonly #compiled = new Map<string, Policy>();

  constructor(readonly channel: ChannelConfig) {}

  /**
   * A serialized peer.ApplicationPolicy. Throws EndorsementPolicyError if it cannot be evaluated, which invalidates the
   * transaction (core/policy/application.go).
   */
  application(serialized: Uint8Array): Policy {
    return this.#compile('application', serialized, () => applicationPolicy(serialized, this.channel));
  }

  /** A serialized common.SignaturePolicyEnvelope, as key-level policies are. Throws EndorsementPolicyError. */
  signature(serialized: Uint8Array): Policy {
    return this.#compile('signature', serialized, () =>
      signaturePolicyFromBytes(serialized, this.channel.msps),
    );
  }

  /** The policy of `_lifecycle` itself (lifecycle.go LifecycleEndorsementPolicyAsBytes), serialized. */
  lifecycle(): Uint8Array {
    if (this.channel.hasPolicy(LIFECYCLE_ENDORSEMENT)) {
      return applicationPolicyOf({ reference: LIFECYCLE_ENDORSEMENT }).serializeBinary();
    }
    const members = this.channel.organizations().map(({ mspId }) => `'${mspId}.member'`);
    const majority = Math.floor(members.length / 2) + 1;
    return applicationPolicyOf(parsePolicy(`OutOf(${majority}, ${members.join(', ')})`)).serializeBinary();
  }

  /**
   * The policy of a collection, serialized; empty when that of its chaincode holds. Throws EndorsementPolicyError for
   * a collection that does not exist (deployedcc_infoprovider.go CollectionValidationInfo).
   */
  collection(namespace: string, definition: ChaincodeDefinition | undefined, collection: string): Uint8Array {
    const owner = implicitCollectionOwner(collection);
    if (owner !== undefined) return this.#implicitCollection(owner);
    const config =
      namespace === LIFECYCLE_NAMESPACE ? undefined : definition && staticCollection(definition, collection);
    if (config === undefined) throw new EndorsementPolicyError(`no such collection '${collection}'`);
    return (
      config.getEndorsementPolicy()?.serializeBinary() ?? definition?.endorsementPolicy ?? new Uint8Array()
    );
  }

  #implicitCollection(owner: string): Uint8Array {
    const organization = this.channel.organizations().find(({ mspId }) => mspId === owner);
    if (organization === undefined) {
      throw new EndorsementPolicyError(`no org found in channel with MSPID '${owner}'`);
    }
    const reference = `/Channel/Application/${organization.name}/Endorsement`;
    if (this.channel.hasPolicy(reference)) return applicationPolicyOf({ reference }).serializeBinary();
    return applicationPolicyOf(parsePolicy(`OR('${owner}.member')`)).serializeBinary();
  }

  #compile(kind: string, serialized: Uint8Array, compile: () => Policy): Policy {
    const key = `${kind}:${Buffer.from(serialized).toString('latin1')}`;
    let policy = this.#compiled.get(key);
    if (policy === undefined) {
      try {
        policy = compile();
      } catch (cause) {
        if (!(cause instanceof PolicyError) && !(cause instanceof WireError)) throw cause;
        throw new EndorsementPolicyError(cause.message, { cause });
      }
      this.#compiled.set(key, policy);
    }
    return policy;
  }
}

/** A collection as a definition declares it. */
export function staticCollection(
  definition: ChaincodeDefinition,
  collection: string,
): peer.StaticCollectionConfig | undefined {
  return definition.collections
    ?.getConfigList()
    .map((config) => config.getStaticCollectionConfig())
    .find((config) => config?.getName() === collection);
}
