import type { ReadConflict } from '../conflict';
import type { Version } from '../version';

/** A transaction that lost against another: what it had read and who wrote it first. */
export function conflictInWords(conflict: ReadConflict): { readonly title: string; readonly detail: string } {
  const { kind, writer, read } = conflict;
  const what = whatWasRead(conflict);
  return {
    title:
      kind === 'key'
        ? `Someone changed ${what} first. Nothing was written.`
        : `A list that was read changed first, by ${what}. Nothing was written.`,
    detail: `Transaction ${writer.transactionId} wrote it in block ${writer.block}; this one had read ${versionRead(read)}.`,
  };
}

function whatWasRead({ key, collection, namespace }: ReadConflict): string {
  return collection === undefined
    ? `${keyInWords(key)} of ${namespace}`
    : `a private key (hash ${key.slice(0, 8)}…) of ${collection} in ${namespace}`;
}

const versionRead = (read: Version | undefined): string =>
  read === undefined
    ? 'that it did not exist'
    : `what was written in block ${read.block}, transaction ${read.tx} there`;

/** A key as one says it: the parts of a composite key, the name of its kind first. */
export function keyInWords(key: string): string {
  return key.split('\0').filter(Boolean).join(' ');
}
