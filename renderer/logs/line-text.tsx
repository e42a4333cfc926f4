import { defaultStringifySearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { transactionsIn } from './transaction-ids';

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly transaction?: string;
}

/** More of one line than this is in its detail. */
const SHOWN_CHARACTERS = 4_096;

/** Address of everything about one transaction. A plain link: hundreds of them stand in a page that scrolls. */
export const transactionAddress = (id: string): string =>
  `#/logs${defaultStringifySearch({ transaction: id })}`;

/**
 * Text of a line with what was searched for marked, and ids of transactions as links.
 * @param quiet characters at the beginning that are secondary: the function's name
 */
export function LineText({
  text,
  find,
  quiet = 0,
  links = true,
}: {
  text: string;
  find: RegExp | undefined;
  quiet?: number;
  links?: boolean;
}) {
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  const pieces: Piece[] = links
    ? transactionsIn(shown).map(({ start, end, id }) => ({ start, end, transaction: id }))
    : [];
  if (quiet === 0 && pieces.length === 0 && !find) return shown;
  const parts: ReactNode[] = [];
  let at = 0;
  const plain = (end: number) => {
    if (quiet > at) {
      const until = Math.min(quiet, end);
      parts.push(
        <span key={`q${at}`} className="quiet">
          <Marked text={shown.slice(at, until)} find={find} />
        </span>,
      );
      at = until;
    }
    if (end > at) parts.push(<Marked key={at} text={shown.slice(at, end)} find={find} />);
    at = end;
  };
  for (const { start, end, transaction } of pieces) {
    plain(start);
    const label = `Everything about transaction ${transaction ?? ''}`;
    parts.push(
      <a key={at} className="link" href={transactionAddress(transaction ?? '')} title={label} tabIndex={-1}>
        <Marked text={shown.slice(start, end)} find={find} />
      </a>,
    );
    at = end;
  }
  plain(shown.length);
  return <>{parts}</>;
}

function Marked({ text, find }: { text: string; find: RegExp | undefined }) {
  if (!find) return text;
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(find)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    parts.push(<mark key={match.index}>{match[0]}</mark>);
    at = match.index + match[0].length;
  }
  if (at === 0) return text;
  parts.push(text.slice(at));
  return <>{parts}</>;
}
