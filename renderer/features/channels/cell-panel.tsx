import { Link } from '@tanstack/react-router';
import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import { nodeTitle, peersOf, shortNodeName } from '../../network/membership';
import { asPredicate, nodeLook } from '../../network/node-look';
import { Badge, StateMark } from '../../ui/badge';
import { IconButton } from '../../ui/button';
import { CopyId } from '../../ui/copy-id';
import { useEscape } from '../../ui/escape';
import { formatNumber } from '../../ui/format';
import { OrgTile } from '../../ui/organization';
import { Facts } from '../../ui/panel';
import { cellOf } from './matrix';
import type { Cell, MatrixChannel } from './matrix';

/** One cell of the matrix: what each source says, and what it means. */
export function CellPanel({
  status,
  channel,
  peer,
  onClose,
}: {
  status: NetworkStatus;
  channel: MatrixChannel;
  peer: NodeStatus;
  onClose: () => void;
}) {
  useEscape(onClose);
  const cell = cellOf(channel, peer);
  return (
    <aside className="panel why" aria-label={`${peer.name} in ${channel.name}`}>
      <header>
        <OrgTile name={peer.organization} titled />
        <span>
          <h2>{nodeTitle(peer.name)}</h2>
          <small className="quiet">{channel.name}</small>
        </span>
        <span className="right">
          <IconButton label="Close" icon="x" onPress={onClose} />
        </span>
      </header>
      <ul className="three">
        <Source
          tone={cell.kind === 'no-member' ? 'idle' : 'ok'}
          title={cell.kind === 'no-member' ? 'Not declared' : 'Declared'}
        >
          {cell.kind === 'no-member'
            ? `${peer.organization} is no member of ${channel.name}.`
            : `The topology names ${peer.organization} as a member.`}
        </Source>
        <Joined cell={cell} peer={peer} />
      </ul>
      {cell.kind === 'joined' && (
        <div className="pad">
          <Facts
            items={[
              ['Height', formatNumber(cell.height)],
              [
                'Lag',
                cell.behind === 0n ? (
                  <Badge tone="ok">level</Badge>
                ) : (
                  <Badge tone="warn" icon="clock">
                    {formatNumber(cell.behind)} behind
                  </Badge>
                ),
              ],
              ['Hash of tip', cell.tipHash ? <CopyId id={cell.tipHash} what="hash" /> : 'not known'],
              ['Listens at', <span className="mono">{peer.address}</span>],
              ['Program', peer.program],
            ]}
          />
        </div>
      )}
      {(cell.kind === 'not-joined' || cell.kind === 'silent') && (
        <div className="so">
          <h3>What this means</h3>
          <p>{meaning(status, channel, peer)}</p>
        </div>
      )}
      <footer>
        {peer.state !== 'running' && (
          <Link className="link" to="/network" search={{ node: peer.name }}>
            Why, and start it
          </Link>
        )}
        <Link className="link" to="/logs" search={{ nodes: [peer.name] }}>
          Its log
        </Link>
      </footer>
    </aside>
  );
}

function Source({
  tone,
  title,
  children,
}: {
  tone: 'ok' | 'warn' | 'danger' | 'idle';
  title: string;
  children: string;
}) {
  return (
    <li>
      <StateMark tone={tone} word={tone === 'ok' ? 'yes' : tone === 'warn' ? 'not known' : 'no'} quietWord />
      <span>
        <b>{title}</b>
        <span>{children}</span>
      </span>
    </li>
  );
}

function Joined({ cell, peer }: { cell: Cell; peer: NodeStatus }) {
  const others = peer.channels.map(({ name }) => name).join(', ') || 'no channel';
  switch (cell.kind) {
    case 'joined':
      return (
        <Source tone="ok" title="Joined">
          The peer itself names this channel.
        </Source>
      );
    case 'silent':
      return (
        <Source tone="warn" title="Joined is not known">
          {peer.state === 'running'
            ? cell.reason
            : `${nodeTitle(peer.name)} does not answer: it ${asPredicate(nodeLook(peer).word)}.`}
        </Source>
      );
    case 'waiting':
      return (
        <Source tone="idle" title="Asking">
          The peer has not answered yet.
        </Source>
      );
    case 'not-joined':
    case 'no-member':
      return (
        <Source tone={cell.kind === 'no-member' ? 'idle' : 'danger'} title="Not joined">
          {`The peer itself names ${others}.`}
        </Source>
      );
  }
}

/** Whether its organization can still endorse on the channel. */
function meaning(status: NetworkStatus, channel: MatrixChannel, peer: NodeStatus): string {
  const others = peersOf(status, channel).filter(
    (other) =>
      other.organization === peer.organization &&
      other.name !== peer.name &&
      cellOf(channel, other).kind === 'joined',
  );
  return others.length > 0
    ? `${others.map(({ name }) => shortNodeName(name)).join(', ')} endorses for ${peer.organization} on this channel; without it nobody would.`
    : `Nobody endorses for ${peer.organization} on this channel.`;
}
