import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { NetworkStatus } from '../../electron/api/models';
import { shortcutLabel } from '../commands/shortcuts';
import { useNetworkStatus } from '../network/use-network';
import { Icon } from '../ui/icon';
import { Menu } from '../ui/menu';
import { ActingIdentity } from './acting-identity';
import { NetworkMenu } from './network-menu';

const root = getRouteApi('__root__');

export function Header({ onPalette }: { onPalette: () => void }) {
  const status = useNetworkStatus().data;
  return (
    <header className="top">
      {status && <NetworkMenu status={status} />}
      {status && <ChannelSwitcher status={status} />}
      <button type="button" className="pick palette right" title="Find or do" onClick={onPalette}>
        <Icon name="search" />
        <span className="t">Find or do</span>
        <kbd aria-hidden="true">{shortcutLabel('mod+k')}</kbd>
      </button>
      <ActingIdentity />
    </header>
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
