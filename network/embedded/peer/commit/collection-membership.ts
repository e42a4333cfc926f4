import type { ChannelConfig } from '../../../protocol/channel-config';
import { signaturePolicy } from '../../../protocol/policy';
import { implicitCollectionOwner } from '../../../protocol/lifecycle/definition';
import { staticCollection } from '../../../protocol/validation/channel-policies';
import type { CommittedDefinitions } from '../../../protocol/validation/definitions';

/** Who this peer is, as collections' member policies see it. */
export interface LocalMember {
  readonly mspId: string;
  /** Its serialized identity. */
  readonly creator: Uint8Array;
}

/** Whether this peer may hold the values of a collection (core/common/privdata AccessFilter of the peer itself). */
export async function isMember(
  local: LocalMember,
  channel: ChannelConfig,
  definitions: CommittedDefinitions,
  namespace: string,
  collection: string,
): Promise<boolean> {
  const owner = implicitCollectionOwner(collection);
  if (owner !== undefined) return owner === local.mspId;
  const definition = await definitions.get(namespace);
  const config = definition && staticCollection(definition, collection);
  const members = config?.getMemberOrgsPolicy()?.getSignaturePolicy();
  if (members === undefined) return false;
  const self = channel.msps.deserializeIdentity(local.creator);
  return signaturePolicy(members, channel.msps).evaluateIdentities([self]).satisfied;
}
