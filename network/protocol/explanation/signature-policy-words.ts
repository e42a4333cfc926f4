import type { common } from '@hyperledger/fabric-protos';
import { parsePrincipal } from '../principal';
import { listed } from './listed';

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
