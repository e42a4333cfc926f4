import { getRouteApi } from '@tanstack/react-router';
import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import { lagsOf, nodeTitle, shortChannelName } from '../../network/membership';
import { DRIFT, nodeLook, portOf } from '../../network/node-look';
import type { NodeLook } from '../../network/node-look';
import { StateMark } from '../../ui/badge';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/fields';
import { formatBytes, formatDecimal, formatNumber } from '../../ui/format';
import { OrgName } from '../../ui/organization';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import { Empty } from '../../ui/waiting';
import { describeStop, mapOf } from './map-model';
import type { Stop } from './map-model';
import type { NetworkSearch } from './search';
import { StopMark } from './stop-mark';

const route = getRouteApi('/network');

interface Row {
  readonly node: NodeStatus;
  readonly look: NodeLook;
  readonly behind: bigint;
  readonly stops: readonly Stop[];
}

/** The map's facts as a table. */
export function NodeTable({
  status,
  selected,
  onOpen,
  change,
}: {
  status: NetworkStatus;
  selected: string | undefined;
  onOpen: (node: string) => void;
  change: (next: Partial<NetworkSearch>) => void;
}) {
  const { filter = '', sort, descending = false } = route.useSearch();
  const rows = rowsOf(status).filter((row) => matches(row, filter));
  return (
    <section className="panel node-table" aria-label="Nodes">
      <div className="table-filter" data-filter>
        <TextField
          label="Filter nodes"
          hideLabel
          inputType="search"
          placeholder="Name, organization, role, state or channel"
          value={filter}
          onChange={(text) => change({ filter: text || undefined })}
        />
        <span className="quiet" role="status">
          {rows.length} of {status.nodes.length} nodes
        </span>
      </div>
      {rows.length === 0 ? (
        <Empty
          title="No node matches"
          action={
            <Button small onPress={() => change({ filter: undefined })}>
              Show all
            </Button>
          }
        >
          Nothing of a node's name, organization, role, state or channels contains “{filter}”.
        </Empty>
      ) : (
        <Table
          label="Nodes"
          columns={columns}
          rows={rows}
          rowKey={({ node }) => node.name}
          selected={selected}
          onOpen={({ node }) => onOpen(node.name)}
          sort={sort === undefined ? undefined : { column: sort, descending }}
          onSort={(next) => change({ sort: next.column, descending: next.descending || undefined })}
        />
      )}
    </section>
  );
}

function rowsOf(status: NetworkStatus): Row[] {
  const lags = lagsOf(status);
  const stops = new Map(
    mapOf(status).lanes.flatMap(({ wires }) => wires.map((wire) => [wire.node.name, wire.stops] as const)),
  );
  return status.nodes.map((node) => {
    const behind = lags.find((lag) => lag.node.name === node.name)?.blocks ?? 0n;
    return {
      node,
      behind,
      look: nodeLook(node, behind, status.state === 'stopped'),
      stops: stops.get(node.name)?.filter((stop) => stop !== undefined) ?? [],
    };
  });
}

function matches({ node, look, stops }: Row, filter: string): boolean {
  const text = [node.name, node.organization, node.mspId, node.role, node.program, node.address]
    .concat(
      hasDrift(node) ? DRIFT : '',
      look.word,
      node.state,
      node.contract?.channel ?? '',
      stops.map(({ channel }) => channel),
    )
    .join(' ')
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const hasDrift = ({ drift }: NodeStatus): boolean => drift !== null && drift.length > 0;

const toneOrder: Record<NodeLook['tone'], number> = { danger: 0, warn: 1, accent: 2, idle: 3, ok: 4 };

const columns: readonly Column<Row>[] = [
  {
    id: 'node',
    title: 'Node',
    cell: ({ node }) => (
      <>
        <span title={node.name}>{nodeTitle(node.name)}</span>
        {hasDrift(node) && (
          <span className="drifted" title={`Not as the topology has it: ${node.drift?.join('; ') ?? ''}`}>
            <StateMark tone="warn" word={DRIFT} quietWord />
          </span>
        )}
      </>
    ),
    sortBy: ({ node }) => node.name,
  },
  {
    id: 'organization',
    title: 'Organization',
    cell: ({ node }) => <OrgName name={node.organization} />,
    sortBy: ({ node }) => node.organization,
  },
  { id: 'role', title: 'Role', cell: ({ node }) => node.role, sortBy: ({ node }) => node.role },
  {
    id: 'state',
    title: 'State',
    cell: ({ node, look }) => (
      <span title={node.health.reasons.join(' ')}>
        <StateMark tone={look.tone} icon={look.icon} word={look.word} />
      </span>
    ),
    sortBy: ({ look }) => toneOrder[look.tone],
  },
  {
    id: 'address',
    title: 'Port',
    numeric: true,
    cell: ({ node }) => (
      <span className="mono" title={node.address}>
        {portOf(node.address).slice(1)}
      </span>
    ),
    sortBy: ({ node }) => Number(portOf(node.address).slice(1)),
  },
  {
    id: 'cpu',
    title: 'CPU %',
    numeric: true,
    cell: ({ node }) => (node.cpuPercent === null ? '–' : formatDecimal(node.cpuPercent, 1)),
    sortBy: ({ node }) => node.cpuPercent ?? -1,
  },
  {
    id: 'memory',
    title: 'Memory',
    numeric: true,
    cell: ({ node }) => (node.residentBytes === null ? '–' : formatBytes(node.residentBytes)),
    sortBy: ({ node }) => node.residentBytes ?? -1,
  },
  {
    id: 'lag',
    title: 'Lag',
    numeric: true,
    cell: ({ node, behind }) =>
      node.role === 'peer' && node.state === 'running' ? formatNumber(behind) : '–',
    sortBy: ({ behind }) => behind,
  },
  { id: 'channels', title: 'Channels and heights', cell: (row) => <Channels row={row} /> },
];

function Channels({ row: { node, stops } }: { row: Row }) {
  if (node.contract)
    return (
      <>
        runs {node.contract.name} for {node.contract.channel}
      </>
    );
  return (
    <span className="stops">
      {stops.map((stop) => (
        <span key={stop.channel} title={describeStop(stop)}>
          <StopMark shape={stop.kind === 'joined' && stop.anchor ? 'anchor' : stop.kind} />
          <span className="sr">{describeStop(stop)}</span>
          <span aria-hidden="true">{shortChannelName(stop.channel)}</span>{' '}
          {stop.height === null ? '–' : formatNumber(stop.height)}
        </span>
      ))}
    </span>
  );
}
