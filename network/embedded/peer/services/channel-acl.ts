import type { PeerChannel } from '../channel';

/** Bytes, their signature and the serialized identity that made it. */
export interface SignedBytes {
  readonly identity: Uint8Array;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/** Resources of this peer's streaming services; each defaults to the channel's Readers (core/aclmgmt). */
export type ReaderResource =
  'event/Block' | 'event/FilteredBlock' | 'gateway/CommitStatus' | 'gateway/ChaincodeEvents';

const DEFAULT_POLICY = '/Channel/Application/Readers';

/**
 * Checks that the signer may use a resource of a channel: by the policy the channel's configuration names for it,
 * else by the channel's Readers. Throws with the text of core/aclmgmt and core/policy when not.
 */
export function checkChannelAcl(
  channel: PeerChannel | undefined,
  channelId: string,
  resource: ReaderResource,
  signed: SignedBytes,
): void {
  if (channelId === '') {
    throw new Error(
      'Invalid channel ID name during check policy on signed data. Name must be different from nil.',
    );
  }
  if (channel === undefined) throw new Error(`Failed to get policy manager for channel [${channelId}]`);
  const config = channel.config();
  const configured = absolutePath(config.acls().get(resource));
  const policy = configured ?? DEFAULT_POLICY;
  const { satisfied, message } = config.policy(policy).evaluate([signed]);
  if (satisfied) return;
  throw new Error(
    configured === undefined
      ? `Failed evaluating policy on signed data during check policy on channel [${channelId}] with policy [${policy}]: [${message}]`
      : message,
  );
}

/** Policies named without a leading slash are those of the application group (common/channelconfig/acls.go). */
function absolutePath(policy: string | undefined): string | undefined {
  return policy === undefined || policy.startsWith('/') ? policy : `/Channel/Application/${policy}`;
}
