import { type common, peer } from '@hyperledger/fabric-protos';
import { ChannelConfig } from '../../../network/protocol/channel-config';
import { formatPolicy } from '../../../network/protocol/policy';
import { parsePrincipal } from '../../../network/protocol/principal';
import type { EndorsementPolicies, EndorsementPolicy } from '../../core/ports/node-inspection';
import { problem } from '../../core/problem';
import type { LocalNetwork } from '../runtime/local-network';
import { signaturePolicyInWords } from '../../../network/protocol/explanation/signature-policy-words';
import { translated } from './problems';

const ASK_MS = 3_000;

/** Policies as the channel's peers have committed them, evaluated over peers that would be asked. */
export class CommittedPolicies implements EndorsementPolicies {
  constructor(private readonly network: LocalNetwork) {}

  async of(channel: string, contract: string): Promise<EndorsementPolicy> {
    const { envelope, text } = await this.#committed(channel, contract);
    return policyOf(envelope, text);
  }

  /** Who has to endorse: `ParkingOperator and (UserService or CityManagement)`. Throws ProblemError. */
  async inWords(channel: string, contract: string): Promise<string> {
    const { envelope } = await this.#committed(channel, contract);
    return signaturePolicyInWords(
      envelope,
      (mspId) =>
        this.network.declared.organizations.find((organization) => organization.mspId === mspId)?.name ??
        mspId,
    );
  }

  async #committed(
    channel: string,
    contract: string,
  ): Promise<{ envelope: common.SignaturePolicyEnvelope; text: string }> {
    const clients = await this.network.clients();
    let failure: unknown;
    for (const node of clients.directory.peersOfChannel(channel)) {
      try {
        return await translated(this.network, async () => {
          const admin = await clients.directory.adminOfNode(node.name);
          const limits = { timeoutMs: ASK_MS };
          const found = await clients.lifecycle.queryCommitted(node, admin, channel, contract, limits);
          if (!found) {
            throw problem('UNKNOWN_CONTRACT', { title: `${contract} is not committed on ${channel}.` });
          }
          const policy = peer.ApplicationPolicy.deserializeBinary(found.validationParameter);
          const signature = policy.getSignaturePolicy();
          if (signature) return { envelope: signature, text: formatPolicy(signature) };
          // A reference to a policy of the channel, e.g. /Channel/Application/Endorsement.
          const reference = policy.getChannelConfigPolicyReference();
          const config = await clients.channels.channelConfig(node, admin, channel, limits);
          const referred = ChannelConfig.fromConfig(channel, config).policy(reference);
          return { envelope: referred.toSignaturePolicy(), text: referred.describe() };
        });
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }
}

/** Exported for its tests. */
export function policyOf(envelope: common.SignaturePolicyEnvelope, text: string): EndorsementPolicy {
  const principals = envelope.getIdentitiesList().map(parsePrincipal);
  const organizations = principals.map((principal) =>
    principal.kind === 'role' && (principal.role === 'peer' || principal.role === 'member')
      ? principal.mspId
      : undefined,
  );
  return {
    text,
    satisfiedBy: (peers) => satisfied(envelope.getRule(), organizations, new Map(peers)),
  };
}

/**
 * As a signature policy is evaluated (common/cauthdsl): each endorsement counts once, and only what satisfied a rule
 * is used up. `left` is how many peers of each MSP have not endorsed yet.
 */
function satisfied(
  rule: common.SignaturePolicy | undefined,
  organizations: readonly (string | undefined)[],
  left: Map<string, number>,
): boolean {
  const gate = rule?.getNOutOf();
  if (gate) {
    let verified = 0;
    for (const inner of gate.getRulesList()) {
      const attempt = new Map(left);
      if (!satisfied(inner, organizations, attempt)) continue;
      verified += 1;
      for (const [mspId, count] of attempt) left.set(mspId, count);
    }
    return verified >= gate.getN();
  }
  // A rule without either is one that nobody satisfies; so are roles that no peer has.
  const mspId = rule?.hasSignedBy() ? organizations[rule.getSignedBy()] : undefined;
  const count = mspId === undefined ? 0 : (left.get(mspId) ?? 0);
  if (mspId === undefined || count === 0) return false;
  left.set(mspId, count - 1);
  return true;
}
