import { common, peer } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from './channel-config';
import { PolicyError, signaturePolicy, type Policy } from './policy';
import { formatPolicy } from './policy-dsl';
import { decodeMessage } from './wire';

/**
 * The policy a chaincode or collection names (core/policy/application.go): a signature policy of its own, or one of
 * the channel configuration. Throws PolicyError when it is neither or the reference leads nowhere.
 */
export function applicationPolicy(
  source: Uint8Array | peer.ApplicationPolicy,
  channel: ChannelConfig,
): Policy {
  const definition =
    source instanceof Uint8Array
      ? decodeMessage(peer.ApplicationPolicy, source, 'ApplicationPolicy')
      : source;
  const signature = definition.getSignaturePolicy();
  if (signature !== undefined) return signaturePolicy(signature, channel.msps);
  if (definition.getTypeCase() !== peer.ApplicationPolicy.TypeCase.CHANNEL_CONFIG_POLICY_REFERENCE) {
    throw new PolicyError('unsupported policy type: neither a signature policy nor a reference');
  }
  const reference = definition.getChannelConfigPolicyReference();
  if (!channel.hasPolicy(reference))
    throw new PolicyError(`failed to retrieve policy for reference ${reference}`);
  return channel.policy(reference);
}

/** An application policy from its parts, as lifecycle stores it. */
export function applicationPolicyOf(
  policy: common.SignaturePolicyEnvelope | { readonly reference: string },
): peer.ApplicationPolicy {
  const definition = new peer.ApplicationPolicy();
  if (policy instanceof common.SignaturePolicyEnvelope) definition.setSignaturePolicy(policy);
  else definition.setChannelConfigPolicyReference(policy.reference);
  return definition;
}

/** An application policy as text: the policy language, or the path of a policy of the channel configuration. */
export function formatApplicationPolicy(source: Uint8Array | peer.ApplicationPolicy): string {
  const definition =
    source instanceof Uint8Array
      ? decodeMessage(peer.ApplicationPolicy, source, 'ApplicationPolicy')
      : source;
  const signature = definition.getSignaturePolicy();
  return signature === undefined ? definition.getChannelConfigPolicyReference() : formatPolicy(signature);
}
