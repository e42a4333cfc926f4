import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { NetworkStatus } from '../../electron/api/models';
import { shortcutLabel } from '../commands/shortcuts';
import { useNetworkStatus } from '../network/use-network';
import { Icon } from '../ui/icon';
import { Menu } from '../ui/menu';
import { ActingIdentity } from './acting-identity';

const root = getRouteApi('__root__');

export function Header({ onPalette }: { onPalette: () => void }) {
  const status = useNetworkStatus().data;
  return (
    <header className="top">
      {status && <NetworkBadge status={status} />}
      {status && <ChannelSwitcher status={status} />}
      <button type="button" className="pick palette right" onClick={onPalette}>
        <Icon name="search" />
        Find or do
        <kbd>{shortcutLabel('mod+k')}</kbd>
      </button>
      <ActingIdentity />
    </header>
  );
}

const stateDots = { running: 'ok', degraded: 'warn', starting: 'run', stopped: '' } as const;

function NetworkBadge({ status }: { status: NetworkStatus }) {
  return (
    <span className="pick network-badge" title={status.folder}>
      <span className={`dot ${stateDots[status.state]}`} />
      {status.network}
      <small>{status.state}</small>
      {/* Every runtime there is today runs its nodes on this machine. */}
      <span className="env">{status.runtime ? `Local ${status.runtime}` : 'Local'}</span>
    </span>
  );
}

const ALL = '';

function ChannelSwitcher({ status }: { status: NetworkStatus }) {
  const { channel = ALL } = root.useSearch();
  const navigate = useNavigate();
  const choose = (name: string) =>
    void navigate({
      to: '.',
      search: (before) => ({ ...before, channel: name === ALL ? undefined : name }),
    });
  return (
    <Menu
      label="Channel"
      triggerClass="pick"
      selected={channel}
      trigger={
        <>
          <Icon name="channels" />
          {channel === ALL ? 'All channels' : channel}
        </>
      }
      entries={[
        { id: ALL, text: 'All channels', onAction: () => choose(ALL) },
        ...status.channels.map(({ name, members }) => ({
          id: name,
          text: name,
          note: `${members.length} members`,
          onAction: () => choose(name),
        })),
      ]}
    />
  );
}
