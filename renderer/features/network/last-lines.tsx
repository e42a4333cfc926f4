import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTopic } from '../../client/use-topic';
import { lineTime, partsOf, readLine } from '../../logs/log-line';
import type { LogLine } from '../../logs/log-line';
import { levelWords } from '../../logs/log-row';

const LINES = 12;

/** The end of a node's log, as it grows, where there is room for it; the logs tab has the whole. */
export function LastLines({
  node,
  always,
}: {
  node: string;
  /** Also in a low window: the log says why the node ended. */
  always: boolean;
}) {
  const { events } = useTopic('node.logs', { node, follow: true, tail: LINES }, { keep: LINES });
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [events]);
  const lines: LogLine[] = [];
  for (const { line } of events) lines.push(readLine(node, line, '', lines.at(-1)));
  if (lines.length === 0) return null;
  return (
    <section className={always ? 'last-lines always' : 'last-lines'} aria-label="Last log lines">
      <h3 className="section-title">
        Last log lines
        <Link
          className="link"
          to="/network/$node"
          params={{ node }}
          search={{ tab: 'logs' }}
          aria-label="The whole log"
        >
          All
        </Link>
      </h3>
      <ol ref={list} tabIndex={0} aria-label={`End of the log of ${node}`}>
        {lines.map((line, index) => (
          <li key={`${String(index)} ${line.text}`} className={line.level}>
            <span>{line.continues ? '' : lineTime(line.time)}</span>
            <span>
              {!line.continues && <b>{levelWords[line.level]} </b>}
              {partsOf(line).body}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
