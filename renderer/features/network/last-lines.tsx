import { useTopic } from '../../client/use-topic';
import { cleanText } from '../../logs/log-line';

const LINES = 10;

/** The end of a node's log, as it grows; the logs tab has the rest. Only where there is room for it. */
export function LastLines({ node }: { node: string }) {
  const { events } = useTopic('node.logs', { node, follow: true, tail: LINES }, { keep: LINES });
  if (events.length === 0) return null;
  return (
    <section className="last-lines" aria-label="Last log lines">
      <h3 className="section-title">Last log lines</h3>
      <pre tabIndex={0}>{events.map(({ line }) => cleanText(line)).join('\n')}</pre>
    </section>
  );
}
