import { common } from '@hyperledger/fabric-protos';
import type { Identity, IdentityDeserializer } from './msp';
import { outOf, signedBy } from './policy-dsl';
import { parsePrincipal, principalName, type Principal } from './principal';
import { identityMspId } from './serialized-identity';
import { decodeMessage } from './wire';

export { formatPolicy, parsePolicy, PolicySyntaxError } from './policy-dsl';

/** A signature with what it covers and who is said to have made it. */
export interface SignedData {
  /** Serialized `msp.SerializedIdentity`. */
  readonly identity: Uint8Array;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

export interface PolicyResult {
  readonly satisfied: boolean;
  /** In words: what was needed and what was there. Empty when satisfied. */
  readonly reason: string;
  /** The error text of a genuine node (common/cauthdsl, common/policies). Empty when satisfied. */
  readonly message: string;
}

export interface Policy {
  /** Counts the signatures that are valid and whose signer is known; each signer counts once. */
  evaluate(signed: readonly SignedData[]): PolicyResult;
  /** As evaluate, for identities whose signatures were checked before. */
  evaluateIdentities(identities: readonly Identity[]): PolicyResult;
  /** What the policy asks for, in words. */
  describe(): string;
  /** The same as a signature policy (common/policies/convert.go), as discovery and the gateway need it. */
  toSignaturePolicy(): common.SignaturePolicyEnvelope;
}

const SATISFIED: PolicyResult = { satisfied: true, reason: '', message: '' };

/** A policy text or configuration that cannot be evaluated at all. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

export interface ValidIdentities {
  readonly identities: readonly Identity[];
  /** Why signatures were left out, in words. */
  readonly rejected: readonly string[];
}

/**
 * Identities whose signatures verify, without repeats, in order (common/policies SignatureSetToValidIdentities).
 * They are not validated: each principal does that.
 */
export function validIdentities(
  signed: readonly SignedData[],
  deserializer: IdentityDeserializer,
): ValidIdentities {
  const identities: Identity[] = [];
  const rejected: string[] = [];
  const seen = new Set<string>();
  for (const { identity: bytes, data, signature } of signed) {
    let identity: Identity;
    try {
      identity = deserializer.deserializeIdentity(bytes);
    } catch (error) {
      const owner = identityMspId(bytes);
      rejected.push(
        `an identity of ${owner === '' ? 'no MSP' : owner} is not accepted (${messageOf(error)})`,
      );
      continue;
    }
    const key = identity.mspId + identity.id;
    if (seen.has(key)) continue;
    if (!identity.verify(data, signature)) {
      rejected.push(`the signature of ${identity.principalName} is invalid`);
      continue;
    }
    seen.add(key);
    identities.push(identity);
  }
  return { identities, rejected };
}

/** Rule of a compiled signature policy. `used` marks identities that count already; it changes only on success. */
interface Rule {
  evaluate(identities: readonly Identity[], used: boolean[]): boolean;
  describe(nested: boolean): string;
}

/**
 * A signature policy (common/cauthdsl). Throws PolicyError when its version is not 0 or it refers to a principal it
 * does not have.
 */
export function signaturePolicy(
  envelope: common.SignaturePolicyEnvelope,
  deserializer: IdentityDeserializer,
): Policy {
  if (envelope.getVersion() !== 0) {
    throw new PolicyError(
      `This evaluator only understands messages of version 0, but version was ${envelope.getVersion()}`,
    );
  }
  const principals = envelope.getIdentitiesList().map(parsePrincipal);
  const rule = compileRule(envelope.getRule(), principals);
  const evaluateIdentities = (
    identities: readonly Identity[],
    rejected: readonly string[] = [],
  ): PolicyResult => {
    if (rule.evaluate(identities, new Array<boolean>(identities.length).fill(false))) return SATISFIED;
    return {
      satisfied: false,
      reason: `needs ${rule.describe(false)}; ${presence(identities, rejected)}`,
      message: 'signature set did not satisfy policy',
    };
  };
  return {
    evaluate: (signed) => {
      const { identities, rejected } = validIdentities(signed, deserializer);
      return evaluateIdentities(identities, rejected);
    },
    evaluateIdentities: (identities) => evaluateIdentities(identities),
    describe: () => rule.describe(false),
    toSignaturePolicy: () => envelope,
  };
}

function compileRule(rule: common.SignaturePolicy | undefined, principals: readonly Principal[]): Rule {
  if (rule === undefined) throw new PolicyError('Empty policy element');
  const gate = rule.getNOutOf();
  if (gate !== undefined) {
    return gateRule(
      gate.getN(),
      gate.getRulesList().map((inner) => compileRule(inner, principals)),
    );
  }
  if (!rule.hasSignedBy()) throw new PolicyError('Unknown type of policy element');
  const index = rule.getSignedBy();
  const principal = principals[index];
  if (principal === undefined) {
    throw new PolicyError(
      `identity index out of range, requested ${index}, but identities length is ${principals.length}`,
    );
  }
  return signedByRule(principal);
}

function signedByRule(principal: Principal): Rule {
  return {
    evaluate: (identities, used) => {
      const index = identities.findIndex(
        (identity, at) => used[at] === false && identity.satisfies(principal),
      );
      if (index < 0) return false;
      used[index] = true;
      return true;
    },
    describe: () => principalName(principal),
  };
}

