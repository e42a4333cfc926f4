import { common, peer } from '@hyperledger/fabric-protos';
import { transactionsFilter } from '../../../protocol/block';
import { chaincodeEventOf } from '../../../protocol/chaincode-event';
import { validationCode } from '../../../protocol/validation-code';
import { decodeMessage } from '../../../protocol/wire';

const { HeaderType } = common;

/**
 * A block cut down to transaction ids, types, validation codes and events without payload
 * (core/peer/deliverevents.go toFilteredBlock). Throws when a transaction can't be read.
 */
export function filteredBlock(block: common.Block): peer.FilteredBlock {
  const filtered = new peer.FilteredBlock();
  filtered.setNumber(block.getHeader()?.getNumber() ?? 0);
  const codes = transactionsFilter(block);
  for (const [index, bytes] of (block.getData()?.getDataList_asU8() ?? []).entries()) {
    const envelope = decodeMessage(common.Envelope, bytes, 'Envelope');
    const payload = decodeMessage(common.Payload, envelope.getPayload_asU8(), 'Payload');
    const header = payload.getHeader();
    if (header === undefined) continue;
    const channelHeader = decodeMessage(
      common.ChannelHeader,
      header.getChannelHeader_asU8(),
      'ChannelHeader',
    );
    filtered.setChannelId(channelHeader.getChannelId());

    const transaction = new peer.FilteredTransaction();
    transaction.setTxid(channelHeader.getTxId());
    transaction.setType(channelHeader.getType() as common.HeaderTypeMap[keyof common.HeaderTypeMap]);
    transaction.setTxValidationCode(validationCode(codes[index] ?? peer.TxValidationCode.NOT_VALIDATED));
    if (channelHeader.getType() === HeaderType.ENDORSER_TRANSACTION) {
      transaction.setTransactionActions(filteredActions(payload.getData_asU8()));
    }
    filtered.addFilteredTransactions(transaction);
  }
  return filtered;
}

function filteredActions(transactionBytes: Uint8Array): peer.FilteredTransactionActions {
  const actions = new peer.FilteredTransactionActions();
  const transaction = decodeMessage(peer.Transaction, transactionBytes, 'Transaction');
  for (const action of transaction.getActionsList()) {
    const event = chaincodeEventOf(action);
    if (event.getChaincodeId() === '') continue;
    event.setPayload('');
    const filteredAction = new peer.FilteredChaincodeAction();
    filteredAction.setChaincodeEvent(event);
    actions.addChaincodeActions(filteredAction);
  }
  return actions;
}
