import { status as Code } from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import { decodeMessage, MALFORMED } from '../../../protocol/wire';
import { untilAborted } from './call-scope';
import type { GatewayContext } from './gateway';
import { GatewayStatus, messageOf } from './status';

/**
 * The validation code of a transaction and its block, as soon as this peer has committed it
 * (internal/pkg/gateway/commitstatus.go). Throws GatewayStatus.
 */
export async function commitStatus(
  context: GatewayContext,
  signed: gateway.SignedCommitStatusRequest,
  signal: AbortSignal,
): Promise<gateway.CommitStatusResponse> {
  const bytes = signed.getRequest_asU8();
  if (bytes.length === 0)
    throw new GatewayStatus(Code.INVALID_ARGUMENT, 'a commit status request is required');
  let request: gateway.CommitStatusRequest;
  try {
    request = decodeMessage(gateway.CommitStatusRequest, bytes, 'CommitStatusRequest');
  } catch {
    throw new GatewayStatus(Code.INVALID_ARGUMENT, `invalid status request: ${MALFORMED}`);
  }

  const channelId = request.getChannelId();
  const channel = context.peer.channel(channelId);
  try {
    context.accessControl.checkSigned('gateway/CommitStatus', channelId, {
      identity: request.getIdentity_asU8(),
      data: bytes,
      signature: signed.getSignature_asU8(),
    });
  } catch (error) {
    throw new GatewayStatus(Code.PERMISSION_DENIED, messageOf(error));
  }
  if (channel === undefined) throw new GatewayStatus(Code.ABORTED, `channel does not exist: ${channelId}`);

  const waiting = context.outcomes.outcome(channel.ledger, request.getTransactionId(), signal);
  const { code, block } = await untilAborted(
    waiting,
    signal,
    () => new GatewayStatus(Code.DEADLINE_EXCEEDED, 'context deadline exceeded'),
  );
  const response = new gateway.CommitStatusResponse();
  response.setResult(code);
  response.setBlockNumber(block);
  return response;
}
