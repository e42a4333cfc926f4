import { common } from '@hyperledger/fabric-protos';
import { VALID, type ValidationCode } from '../../../protocol/validation-code';
import { BlockTransaction } from '../../../protocol/validation/block-transaction';
import { heightOfHistory, historyKey, historyPrefix } from './keys';
import { deletes } from '../../../protocol/read-write-set';
import type { Change, StateReader } from './state-database';
import type { KeyModification } from './types';

/** Serialized envelope of a committed transaction. */
export type EnvelopeSource = (block: number, tx: number) => Promise<Uint8Array | undefined>;

/** Notes every public write of the valid endorser transactions (core/ledger/kvledger/history/db.go). */
export function historyChanges(
  block: number,
  transactions: readonly BlockTransaction[],
  codes: readonly ValidationCode[],
): Change[] {
  return transactions
    .filter(
      ({ type, position }) => codes[position] === VALID && type === common.HeaderType.ENDORSER_TRANSACTION,
    )
    .flatMap((transaction) =>
      transaction.sets().flatMap((set) =>
        set.public.writes.map(({ key }) => ({
          key: historyKey(set.namespace, key, { block, tx: transaction.position }),
          value: Buffer.alloc(0),
        })),
      ),
    );
}

/** What happened to a key, newest first, up to the view's height. Values are read from the blocks. */
export async function* keyHistory(
  reader: StateReader,
  envelope: EnvelopeSource,
  namespace: string,
  key: string,
): AsyncGenerator<KeyModification> {
  const prefix = historyPrefix(namespace, key);
  for await (const stored of reader.keys(prefix, true)) {
    const at = heightOfHistory(stored, prefix.length);
    const encoded = at && (await envelope(at.block, at.tx));
    if (at === undefined || encoded === undefined) continue;
    const transaction = new BlockTransaction(at.tx, encoded);
    const write = transaction
      .sets()
      .find((set) => set.namespace === namespace)
      ?.public.writes.findLast((candidate) => candidate.key === key);
    // An entry of another key whose name continues this one with a zero byte.
    if (write === undefined) continue;
    yield {
      txId: transaction.txId,
      value: write.value,
      timestamp: transaction.frame.channelHeader?.timestamp ?? { seconds: 0, nanos: 0 },
      isDelete: deletes(write),
    };
  }
}
