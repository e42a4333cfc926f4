import { useTopic } from '../client/use-topic';
import { ProblemView } from '../ui/problem-view';
import { Empty } from '../ui/waiting';
import './logs.css';

const SHOWN = 2_000;

/**
 * The log of one node, following it. Takes the height it is given.
 * @param node full name
 */
export function NodeLogs({ node }: { node: string }) {
  const { events, state, problem, restart } = useTopic(
    'node.logs',
    { node, follow: true, tail: SHOWN },
    { keep: SHOWN },
  );
  if (state === 'lost' && problem && events.length === 0)
    return <ProblemView problem={problem} onRetry={restart} />;
  if (events.length === 0)
    return <Empty title="No lines yet">{node} has written nothing since it was made.</Empty>;
  return (
    <pre className="log-lines" aria-label={`Log of ${node}`} tabIndex={0}>
      {events.map(({ line }) => line).join('\n')}
    </pre>
  );
}
