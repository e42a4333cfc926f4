import { common } from '@hyperledger/fabric-protos';
import { formatPolicy } from '../../../network/protocol/policy';
import { parsePrincipal } from '../../../network/protocol/principal';
import { listed } from './problem-sources';

/** Every policy of a channel configuration by its path, as a rule one can read. */
export function policiesInWords(config: common.Config): Record<string, string> {
  const found: Record<string, string> = {};
  const root = config.getChannelGroup();
  if (root) collect(root, '/Channel', found);
  return found;
}

function collect(group: common.ConfigGroup, path: string, found: Record<string, string>): void {
  for (const [name, entry] of group.getPoliciesMap().entries()) {
    const policy = entry.getPolicy();
    if (policy) found[`${path}/${name}`] = inWords(policy);
  }
  for (const [name, entry] of group.getGroupsMap().entries()) {
    collect(entry, `${path}/${name}`, found);
  }
}

function inWords(policy: common.Policy): string {
  const bytes = policy.getValue_asU8();
  switch (policy.getType()) {
    case common.Policy.PolicyType.SIGNATURE:
      return formatPolicy(common.SignaturePolicyEnvelope.deserializeBinary(bytes));
    case common.Policy.PolicyType.IMPLICIT_META: {
      const meta = common.ImplicitMetaPolicy.deserializeBinary(bytes);
      const rule = Object.entries(common.ImplicitMetaPolicy.Rule).find(
        ([, value]) => value === meta.getRule(),
      );
      return `${rule?.[0] ?? meta.getRule()} of ${meta.getSubPolicy()}`;
    }
    default:
      return `a policy of type ${policy.getType()}`;
  }
}

/**
 * Whose signatures a policy needs, by organization: `A and (B or C)`, `2 of A, B and C`.
 * @param nameOf name of an organization by its MSP id
 */
export function signaturePolicyInWords(
  envelope: common.SignaturePolicyEnvelope,
  nameOf: (mspId: string) => string,
): string {
  const signers = envelope.getIdentitiesList().map((identity) => {
    const principal = parsePrincipal(identity);
    return 'mspId' in principal ? nameOf(principal.mspId) : 'someone else';
  });
  const rule = envelope.getRule();
  return rule ? ruleInWords(rule, signers) : 'nobody';
}

function ruleInWords(rule: common.SignaturePolicy, signers: readonly string[]): string {
  const gate = rule.getNOutOf();
  if (!gate) return signers[rule.getSignedBy()] ?? 'nobody';
  const inner = gate.getRulesList();
  const parts = inner.map((one) => {
    const words = ruleInWords(one, signers);
    return (one.getNOutOf()?.getRulesList().length ?? 1) > 1 && inner.length > 1 ? `(${words})` : words;
  });
  if (gate.getN() === inner.length) return listed(parts);
  return gate.getN() === 1 ? listed(parts, 'or') : `${gate.getN()} of ${listed(parts)}`;
}
