import { status as Code, type ServerWritableStream } from '@grpc/grpc-js';
import { common, gateway, orderer, peer } from '@hyperledger/fabric-protos';
import { transactionsFilter } from '../../../protocol/block';
import { chaincodeEventOf } from '../../../protocol/chaincode-event';
import { VALID } from '../../../protocol/validation-code';
import { decodeMessage, MALFORMED } from '../../../protocol/wire';
import type { ChannelLedger } from '../ledger/types';
import { committedBlock, writeTo } from '../services/block-stream';
import type { GatewayContext } from './gateway';
import { GatewayStatus, messageOf } from './status';

type EventsCall = ServerWritableStream<gateway.SignedChaincodeEventsRequest, gateway.ChaincodeEventsResponse>;

/**
 * Streams the events one chaincode emitted, block by block and in transaction order, blocks without any left out
 * (internal/pkg/gateway/chaincodeevents.go). Runs until the client goes away. Throws GatewayStatus.
 */
export async function chaincodeEvents(
  context: GatewayContext,
  call: EventsCall,
  signal: AbortSignal,
): Promise<void> {
  const bytes = call.request.getRequest_asU8();
  if (bytes.length === 0) {
    throw new GatewayStatus(Code.INVALID_ARGUMENT, 'a chaincode events request is required');
  }
  let request: gateway.ChaincodeEventsRequest;
  try {
    request = decodeMessage(gateway.ChaincodeEventsRequest, bytes, 'ChaincodeEventsRequest');
  } catch {
    throw new GatewayStatus(Code.INVALID_ARGUMENT, `invalid chaincode events request: ${MALFORMED}`);
  }
  const channelId = request.getChannelId();
  const channel = context.peer.channel(channelId);
  try {
    context.accessControl.checkSigned('gateway/ChaincodeEvents', channelId, {
      identity: request.getIdentity_asU8(),
      data: bytes,
      signature: call.request.getSignature_asU8(),
    });
  } catch (error) {
    throw new GatewayStatus(Code.PERMISSION_DENIED, messageOf(error));
  }
  if (channel === undefined) throw new GatewayStatus(Code.NOT_FOUND, `channel does not exist: ${channelId}`);

  const matches = eventMatcher(request);
  for (let number = await startBlock(channel.ledger, request); !signal.aborted; number += 1) {
    const events = validEvents(await nextBlock(channel.ledger, number, signal)).filter(matches);
    if (events.length === 0) continue;
    const response = new gateway.ChaincodeEventsResponse();
    response.setBlockNumber(number);
    response.setEventsList(events);
    await writeTo(call, response, signal);
  }
}

async function nextBlock(ledger: ChannelLedger, number: number, signal: AbortSignal): Promise<common.Block> {
  try {
    return await committedBlock(ledger, number, signal);
  } catch (error) {
    throw new GatewayStatus(signal.aborted ? Code.CANCELLED : Code.ABORTED, messageOf(error));
  }
}

/** Everything up to and including the transaction named as already seen is skipped, whatever chaincode it is of. */
function eventMatcher(request: gateway.ChaincodeEventsRequest): (event: peer.ChaincodeEvent) => boolean {
  const chaincode = request.getChaincodeId();
  const seen = request.getAfterTransactionId();
  let passed = seen === '';
  return (event) => {
    if (passed) return event.getChaincodeId() === chaincode;
    passed = event.getTxId() === seen;
    return false;
  };
}

async function startBlock(ledger: ChannelLedger, request: gateway.ChaincodeEventsRequest): Promise<number> {
  const after = request.getAfterTransactionId();
  if (after !== '') {
    const number = (await ledger.outcome(after))?.block;
    if (number !== undefined) return number;
  }
  const position = request.getStartPosition();
  switch (position?.getTypeCase()) {
    case undefined:
    case orderer.SeekPosition.TypeCase.TYPE_NOT_SET:
    case orderer.SeekPosition.TypeCase.NEXT_COMMIT:
      return ledger.height;
    case orderer.SeekPosition.TypeCase.SPECIFIED:
      return position?.getSpecified()?.getNumber() ?? 0;
    case orderer.SeekPosition.TypeCase.OLDEST:
      throw invalidStart('*orderer.SeekPosition_Oldest');
    case orderer.SeekPosition.TypeCase.NEWEST:
      throw invalidStart('*orderer.SeekPosition_Newest');
  }
}

function invalidStart(type: string): GatewayStatus {
  return new GatewayStatus(Code.INVALID_ARGUMENT, `invalid start position type: ${type}`);
}

/** Events of a block's valid transactions, in their order. */
export function validEvents(block: common.Block): peer.ChaincodeEvent[] {
  const codes = transactionsFilter(block);
  return (block.getData()?.getDataList_asU8() ?? []).flatMap((bytes, index) =>
    codes[index] === VALID ? eventsOf(bytes) : [],
  );
}

function eventsOf(envelopeBytes: Uint8Array): peer.ChaincodeEvent[] {
  const envelope = decodeMessage(common.Envelope, envelopeBytes, 'Envelope');
  const payload = decodeMessage(common.Payload, envelope.getPayload_asU8(), 'Payload');
  const header = decodeMessage(
    common.ChannelHeader,
    payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
    'ChannelHeader',
  );
  if (header.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return [];
  return decodeMessage(peer.Transaction, payload.getData_asU8(), 'Transaction')
    .getActionsList()
    .map(eventOfAction)
    .filter((event) => event !== undefined);
}

/** The event of one action, undefined when it has none; a malformed one counts as none, as genuinely. */
export function eventOfAction(action: peer.TransactionAction): peer.ChaincodeEvent | undefined {
  try {
    const event = chaincodeEventOf(action);
    const complete = event.getChaincodeId() !== '' && event.getEventName() !== '' && event.getTxId() !== '';
    return complete ? event : undefined;
  } catch {
    return undefined;
  }
}
