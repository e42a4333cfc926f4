import { Link } from '@tanstack/react-router';
import type { NetworkStatus } from '../../../electron/api/models';
import { useCommand } from '../../client/use-operation';
import { useMay } from '../../client/use-role';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/dialog';
import { listed, plural } from '../../ui/format';
import { ProblemView } from '../../ui/problem-view';
import { useToast } from '../../ui/toast';
import { Empty } from '../../ui/waiting';

export const useStartNetwork = () => useCommand('network.up', ['task.list']);

/** The one primary action: what the network is not. */
export function NetworkPower({
  status,
  start,
  onAskStop,
}: {
  status: NetworkStatus;
  start: ReturnType<typeof useStartNetwork>;
  onAskStop: () => void;
}) {
  const { refusal } = useMay('network.up');
  if (status.state !== 'stopped') {
    return (
      <Button icon="stop" onPress={onAskStop} refusal={refusal}>
        Stop network
      </Button>
    );
  }
  return (
    <Button
      kind="primary"
      icon="play"
      onPress={() => start.mutate({})}
      isPending={start.isPending}
      refusal={refusal}
    >
      Start network
    </Button>
  );
}

/** Over the map of a stopped network: why nothing moves, and what starts it. */
export function StoppedNotice({ start }: { start: ReturnType<typeof useStartNetwork> }) {
  if (start.error) {
    return (
      <div className="network-notice">
        <ProblemView
          problem={start.error.problem}
          onRetry={() => start.mutate({})}
          isRetrying={start.isPending}
        />
      </div>
    );
  }
  return (
    <section className="panel stopped-notice" aria-label="The network is stopped">
      <Empty
        title="The network is not running"
        command="cityflow up --detach"
        action={
          start.data && (
            <Link className="link" to="/tasks" search={{ task: start.data.task }}>
              Starting: see its steps
            </Link>
          )
        }
      >
        Its keys and ledgers are kept; starting takes some seconds.
      </Empty>
    </section>
  );
}

const kinds = [
  ['orderer', 'orderer'],
  ['peer', 'peer'],
  ['contract', 'contract'],
] as const;

/** Names what stops, and what stays. */
export function StopNetworkQuestion({
  status,
  isOpen,
  onClose,
}: {
  status: NetworkStatus;
  isOpen: boolean;
  onClose: () => void;
}) {
  const { refusal } = useMay('network.down');
  const toast = useToast();
  const down = useCommand('network.down', ['task.list']);
  if (!isOpen || refusal !== undefined || status.state === 'stopped') return null;
  const running = status.nodes.filter(({ state }) => !['stopped', 'exited', 'killed'].includes(state));
  const counts = kinds.flatMap(([role, word]) => {
    const count = running.filter((node) => node.role === role).length;
    return count > 0 ? [plural(count, word)] : [];
  });
  return (
    <ConfirmDialog
      title={`Stop ${status.network}?`}
      action={`Stop ${plural(running.length, 'node')}`}
      isOpen
      onClose={onClose}
      isPending={down.isPending}
      problem={down.error?.problem}
      onConfirm={() =>
        down.mutate(
          {},
          {
            onSuccess: ({ stopped }) => {
              onClose();
              toast(`${plural(stopped, 'node')} stopped. Keys and ledgers are kept.`);
            },
          },
        )
      }
    >
      <p className="strong">
        {listed(counts)} stop. Nothing can be read or written on{' '}
        {listed(status.channels.map(({ name }) => name))} until the network is started again.
      </p>
      <p className="means">
        Keys and ledgers are kept: Start network brings all of it back. The same is done by{' '}
        <code>cityflow down</code>; nothing but <code>cityflow down --purge</code> deletes data.
      </p>
    </ConfirmDialog>
  );
}