function gateRule(count: number, rules: readonly Rule[]): Rule {
  return {
    evaluate: (identities, used) => {
      let verified = 0;
      for (const rule of rules) {
        const attempt = [...used];
        if (!rule.evaluate(identities, attempt)) continue;
        verified++;
        for (const [index, isUsed] of attempt.entries()) used[index] = isUsed;
      }
      return verified >= count;
    },
    describe: (nested) => {
      const parts = rules.map((rule) => rule.describe(rules.length > 1));
      const [only] = parts;
      if (parts.length === 1 && count === 1 && only !== undefined) return only;
      if (count === parts.length) return nested ? `(${parts.join(' and ')})` : parts.join(' and ');
      if (count === 1) return `one of ${listed(parts, nested)}`;
      return `${count} of ${listed(parts, nested)}`;
    },
  };
}

function listed(parts: readonly string[], nested: boolean): string {
  return nested ? `(${parts.join(', ')})` : parts.join(', ');
}

function presence(identities: readonly Identity[], rejected: readonly string[]): string {
  const had = identities.length === 0 ? 'had no valid signature' : `had ${counted(identities)}`;
  return [had, ...rejected].join('; ');
}

function counted(identities: readonly Identity[]): string {
  const counts = new Map<string, number>();
  for (const identity of identities) {
    let name = identity.principalName;
    try {
      identity.validate();
    } catch (error) {
      name = `${name}, which is not valid (${messageOf(error)})`;
    }
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`)).join(', ');
}

/** A policy of a group below the one an implicit policy stands in. */
export interface SubPolicy {
  readonly group: string;
  readonly policy: Policy;
}

/**
 * An implicit meta policy: any, all or a majority of the policies of one name in the groups below
 * (common/policies/implicitmeta.go).
 */
export function implicitMetaPolicy(
  definition: common.ImplicitMetaPolicy,
  subPolicies: readonly SubPolicy[],
  deserializer: IdentityDeserializer,
): Policy {
  const name = definition.getSubPolicy();
  const threshold = thresholdOf(definition, subPolicies.length);
  const groups = subPolicies.map(({ group }) => group).join(', ');
  const describe = (): string => `${threshold} of the '${name}' policies of ${groups}`;
  const evaluateIdentities = (
    identities: readonly Identity[],
    rejected: readonly string[] = [],
  ): PolicyResult => {
    let satisfied = 0;
    const missing: string[] = [];
    for (const { group, policy } of subPolicies) {
      if (satisfied === threshold) break;
      if (policy.evaluateIdentities(identities).satisfied) satisfied++;
      else missing.push(`${group} needs ${policy.describe()}`);
    }
    if (satisfied === threshold) return SATISFIED;
    return {
      satisfied: false,
      reason: `needs ${describe()}, ${satisfied} satisfied; ${missing.join('; ')}; ${presence(identities, rejected)}`,
      message: `implicit policy evaluation failed - ${satisfied} sub-policies were satisfied, but this policy requires ${threshold} of the '${name}' sub-policies to be satisfied`,
    };
  };
  return {
    // The signatures are checked once for all groups: the result is that of genuine Fabric, which checks them again
    // for each group.
    evaluate: (signed) => {
      const { identities, rejected } = validIdentities(signed, deserializer);
      return evaluateIdentities(identities, rejected);
    },
    evaluateIdentities: (identities) => evaluateIdentities(identities),
    describe,
    toSignaturePolicy: () =>
      mergePolicies(
        threshold,
        subPolicies.map(({ policy }) => policy.toSignaturePolicy()),
      ),
  };
}

function thresholdOf(definition: common.ImplicitMetaPolicy, count: number): number {
  if (count === 0) return 0;
  const { Rule } = common.ImplicitMetaPolicy;
  const rule = definition.getRule();
  switch (rule) {
    case Rule.ANY:
      return 1;
    case Rule.ALL:
      return count;
    case Rule.MAJORITY:
      return Math.floor(count / 2) + 1;
    default:
      throw new PolicyError(`implicit meta policy has unknown rule ${String(rule)}`);
  }
}

/** n out of the given policies, their principals merged without repeats. */
function mergePolicies(
  count: number,
  policies: readonly common.SignaturePolicyEnvelope[],
): common.SignaturePolicyEnvelope {
  const merged = new common.SignaturePolicyEnvelope();
  const known = new Map<string, number>();
  const rules = policies.map((policy) => {
    const mapping = policy.getIdentitiesList().map((principal) => {
      const key = `${principal.getPrincipalClassification()} ${principal.getPrincipal_asB64()}`;
      const index = known.get(key) ?? known.size;
      if (index === known.size) merged.addIdentities(principal);
      known.set(key, index);
      return index;
    });
    return remap(policy.getRule(), mapping);
  });
  merged.setRule(outOf(count, rules));
  return merged;
}

function remap(rule: common.SignaturePolicy | undefined, mapping: readonly number[]): common.SignaturePolicy {
  if (rule === undefined) throw new PolicyError('Empty policy element');
  const gate = rule.getNOutOf();
  if (gate === undefined) return signedBy(mapping[rule.getSignedBy()] ?? -1);
  return outOf(
    gate.getN(),
    gate.getRulesList().map((inner) => remap(inner, mapping)),
  );
}

/** The policy under a name that does not exist: it refuses everyone (common/policies rejectPolicy). */
export function rejectPolicy(name: string): Policy {
  const message = `no such policy: '${name}'`;
  const result: PolicyResult = { satisfied: false, reason: message, message };
  return {
    evaluate: () => result,
    evaluateIdentities: () => result,
    describe: () => `a policy '${name}', which does not exist`,
    toSignaturePolicy: () => {
      throw new PolicyError(message);
    },
  };
}

/** Reads a serialized signature policy. Throws WireError or PolicyError. */
export function signaturePolicyFromBytes(bytes: Uint8Array, deserializer: IdentityDeserializer): Policy {
  return signaturePolicy(
    decodeMessage(common.SignaturePolicyEnvelope, bytes, 'SignaturePolicyEnvelope'),
    deserializer,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
