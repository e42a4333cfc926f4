import { Undecodable } from '../../../../network/protocol/inspection/layer';
import type { LedgerBlock } from '../../../../network/protocol/inspection/ledger-block';
import type { LedgerBlockModel } from '../../../api/ledger-models';
import { transactionSummary } from '../block-summary';
import { readable, type Unreadable } from './action-model';
import { Contents, hex } from './contents';
import { signedModel } from './identity-model';

/** A block with a line for each of its transactions. */
export function blockModel(
  channel: string,
  block: LedgerBlock,
  { name, height }: { readonly name: string; readonly height: number },
): LedgerBlockModel {
  const contents = new Contents();
  const unreadable: Unreadable = new Map();
  const signed = readable(block.signed, 'orderer signatures', unreadable);
  const commitHash = block.commitHash && readable(block.commitHash, 'commit hash', unreadable);
  for (const transaction of block.transactions) {
    const { payload, channelHeader, position } = transaction;
    for (const layer of [payload, channelHeader]) {
      if (layer instanceof Undecodable) readable(layer, `transaction ${position}`, unreadable);
    }
  }
  return {
    channel,
    number: String(block.number),
    headerHash: hex(block.headerHash),
    previousHash: hex(block.previousHash),
    dataHash: hex(block.dataHash),
    commitHash: commitHash === undefined ? null : hex(commitHash),
    size: block.block.serializeBinary().length,
    lastConfiguration: signed?.lastConfiguration === undefined ? null : String(signed.lastConfiguration),
    consenterMetadata: contents.of('consenter metadata', signed?.consenterMetadata ?? new Uint8Array()),
    ordererSignatures: signed?.signatures.map(signedModel) ?? [],
    transactions: block.transactions.map(transactionSummary),
    undecodable: [...unreadable].map(([{ reason, bytes }, what], index) => ({
      what,
      reason,
      bytes: contents.of(`undecodable.${index}`, bytes),
    })),
    height: String(height),
    readFrom: name,
  };
}
