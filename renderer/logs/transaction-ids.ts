export interface TransactionMention {
  readonly start: number;
  readonly end: number;
  /** 64 hexadecimal digits, or the first eight of them where the node shortened it. */
  readonly id: string;
}

const HEX = /[0-9a-f]{8,64}/g;
/** What nodes write before the id of a transaction: `txID=`, `[parking-channel][`, `transaction `, … */
const NAMES_IT =
  /(?:tx_?id|transaction(?: id)?|\btx)["']?\s*[=:]?\s*["'[(]*$|\[[a-z][a-z0-9.-]*\]\[$|\[[a-z][a-z0-9.]*-channel-$/i;
const LOOKS_BACK = 32;

/** Ids of transactions in a line, where it says that they are. */
export function transactionsIn(text: string): TransactionMention[] {
  const found: TransactionMention[] = [];
  for (const match of text.matchAll(HEX)) {
    const [id] = match;
    const start = match.index;
    const end = start + id.length;
    if (id.length !== 64 && id.length !== 8) continue;
    if (/\w/.test(text[start - 1] ?? '') || /\w/.test(text[end] ?? '')) continue;
    const before = text.slice(Math.max(0, start - LOOKS_BACK), start);
    // Hashes, packages and peers have 64 digits as well: only what the line calls a transaction is one.
    if (NAMES_IT.test(before)) found.push({ start, end, id });
  }
  return found;
}
