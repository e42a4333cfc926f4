import { peer, type common } from '@hyperledger/fabric-protos';
import { Undecodable } from '../../../network/protocol/inspection/layer';
import { LedgerBlock } from '../../../network/protocol/inspection/ledger-block';
import type { LedgerTransaction } from '../../../network/protocol/inspection/ledger-transaction';
import { validationCodeName } from '../../../network/protocol/validation-code';
import type { BlockSummary } from '../../api/models';

type TransactionSummary = BlockSummary['transactions'][number];

/** The code of a transaction in a block that no peer has validated. */
export const { NOT_VALIDATED } = peer.TxValidationCode;

/** The facts of a block and one line for each of its transactions, also of those that cannot be read. */
export function blockSummary(source: common.Block): BlockSummary {
  const block = new LedgerBlock(source);
  const { commitHash } = block;
  return {
    number: String(block.number),
    headerHash: hex(block.headerHash),
    previousHash: hex(block.previousHash),
    dataHash: hex(block.dataHash),
    commitHash: commitHash === undefined || commitHash instanceof Undecodable ? null : hex(commitHash),
    transactions: block.transactions.map(transactionSummary),
  };
}

export function transactionSummary(transaction: LedgerTransaction): TransactionSummary {
  const { code = NOT_VALIDATED, creator } = transaction;
  const [action] = transaction.actions;
  const call = action === undefined || action.call instanceof Undecodable ? undefined : action.call;
  const [name] = call?.input?.args ?? [];
  return {
    transactionId: transaction.id ?? '',
    type: transaction.type ?? 'undecodable',
    status: validationCodeName(code),
    code,
    creatorMspId: creator?.mspId ?? null,
    contract: call?.chaincodeId?.name ?? null,
    function: name === undefined ? null : Buffer.from(name).toString('utf8'),
    claimedTime: isoTime(transaction.claimedTime),
  };
}

/** To the millisecond; null where nothing, or no time of a calendar, is claimed. */
function isoTime(claimed: string | undefined): string | null {
  const time = new Date(claimed ?? '');
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
