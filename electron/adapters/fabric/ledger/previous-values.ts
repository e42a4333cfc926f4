import { Undecodable } from '../../../../network/protocol/inspection/layer';
import type { LedgerBlock } from '../../../../network/protocol/inspection/ledger-block';
import { deletes } from '../../../../network/protocol/read-write-set';
import type { LedgerActionModel, LedgerVersion, LedgerWrite, ValueBefore } from '../../../api/ledger-models';
import { Contents } from './contents';

/** Blocks that are looked at for one transaction; it may write thousands of keys. */
const MOST_BLOCKS = 16;

export type EarlierBlock = (number: number) => Promise<LedgerBlock | undefined>;

/**
 * The actions with what each written key held before, where the transaction had read it: its read names the block and
 * transaction that wrote that value.
 */
export async function withPreviousValues(
  actions: readonly LedgerActionModel[],
  earlier: EarlierBlock,
): Promise<LedgerActionModel[]> {
  const contents = new Contents();
  const blocks = new Map<string, Promise<LedgerBlock | undefined>>();
  const blockAt = (number: string): Promise<LedgerBlock | undefined> | undefined => {
    if (!blocks.has(number) && blocks.size < MOST_BLOCKS) blocks.set(number, earlier(Number(number)));
    return blocks.get(number);
  };
  const before = async (namespace: string, key: string, version: LedgerVersion): Promise<ValueBefore> => {
    const asked = blockAt(version.block);
    if (asked === undefined) {
      return unknown(`It was written in block ${version.block}; ${MOST_BLOCKS} blocks were looked at.`);
    }
    const block = await asked;
    if (block === undefined) return unknown(`No peer that answers has block ${version.block}.`);
    const value = writtenIn(block, version.position, namespace, key);
    if (value === undefined) {
      return unknown(`Transaction ${version.position} of block ${version.block} changed only its metadata.`);
    }
    return { kind: 'value', version, value: contents.of('', value) };
  };
  return Promise.all(
    actions.map(async (action) => ({
      ...action,
      namespaces: await Promise.all(
        action.namespaces.map(async (namespace) => ({
          ...namespace,
          writes: await Promise.all(
            namespace.writes.map(async (write): Promise<LedgerWrite> => {
              const version = namespace.reads.find(({ key }) => key === write.key)?.version;
              if (!version) return write;
              return { ...write, before: await before(namespace.name, write.key, version) };
            }),
          ),
        })),
      ),
    })),
  );
}

const unknown = (reason: string): ValueBefore => ({ kind: 'unknown', reason });

/** The last value that a transaction gave to a key; undefined where it gave none. */
function writtenIn(
  { transactions }: LedgerBlock,
  position: number,
  namespace: string,
  key: string,
): Uint8Array | undefined {
  return (transactions[position]?.actions ?? [])
    .flatMap(({ sets }) => (sets instanceof Undecodable ? [] : sets))
    .filter((set) => set.namespace === namespace)
    .flatMap((set) => set.public.writes)
    .filter((write) => write.key === key && !deletes(write))
    .at(-1)?.value;
}
