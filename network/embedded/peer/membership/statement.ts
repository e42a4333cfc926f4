import { common } from '@hyperledger/fabric-protos';
import { createEnvelope, parseEnvelope } from '../../../protocol/envelope';
import type { Identity } from '../../../protocol/msp';
import { rolePrincipal } from '../../../protocol/principal';
import type { Signer } from '../../../protocol/signing';
import type { PeerChannel } from '../channel';
import { readStatementBody, writeMessage, type StatementBody, type StatementVersion } from './messages';

/** What a peer said about itself on a channel, believed because a valid peer of a member organization signed it. */
export interface Statement {
  readonly channelId: string;
  readonly identity: Identity;
  readonly body: StatementBody;
  /** The signed envelope, to be passed on. */
  readonly bytes: Uint8Array;
}

/** Names a peer: its organization and its address. Another organization's claim to the same address is another peer. */
export function peerKey(mspId: string, endpoint: string): string {
  return `${mspId} ${endpoint}`;
}

export function isNewer(one: StatementVersion, other: StatementVersion | undefined): boolean {
  return other === undefined || one[0] > other[0] || (one[0] === other[0] && one[1] > other[1]);
}

export function signStatement(signer: Signer, channelId: string, body: StatementBody): Uint8Array {
  return createEnvelope(signer, {
    type: common.HeaderType.MESSAGE,
    channelId,
    data: writeMessage(body),
  }).serializeBinary();
}

/**
 * Reads a statement. Undefined when it is about a channel this peer has not joined; throws when its signer is not a
 * valid peer of one of the channel's application organizations.
 */
export function readStatement(
  bytes: Uint8Array,
  channelOf: (channelId: string) => PeerChannel | undefined,
): Statement | undefined {
  const envelope = parseEnvelope(bytes);
  const channel = channelOf(envelope.channelHeader.getChannelId());
  if (channel === undefined) return undefined;
  const creator = envelope.signatureHeader.getCreator_asU8();
  const identity = memberPeer(channel, creator);
  if (!identity.verify(envelope.payload, envelope.signature)) {
    throw new Error(`a membership statement of ${identity.mspId} has a wrong signature`);
  }
  return { channelId: channel.id, identity, body: readStatementBody(envelope.data), bytes };
}

/** The identity behind the bytes, when it is a valid and unexpired peer of the channel; throws when not. */
export function memberPeer(channel: PeerChannel, serializedIdentity: Uint8Array): Identity {
  const config = channel.config();
  const identity = config.msps.deserializeIdentity(serializedIdentity);
  if (!config.organizations().some(({ mspId }) => mspId === identity.mspId)) {
    throw new Error(`${identity.mspId} is no application organization of channel ${channel.id}`);
  }
  identity.validate(new Date());
  const enforcesRoles = config.msps.msp(identity.mspId)?.enforcesNodeUnits === true;
  if (enforcesRoles) identity.checkPrincipal(rolePrincipal(identity.mspId, 'peer'));
  return identity;
}
