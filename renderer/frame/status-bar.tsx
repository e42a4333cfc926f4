import { Link } from '@tanstack/react-router';
import type { NetworkStatus } from '../../electron/api/models';
import { useClient } from '../client/context';
import { useConnection } from '../client/use-connection';
import { useRole } from '../client/use-role';
import { useTasks } from '../client/use-task';
import { nodesUp, shortChannelName } from '../network/membership';
import { taskTitle } from '../network/task-words';
import { useNetworkStatus } from '../network/use-network';
import { formatNumber } from '../ui/format';
import { Icon } from '../ui/icon';
import { Age, Elapsed } from '../ui/time';

export function StatusBar() {
  const status = useNetworkStatus();
  return (
    <footer className="status">
      <Connection updatedAt={status.dataUpdatedAt} />
      {status.data && (
        <>
          {status.data.state !== 'stopped' && <Heights status={status.data} />}
          <span className={isShort(status.data) ? 'warn' : undefined}>
            Nodes{' '}
            <b>
              {nodesUp(status.data)} / {status.data.nodes.length}
            </b>{' '}
            up
          </span>
        </>
      )}
      <SignedInRole />
      <RunningTask />
    </footer>
  );
}

/** Some nodes are down; a network that is stopped as a whole lacks none. */
const isShort = (status: NetworkStatus): boolean =>
  status.state !== 'stopped' && nodesUp(status) < status.nodes.length;

/** Whether what is shown is as it is; where nobody tells any more, how old it is. */
function Connection({ updatedAt }: { updatedAt: number }) {
  const client = useClient();
  const connection = useConnection();
  const shownAge = updatedAt > 0 && (
    <>
      {' '}
      data from <Age since={updatedAt} suffix=" ago" />
    </>
  );
  switch (connection.kind) {
    case 'connecting':
      return (
        <span>
          <span className="dot" />
          <b>Connecting</b>
        </span>
      );
    case 'connected':
      return (
        <span>
          <span className="dot ok" />
          <b>Connected</b>
        </span>
      );
    case 'lost':
      return (
        <span className="warn">
          <span className="dot danger" />
          <b role="status">Connection lost</b>
          {shownAge}
          <button type="button" className="link" onClick={() => client.retryNow()}>
            Connect now
          </button>
        </span>
      );
    case 'signed-out':
    case 'closed':
      return (
        <span className="warn">
          <span className="dot danger" />
          <b role="status">{connection.kind === 'closed' ? 'Closed' : 'Signed out'}</b>
          {shownAge}
        </span>
      );
  }
}

/** Why some buttons take no press; whoever may do everything needs no word about it. */
function SignedInRole() {
  const role = useRole();
  if (role === 'admin') return null;
  return (
    <span>
      <span>
        Signed in as <b>{role}</b>
        {role === 'viewer' && ', may look only'}
      </span>
    </span>
  );
}

function Heights({ status }: { status: NetworkStatus }) {
  return (
    <span className="heights">
      Heights
      {status.channels.map(({ name, height }) => (
        <span key={name}>
          {shortChannelName(name)} <b>{height === null ? 'unknown' : formatNumber(height)}</b>
        </span>
      ))}
    </span>
  );
}

/** The running task in words; several: the newest and how many more. */
function RunningTask() {
  const running = useTasks().tasks?.filter(({ state }) => state === 'running') ?? [];
  const [task] = running;
  if (!task) return <span className="running quiet">No task running</span>;
  const step = task.steps.findLast(({ state }) => state === 'running') ?? task.steps.at(-1);
  return (
    <Link className="running" to="/tasks" search={{ task: task.id }}>
      <Icon name="tasks" small />
      <b>{taskTitle(task)}</b> {step?.name} <Elapsed from={task.started} to={null} />
      {running.length > 1 && ` and ${running.length - 1} more`}
    </Link>
  );
}
