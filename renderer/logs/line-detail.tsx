import { defaultStringifySearch } from '@tanstack/react-router';
import { Fragment } from 'react';
import { nodeTitle } from '../network/membership';
import { IconButton } from '../ui/button';
import { CopyButton } from '../ui/copy-id';
import { formatDate } from '../ui/format';
import { LineText, transactionAddress } from './line-text';
import { lineTime, partsOf } from './log-line';
import type { LogLine } from './log-line';
import { levelWords } from './log-row';
import { transactionsIn } from './transaction-ids';

/** One line whole: what the list cuts, and where to go from it. */
export function LineDetail({
  line,
  find,
  onClose,
}: {
  line: LogLine;
  find: RegExp | undefined;
  onClose: () => void;
}) {
  const { logger, body, functionLength, sequence } = partsOf(line);
  const ids = [...new Set(transactionsIn(line.text).map(({ id }) => id))];
  const hasTime = !Number.isNaN(line.time);
  const iso = hasTime ? new Date(line.time).toISOString() : '';
  const facts = [
    hasTime && `${formatDate(iso)} ${lineTime(line.time)}`,
    levelWords[line.level],
    nodeTitle(line.node),
    logger,
    sequence !== null && `line ${sequence} of its run`,
    line.continues && 'continues the message above',
  ].filter((fact) => typeof fact === 'string');
  return (
    <section className="log-detail" aria-label="The selected line">
      <header>
        <span className="facts">
          {facts.map((fact) => (
            <Fragment key={fact}>
              <span>{fact}</span>
            </Fragment>
          ))}
        </span>
        <span className="right">
          {ids.slice(0, 3).map((id) => (
            <a key={id} className="link" href={transactionAddress(id)}>
              All about transaction {id.slice(0, 8)}
            </a>
          ))}
          {hasTime && (
            <a className="link" href={`#/logs${defaultStringifySearch({ at: iso })}`}>
              All nodes at this moment
            </a>
          )}
          <CopyButton text={line.text} what="line" />
          <IconButton label="Close" icon="x" onPress={onClose} />
        </span>
      </header>
      <p className="mono">
        <LineText text={body} find={find} quiet={functionLength} links={false} />
      </p>
    </section>
  );
}
