import { common } from '@hyperledger/fabric-protos';
import { endorsedBytes } from '../proposal';
import { validIdentities, type Policy } from '../policy';
import type { Identity } from '../msp';
import { decodeMessage, WireError } from '../wire';
import { metadataEntry, VALIDATION_PARAMETER } from './key-metadata';
import type { NamespaceSet } from '../read-write-set';
import { MalformedMessage } from '../strict-decoder';
import type { BlockTransaction } from './block-transaction';
import type { EndorsedTransaction } from './transaction';
import type { ChaincodeDefinition } from '../lifecycle/definition';
import { EndorsementPolicyError, type ChannelPolicies, type UnmetPolicy } from './channel-policies';

/** Metadata of a committed key; of a private one by collection and key hash. */
export type CommittedMetadata = (
  namespace: string,
  collection: string,
  key: string,
) => Promise<Uint8Array | undefined>;

/** Checks that cannot be decided here: going on could part this peer from the others, so the channel halts. */
export class ValidationHalted extends Error {
  override readonly name = 'ValidationHalted';
}

/**
 * The built-in validation of endorsements for the transactions of one block, in their order: key-level policies where
 * keys have one, else the collection's, else the chaincode's.
 * Source: core/handlers/validation/builtin/v20, core/common/validation/statebased.
 */
export class EndorsementValidation {
  /** Keys whose policy an accepted transaction of this block changes: later ones may not write them. */
  readonly #changedPolicies = new Set<string>();
  readonly #endorsers = new WeakMap<EndorsedTransaction, readonly Identity[]>();

  constructor(
    private readonly policies: ChannelPolicies,
    private readonly metadata: CommittedMetadata,
  ) {}

  /** The endorsers of a transaction whose signatures verify. */
  endorsers(endorsed: EndorsedTransaction): readonly Identity[] {
    let endorsers = this.#endorsers.get(endorsed);
    if (endorsers === undefined) this.#endorsers.set(endorsed, (endorsers = this.#valid(endorsed)));
    return endorsers;
  }

  /** How many endorsers of a transaction were found to have signed it; undefined when it did not come that far. */
  proven(transaction: BlockTransaction): number | undefined {
    if (transaction.type !== common.HeaderType.ENDORSER_TRANSACTION) return undefined;
    try {
      return this.#endorsers.get(transaction.endorsed())?.length;
    } catch (cause) {
      if (cause instanceof MalformedMessage) return undefined;
      throw cause;
    }
  }

  #valid({ endorsements, proposalResponsePayload }: EndorsedTransaction): readonly Identity[] {
    const signed = endorsements.map(({ endorser, signature }) => ({
      identity: endorser,
      data: endorsedBytes(proposalResponsePayload, endorser),
      signature,
    }));
    return validIdentities(signed, this.policies.channel.msps).identities;
  }

  /**
   * Holds the endorsers against everything a transaction writes in one namespace.
   * Throws EndorsementPolicyError when they do not suffice, ValidationHalted on a policy that cannot be read.
   */
  async validate(
    namespace: string,
    chaincodePolicy: Uint8Array,
    definition: ChaincodeDefinition | undefined,
    sets: readonly NamespaceSet[],
    endorsers: readonly Identity[],
  ): Promise<void> {
    const checked = new Set<string>();
    const require = (policy: Policy, collection?: string, key?: string): void => {
      const { satisfied, reason } = policy.evaluateIdentities(endorsers);
      if (satisfied) return;
      const unmet = { namespace, collection, key, policy, had: endorsers };
      throw new EndorsementPolicyError(`endorsement policy of ${placeOf(unmet)} is not met: ${reason}`, {
        unmet,
      });
    };
    const chaincode = (): void => {
      if (checked.has('')) return;
      require(this.policies.application(chaincodePolicy));
      checked.add('');
    };
    let anyChecked = false;
    const written = sets.filter((set) => set.namespace === namespace).flatMap(writtenKeys);
    for (const { collection, key } of written) {
      const keyPolicy = await this.#keyPolicy(namespace, collection, key);
      if (keyPolicy !== undefined) {
        if (collection === '') require(keyPolicy, undefined, key);
        else require(keyPolicy, collection, Buffer.from(key, 'latin1').toString('hex'));
      } else if (collection === '') {
        chaincode();
      } else if (!checked.has(collection)) {
        const policy = this.policies.collection(namespace, definition, collection);
        if (policy.length === 0) {
          chaincode();
        } else {
          require(this.policies.application(policy), collection);
          checked.add(collection);
        }
      }
      anyChecked = true;
    }
    if (!anyChecked) chaincode();
    this.#notePolicyChanges(namespace, sets);
  }

  async #keyPolicy(namespace: string, collection: string, key: string): Promise<Policy | undefined> {
    if (this.#changedPolicies.has(keyId(namespace, collection, key))) {
      throw new EndorsementPolicyError(
        `validation parameters for key [${key}] in namespace [${namespace}:${collection}] have been changed in this block`,
      );
    }
    const stored = await this.metadata(namespace, collection, key);
    try {
      const policy = metadataEntry(stored, VALIDATION_PARAMETER);
      if (policy === undefined || policy.length === 0) return undefined;
      decodeMessage(common.SignaturePolicyEnvelope, policy, 'SignaturePolicyEnvelope');
      return this.policies.signature(policy);
    } catch (cause) {
      // Genuine peers halt, too, rather than decide by what is left (validator_keylevel.go checkSBAndCCEP).
      if (!(cause instanceof MalformedMessage) && !(cause instanceof WireError)) throw cause;
      throw new ValidationHalted(`metadata of key ${key} in ${namespace} cannot be read: ${cause.message}`, {
        cause,
      });
    }
  }

  #notePolicyChanges(namespace: string, sets: readonly NamespaceSet[]): void {
    for (const set of sets.filter((candidate) => candidate.namespace === namespace)) {
      for (const { key } of set.public.metadataWrites) this.#changedPolicies.add(keyId(namespace, '', key));
      for (const { collection, metadataWrites } of set.collections) {
        for (const { keyHash } of metadataWrites)
          this.#changedPolicies.add(keyId(namespace, collection, keyHash));
      }
    }
  }
}

function placeOf({ namespace, collection, key }: UnmetPolicy): string {
  if (key !== undefined) return `key ${key} of ${collection ?? namespace}`;
  return collection === undefined
    ? `chaincode ${namespace}`
    : `collection ${collection} of chaincode ${namespace}`;
}

function keyId(namespace: string, collection: string, key: string): string {
  return `${namespace}\0${collection}\0${key}`;
}

interface WrittenKey {
  /** Empty for public keys. */
  readonly collection: string;
  /** Key, or key hash as a latin1 string. */
  readonly key: string;
}

/** Every key a namespace's set writes, in the order genuine peers look at them. */
function writtenKeys({ public: publicSet, collections }: NamespaceSet): WrittenKey[] {
  const hashed = (kind: 'writes' | 'metadataWrites'): WrittenKey[] =>
    collections.flatMap((set) =>
      set[kind].map(({ keyHash }) => ({ collection: set.collection, key: keyHash })),
    );
  return [
    ...[...publicSet.writes, ...publicSet.metadataWrites].map(({ key }) => ({ collection: '', key })),
    ...hashed('writes'),
    ...hashed('metadataWrites'),
  ];
}
