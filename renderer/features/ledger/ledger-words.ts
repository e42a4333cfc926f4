import type { LedgerContent, LedgerVersion } from '../../../electron/api/ledger-models';
import type { TransactionLine } from '../../../electron/api/models';
import { formatNumber } from '../../ui/format';
import { layOutJson } from './json-layout';

/** `1,187:2`: the block that wrote it, and the transaction there. */
export const versionText = ({ block, position }: LedgerVersion): string =>
  `${formatNumber(block)}:${position}`;

/** A composite key's parts are held apart by NUL characters, which do not show. */
export const keyText = (key: string): string => key.split('\0').filter(Boolean).join(' ');

/** On lines of their own where it is JSON; bytes in hex. */
export function textOf(content: LedgerContent): string {
  switch (content.kind) {
    case 'empty':
      return '';
    case 'bytes':
      return content.hex;
    case 'text':
      return content.text;
    case 'json':
      return content.isWhole ? layOutJson(content.text) : content.text;
  }
}

const types: Readonly<Record<string, string>> = {
  CONFIG: 'configuration',
  CONFIG_UPDATE: 'configuration update',
};

/** What a transaction did, in a word: the function it called. */
export const whatItDid = ({ function: name, type }: TransactionLine): string => name ?? types[type] ?? type;
