import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import type { NodeDetail } from '../../../electron/api/node-models';
import { useOperation } from '../../client/use-operation';
import { useMay } from '../../client/use-role';
import { attentionOf } from '../../network/attention';
import { nodeTitle } from '../../network/membership';
import { asPredicate, nodeLook } from '../../network/node-look';
import { formatTime } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { ProblemView } from '../../ui/problem-view';
import { Age } from '../../ui/time';
import type { StartingNode } from './node-actions';

/** Why a node does not run, and what that costs now. */
export function NodeDown({
  status,
  node,
  detail,
  starting: { problem, start, isPending },
}: {
  status: NetworkStatus;
  node: NodeStatus;
  detail: NodeDetail | undefined;
  starting: StartingNode;
}) {
  const { tone, icon, word } = nodeLook(node, 0n, status.state === 'stopped');
  const costs = attentionOf(status, [], Date.now()).find((attention) => attention.node === node.name);
  const exit = detail?.lastExit;
  return (
    <>
      <section className={`breaks ${classes[tone]}`} role="status">
        <h2>
          <Icon name={icon} />
          {nodeTitle(node.name)} {asPredicate(word)}
        </h2>
        {node.health.reasons
          .filter((reason) => reason !== `It is ${node.state}.`)
          .map((reason) => (
            <p key={reason}>{sentence(reason)}</p>
          ))}
        {node.state === 'paused' && <p>It keeps its memory and its ports, and answers nothing.</p>}
        {['stopped', 'killed', 'paused'].includes(node.state) && status.state !== 'stopped' && (
          <StoppedBy node={node.name} />
        )}
        {costs && node.state !== 'starting' && <p>{costs.detail}</p>}
        {status.state === 'stopped' && <p>The whole network is stopped. It starts with all others.</p>}
        {exit && node.state === 'exited' && (
          <p>
            It ended at {formatTime(exit.at)}, <Age since={exit.at} suffix=" ago" />.
          </p>
        )}
      </section>
      {problem && (
        <div className="pad">
          <ProblemView problem={problem} onRetry={start} isRetrying={isPending} />
        </div>
      )}
    </>
  );
}

/** Commands are kept for admins: whoever may not read them is told nothing about people. */
function StoppedBy({ node }: { node: string }) {
  const { may } = useMay('audit.list');
  // A command stands there when it is over, which is after the node ended.
  const { data } = useOperation(
    'audit.list',
    { text: node, limit: ENTRIES },
    { enabled: may, pollMs: AUDIT_POLL_MS },
  );
  const stop = data?.entries.find(({ operation, outcome }) => commands.has(operation) && outcome === 'OK');
  const deed = stop && deeds.get(stop.operation);
  if (!stop || deed === undefined) return null;
  return (
    <p>
      {stop.user} {deed} at {formatTime(stop.at)}, <Age since={stop.at} suffix=" ago" />.
    </p>
  );
}

/** Among so many of the newest that name the node is the one that stopped it. */
const ENTRIES = 50;
const AUDIT_POLL_MS = 3_000;
const deeds: ReadonlyMap<string, string> = new Map([
  ['node.stop', 'stopped it'],
  ['node.kill', 'killed it'],
  ['node.pause', 'paused it'],
  ['node.remove', 'removed its container'],
]);
const commands: ReadonlySet<string> = new Set([
  ...deeds.keys(),
  'node.start',
  'node.restart',
  'node.resume',
  'node.recreate',
]);

const sentence = (reason: string): string => reason.charAt(0).toUpperCase() + reason.slice(1);

const classes = { danger: 'bad', warn: 'mid', accent: 'idle', idle: 'idle', ok: 'good' } as const;
