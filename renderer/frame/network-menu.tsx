import { useNavigate } from '@tanstack/react-router';
import type { NetworkStatus } from '../../electron/api/models';
import { useCommand } from '../client/use-operation';
import { useMay } from '../client/use-role';
import { useNetworkStart } from '../network/use-network';
import { Menu } from '../ui/menu';

const stateDots = { running: 'ok', degraded: 'warn', starting: 'run', stopped: '' } as const;

/** Which network this is, how it is, and what can be done with it as a whole. */
export function NetworkMenu({ status }: { status: NetworkStatus }) {
  const navigate = useNavigate();
  const start = useCommand('network.up');
  const up = useMay('network.up');
  const down = useMay('network.down');
  const isStarting = useNetworkStart() !== undefined;
  const shown = isStarting && status.state !== 'running' ? 'starting' : status.state;
  const isStopped = status.state === 'stopped';
  return (
    <Menu
      label="Network"
      triggerClass="pick network-badge"
      trigger={
        <>
          <span className={`dot ${stateDots[shown]}`} />
          {status.network}
          <small>{shown}</small>
          {/* Every runtime there is today runs its nodes on this machine. */}
          <span className="env">{status.runtime ? `Local ${status.runtime}` : 'Local'}</span>
        </>
      }
      entries={[
        {
          id: 'connect',
          text: 'Connect',
          note: 'runtimes, saved networks',
          onAction: () => void navigate({ to: '/connect' }),
        },
        {
          id: 'examine',
          text: 'Examine every node',
          note: 'doctor',
          onAction: () => void navigate({ to: '/connect', search: { doctor: true } }),
        },
        isStopped
          ? {
              id: 'start',
              text: isStarting ? 'Starting' : 'Start the network',
              ...(up.refusal && { note: 'needs the role admin' }),
              separated: true,
              isDisabled: !up.may || isStarting,
              onAction: () => start.mutate({}, { onSuccess: () => void navigate({ to: '/connect' }) }),
            }
          : {
              id: 'stop',
              text: 'Stop the network …',
              ...(down.refusal && { note: 'needs the role admin' }),
              separated: true,
              isDisabled: !down.may,
              onAction: () => void navigate({ to: '/network', search: { ask: 'down' } }),
            },
      ]}
    />
  );
}
