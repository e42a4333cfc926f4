import { useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import { organizationsOf, peersOf, shortNodeName } from '../../network/membership';
import { formatNumber } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { OrgName, useOrganizationClass } from '../../ui/organization';
import { Empty } from '../../ui/waiting';
import { cellOf, disagrees } from './matrix';
import type { Cell, MatrixChannel } from './matrix';

interface MatrixProps {
  readonly status: NetworkStatus;
  readonly channels: readonly MatrixChannel[];
  readonly current: string | undefined;
  readonly selectedPeer: string | undefined;
  readonly onlyDisagreements: boolean;
  readonly onSelect: (peer: string | undefined, channel: string) => void;
}

/** Peers down, channels across. Arrows move between the cells, Enter opens one. */
export function MatrixTable(props: MatrixProps) {
  const { status, channels, current, onlyDisagreements, onSelect } = props;
  const table = useRef<HTMLTableElement>(null);
  const shown = (peer: NodeStatus) =>
    !onlyDisagreements || channels.some((channel) => disagrees(cellOf(channel, peer)));
  const groups = organizationsOf(status)
    .map(({ name }) => ({
      name,
      peers: status.nodes.filter((node) => node.role === 'peer' && node.organization === name && shown(node)),
    }))
    .filter(({ peers }) => peers.length > 0);
  return (
    <section className="panel mx" aria-label="Peers and channels">
      {groups.length === 0 ? (
        <Empty title="No disagreement">Every peer has joined what the topology declares.</Empty>
      ) : (
        <table
          className="matrix"
          ref={table}
          aria-busy={channels.some(({ detail }) => !detail)}
          onKeyDown={(event) => moveFocus(event, table.current)}
        >
          <colgroup>
            <col className="org-col" />
            <col className="peer-col" />
            <col span={channels.length} />
          </colgroup>
          <thead>
            <tr>
              <th colSpan={2}>
                <span className="sr">Peer</span>
              </th>
              {channels.map((channel) => (
                <th key={channel.name} scope="col" className={channel.name === current ? 'ch on' : 'ch'}>
                  <button type="button" onClick={() => onSelect(undefined, channel.name)}>
                    <b>{channel.name}</b>
                    <span>{joinedWords(status, channel)}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          {groups.map((group) => (
            <Organization key={group.name} {...group} matrix={props} />
          ))}
        </table>
      )}
    </section>
  );
}

function joinedWords(status: NetworkStatus, channel: MatrixChannel): string {
  const peers = peersOf(status, channel);
  if (!channel.detail) return `${peers.length} peers declared`;
  const joined = peers.filter((peer) => cellOf(channel, peer).kind === 'joined').length;
  return `${joined} of ${peers.length} peers joined`;
}

function Organization({
  name,
  peers,
  matrix,
}: {
  name: string;
  peers: readonly NodeStatus[];
  matrix: MatrixProps;
}) {
  const organizationClass = useOrganizationClass(name);
  return (
    <tbody>
      {peers.map((peer, index) => (
        <tr key={peer.name} className={index < peers.length - 1 ? 'first' : undefined}>
          {index === 0 && (
            <th scope="rowgroup" rowSpan={peers.length} className={`of-organization ${organizationClass}`}>
              <OrgName name={name} />
            </th>
          )}
          <th scope="row" className="peer">
            <span className="mono" title={peer.name}>
              {shortNodeName(peer.name)}
            </span>
          </th>
          {matrix.channels.map((channel) => (
            <MatrixCell
              key={channel.name}
              cell={cellOf(channel, peer)}
              name={`${peer.name} in ${channel.name}`}
              isSelected={matrix.selectedPeer === peer.name && matrix.current === channel.name}
              onSelect={() => matrix.onSelect(peer.name, channel.name)}
            />
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function MatrixCell({
  cell,
  name,
  isSelected,
  onSelect,
}: {
  cell: Cell;
  name: string;
  isSelected: boolean;
  onSelect: () => void;
}) {
  if (cell.kind === 'no-member') {
    return (
      <td className="cell no">
        <span className="sr">not a member</span>
      </td>
    );
  }
  const { height, words, tone } = faceOf(cell);
  return (
    <td className={`cell ${tone} ${isSelected ? 'sel' : ''}`}>
      <button type="button" onClick={onSelect} aria-pressed={isSelected}>
        <span className="sr">{name}: </span>
        <Sources cell={cell} />
        <span className="h">
          {tone === 'bad' && <Icon name="warn" />}
          {height}
        </span>
        <small>{words}</small>
      </button>
    </td>
  );
}

function faceOf(cell: Exclude<Cell, { kind: 'no-member' }>): { height: string; words: string; tone: string } {
  switch (cell.kind) {
    case 'waiting':
      return { height: '', words: 'asking', tone: '' };
    case 'silent':
      return { height: '–', words: 'no answer', tone: 'bad' };
    case 'not-joined':
      return { height: 'none', words: 'not joined', tone: 'bad' };
    case 'joined':
      return cell.behind === 0n
        ? { height: formatNumber(cell.height), words: 'level', tone: '' }
        : { height: formatNumber(cell.height), words: `${formatNumber(cell.behind)} behind`, tone: 'lag' };
  }
}

function Sources({ cell }: { cell: Cell }) {
  const joined = cell.kind === 'joined' ? 'y' : cell.kind === 'not-joined' ? 'n' : 'u';
  const words = { y: 'joined', n: 'not joined', u: 'not known' }[joined];
  return (
    <span className="sources">
      <i className="y" title="Declared: yes" aria-hidden="true">
        D
      </i>
      <i className={joined} title={`Joined: ${words}`} aria-hidden="true">
        J
      </i>
      <span className="sr">declared, {words}, </span>
    </span>
  );
}

/** Arrows go to the next cell in that direction that can be opened. */
function moveFocus(event: KeyboardEvent, table: HTMLTableElement | null): void {
  const steps: Record<string, readonly [number, number]> = {
    ArrowRight: [0, 1],
    ArrowLeft: [0, -1],
    ArrowDown: [1, 0],
    ArrowUp: [-1, 0],
  };
  const step = steps[event.key];
  const from = event.target instanceof Element ? event.target.closest('td') : null;
  const row = from?.closest('tr');
  if (!step || !table || !from || !row) return;
  event.preventDefault();
  const grid = [...table.tBodies]
    .flatMap((body) => [...body.rows])
    .map((line) => [...line.querySelectorAll('td')]);
  let y = [...table.tBodies].flatMap((body) => [...body.rows]).indexOf(row);
  let x = grid[y]?.indexOf(from) ?? -1;
  for (;;) {
    y += step[0];
    x += step[1];
    const cell = grid[y]?.[x];
    if (!cell) return;
    const button = cell.querySelector('button');
    if (button) {
      button.focus();
      return;
    }
  }
}
