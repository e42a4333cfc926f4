import { Link, useNavigate } from '@tanstack/react-router';
import type { NetworkStatus } from '../../../electron/api/models';
import { lagsOf, peersOf } from '../../network/membership';
import { StateMark } from '../../ui/badge';
import { formatNumber } from '../../ui/format';
import { OrgTile } from '../../ui/organization';
import { Panel } from '../../ui/panel';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';

type Channel = NetworkStatus['channels'][number];

/** What each channel holds. Left out where the window is low: the status bar tells the heights. */
export function ChannelList({ status }: { status: NetworkStatus }) {
  const navigate = useNavigate();
  return (
    <Panel
      title="Channels"
      className="channel-list"
      note={`${status.channels.length} channels, as each peer says`}
      aside={
        <Link className="link" to="/channels">
          Open channels
        </Link>
      }
    >
      <Table
        label="Channels"
        columns={columnsOf(status)}
        rows={status.channels}
        rowKey={({ name }) => name}
        onOpen={({ name }) => void navigate({ to: '/channels', search: { channel: name } })}
      />
    </Panel>
  );
}

const columnsOf = (status: NetworkStatus): Column<Channel>[] => [
  { id: 'name', title: 'Channel', cell: ({ name }) => <span className="strong">{name}</span> },
  {
    id: 'members',
    title: 'Members',
    cell: ({ members }) => (
      <span className="tiles">
        {members.map((member) => (
          <OrgTile key={member} name={member} titled />
        ))}
      </span>
    ),
  },
  {
    id: 'height',
    title: 'Height',
    numeric: true,
    cell: ({ height }) => (height === null ? <span className="quiet">unknown</span> : formatNumber(height)),
  },
  { id: 'peers', title: 'Peers', cell: (channel) => <Peers status={status} channel={channel} /> },
  {
    id: 'contract',
    title: 'Contract',
    cell: ({ contract }) =>
      contract ? (
        <>
          {contract.name}{' '}
          <span className="quiet">
            version {contract.version}, sequence {contract.sequence}
          </span>
        </>
      ) : (
        <span className="quiet">none committed</span>
      ),
  },
];

function Peers({ status, channel }: { status: NetworkStatus; channel: Channel }) {
  const peers = peersOf(status, channel);
  const joined = peers.filter((peer) => peer.channels.some(({ name }) => name === channel.name)).length;
  const behind = lagsOf(status).filter((lag) => lag.channel === channel.name).length;
  if (joined < peers.length) return <StateMark tone="warn" word={`${joined} of ${peers.length} answer`} />;
  if (behind > 0) return <StateMark tone="warn" icon="clock" word={`${behind} of ${peers.length} behind`} />;
  return <StateMark tone="ok" word={`${peers.length} of ${peers.length} level`} />;
}
