import { validationCode, type ValidationCode } from '../../../protocol/validation-code';
import type { BlockTransaction } from '../../../protocol/validation/block-transaction';
import { transactionKey } from './keys';
import { readValue, type Change, type Database } from './state-database';
import { readVarint, varint } from '../../../protocol/wire-encoder';

/** Where a transaction stands and what became of it. */
export interface TransactionLocation {
  readonly code: ValidationCode;
  readonly block: number;
  readonly tx: number;
}

function encodeLocation({ code, block, tx }: TransactionLocation): Buffer {
  return Buffer.concat([varint(code), varint(block), varint(tx)]);
}

function decodeLocation(stored: Buffer): TransactionLocation {
  const code = readVarint(stored, 0);
  const block = readVarint(stored, code.next);
  return { code: validationCode(code.value), block: block.value, tx: readVarint(stored, block.next).value };
}

export async function locateTransaction(
  database: Database,
  txId: string,
): Promise<TransactionLocation | undefined> {
  if (txId === '') return undefined;
  const stored = await readValue(database, transactionKey(txId));
  return stored === undefined ? undefined : decodeLocation(stored);
}

/** Which of the ids already stand in the ledger, whatever became of their transactions. */
export async function knownTransactions(database: Database, txIds: readonly string[]): Promise<Set<string>> {
  const ids = [...new Set(txIds)].filter((txId) => txId !== '');
  if (ids.length === 0) return new Set();
  const known = await database.hasMany(ids.map(transactionKey));
  return new Set(ids.filter((_, index) => known[index]));
}

/** Index entries for a block's transactions. Of several with one id the first stays the one that is found. */
export async function indexChanges(
  database: Database,
  block: number,
  transactions: readonly BlockTransaction[],
  codes: readonly ValidationCode[],
): Promise<Change[]> {
  const taken = await knownTransactions(
    database,
    transactions.map(({ txId }) => txId),
  );
  const changes: Change[] = [];
  for (const { txId, position } of transactions) {
    const code = codes[position];
    if (txId === '' || code === undefined || taken.has(txId)) continue;
    taken.add(txId);
    changes.push({ key: transactionKey(txId), value: encodeLocation({ code, block, tx: position }) });
  }
  return changes;
}
