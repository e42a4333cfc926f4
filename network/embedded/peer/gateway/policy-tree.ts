import { peer, type common, type msp } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from '../../../protocol/channel-config';
import { principal, type PrincipalTree } from './principal-sets';

const UNSATISFIABLE: PrincipalTree = { n: 1, rules: [] };

/**
 * An endorsement policy as a tree of principals: a signature policy as it stands, a reference by what the channel's
 * configuration says under its path. Throws when it can be read as neither.
 */
export function applicationPolicyTree(config: ChannelConfig, policy: peer.ApplicationPolicy): PrincipalTree {
  const { TypeCase } = peer.ApplicationPolicy;
  switch (policy.getTypeCase()) {
    case TypeCase.SIGNATURE_POLICY: {
      const signaturePolicy = policy.getSignaturePolicy();
      if (signaturePolicy === undefined) throw new Error('unsupported policy type');
      return signaturePolicyTree(signaturePolicy);
    }
    case TypeCase.CHANNEL_CONFIG_POLICY_REFERENCE:
      return configPolicyTree(config, policy.getChannelConfigPolicyReference());
    case TypeCase.TYPE_NOT_SET:
      throw new Error('unsupported policy type');
  }
}

/** The policy at an absolute path such as /Channel/Application/Endorsement, implicit meta policies resolved. */
export function configPolicyTree(config: ChannelConfig, path: string): PrincipalTree {
  if (!config.hasPolicy(path)) throw new Error(`could not retrieve policy for reference '${path}'`);
  return signaturePolicyTree(config.policy(path).toSignaturePolicy());
}

export function signaturePolicyTree(envelope: common.SignaturePolicyEnvelope): PrincipalTree {
  const rule = envelope.getRule();
  if (rule === undefined || envelope.getIdentitiesList().length === 0) {
    throw new Error('Invalid policy, either Identities or Rule are empty');
  }
  return ruleTree(rule, envelope.getIdentitiesList());
}

function ruleTree(rule: common.SignaturePolicy, identities: readonly msp.MSPPrincipal[]): PrincipalTree {
  const nOutOf = rule.getNOutOf();
  if (nOutOf !== undefined) {
    return { n: nOutOf.getN(), rules: nOutOf.getRulesList().map((inner) => ruleTree(inner, identities)) };
  }
  const identity = identities[rule.getSignedBy()];
  return identity === undefined ? UNSATISFIABLE : { principal: principal(identity) };
}
