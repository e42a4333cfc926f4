import { common } from '@hyperledger/fabric-protos';
import { formatPolicy } from '../../../network/protocol/policy';

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
