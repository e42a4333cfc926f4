import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { LogSearch } from '../../../electron/api/node-models';
import type { NetworkStatus } from '../../../electron/api/models';
import { useOperation } from '../../client/use-operation';
import { NodeOrganizations, useNodeOrganization } from '../../logs/node-organization';
import { lineTime } from '../../logs/log-line';
import type { LogLine } from '../../logs/log-line';
import { nodeTitle } from '../../network/membership';
import { Button } from '../../ui/button';
import { CopyId } from '../../ui/copy-id';
import { formatDate, formatDuration, plural, shortId } from '../../ui/format';
import { OrgTile, useOrganizationClass } from '../../ui/organization';
import { Filters, PageHead } from '../../ui/page';
import { Panel } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import { FilterChip, SegmentedControl } from '../../ui/tabs';
import { Empty } from '../../ui/waiting';
import { FoundLines, useFound } from './found-lines';
import { Unread } from './kept-search';
import type { logLayouts } from './search';

const route = getRouteApi('/logs');
const ID = /^[0-9a-f]{8}([0-9a-f]{56})?$/;

/** What every node wrote about one transaction, by time since the first of them wrote. */
export function TransactionLogs({ id, network }: { id: string; network: NetworkStatus }) {
  const navigate = useNavigate({ from: '/logs' });
  const { wrap = false, layout = 'merged' } = route.useSearch();
  const found = useOperation('logs.search', { transactionId: id }, { enabled: ID.test(id) });
  const organizations = new Map(network.nodes.map(({ name, organization }) => [name, organization]));
  return (
    <NodeOrganizations value={organizations}>
      <PageHead
        title="Transaction in the logs"
        facts={
          <>
            <CopyId id={id} what="transaction id" />
            {found.data && <Verdict found={found.data} />}
          </>
        }
        actions={
          <>
            <Button icon="restart" onPress={() => void found.refetch()} isPending={found.isFetching}>
              Search again
            </Button>
            <Button onPress={() => void navigate({ search: {} })}>All logs</Button>
          </>
        }
      />
      <Filters>
        <span data-filter>
          <SegmentedControl
            label="Order"
            items={orders}
            selected={layout}
            onSelect={(next) => void navigate({ search: (before) => ({ ...before, layout: next }) })}
          />
        </span>
        <FilterChip
          isSelected={wrap}
          onChange={(on) => void navigate({ search: (before) => ({ ...before, wrap: on || undefined }) })}
        >
          Wrap
        </FilterChip>
      </Filters>
      {ID.test(id) ? (
        <Resource of={found} what="Reading the logs of all nodes" lines={8}>
          {(answer) => <Lines id={id} answer={answer} isByNode={layout === 'beside'} isWrapped={wrap} />}
        </Resource>
      ) : (
        <div className="logs-view">
          <Empty title="That is no id of a transaction">
            It has 64 hexadecimal digits in lower case, or the first eight of them where a node shortened it.
          </Empty>
        </div>
      )}
    </NodeOrganizations>
  );
}

const orders: readonly { id: (typeof logLayouts)[number]; title: string }[] = [
  { id: 'merged', title: 'By time' },
  { id: 'beside', title: 'By node' },
];

function Verdict({ found }: { found: LogSearch }) {
  const lines = useFound(found);
  const nodes = found.nodes.filter(({ matches }) => matches > 0).length;
  const { first, last } = spanOf(lines);
  if (lines.length === 0) return null;
  return (
    <>
      <span>
        {plural(lines.length, 'line')} on {plural(nodes, 'node')}
      </span>
      {first < last && <span>{formatDuration(last - first)} from first to last</span>}
      {Number.isFinite(first) && (
        <span className="quiet">
          {formatDate(new Date(first).toISOString())} {lineTime(first)}
        </span>
      )}
      {found.truncated && <span className="quiet">newest lines only</span>}
    </>
  );
}

function Lines({
  id,
  answer,
  isByNode,
  isWrapped,
}: {
  id: string;
  answer: LogSearch;
  isByNode: boolean;
  isWrapped: boolean;
}) {
  const lines = useFound(answer);
  const { first, last } = spanOf(lines);
  if (lines.length === 0) {
    return (
      <div className="logs-view">
        <Empty title="No log mentions this transaction">
          Either it never reached this network, or its lines are no longer kept: a log holds three files of
          ten megabytes. Nodes say more about transactions at the level debug.
        </Empty>
        <Unread answer={answer} />
      </div>
    );
  }
  const order = answer.nodes.map(({ node }) => node);
  const sorted = isByNode ? lines.toSorted((a, b) => order.indexOf(a.node) - order.indexOf(b.node)) : lines;
  return (
    <div className="logs-view">
      <Lanes lines={lines} nodes={order} first={first} last={last} />
      <Panel
        className="logs-result"
        title={isByNode ? 'Lines, node by node' : 'Lines by time'}
        note="milliseconds since the first line, by the nodes’ own clocks"
      >
        <FoundLines
          key={String(isByNode)}
          label={`Lines about transaction ${shortId(id)}`}
          lines={sorted}
          text={id.slice(0, 8)}
          isWrapped={isWrapped}
          origin={first}
        />
        <Unread answer={answer} />
      </Panel>
    </div>
  );
}

/** When each node wrote, to scale. The list below holds the same as text. */
function Lanes({
  lines,
  nodes,
  first,
  last,
}: {
  lines: readonly LogLine[];
  nodes: readonly string[];
  first: number;
  last: number;
}) {
  const mentioned = nodes.filter((node) => lines.some((line) => line.node === node));
  const span = Math.max(1, last - first);
  return (
    <Panel title="Who wrote when" note={`to scale, ${formatDuration(span)}`} className="logs-lanes">
      <ul>
        {mentioned.map((node) => (
          <Lane
            key={node}
            node={node}
            marks={lines.filter((line) => line.node === node).map(({ time }) => (time - first) / span)}
            count={lines.filter((line) => line.node === node).length}
          />
        ))}
      </ul>
    </Panel>
  );
}

function Lane({ node, marks, count }: { node: string; marks: readonly number[]; count: number }) {
  const organization = useNodeOrganization(node) ?? '';
  const organizationClass = useOrganizationClass(organization);
  return (
    <li className={organizationClass}>
      <span className="name" title={node}>
        <OrgTile name={organization} titled />
        {nodeTitle(node)}
      </span>
      <svg viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2="1000" y1="10" y2="10" className="track" />
        {marks.filter(Number.isFinite).map((mark, index) => (
          <line key={index} x1={mark * 1000} x2={mark * 1000} y1="3" y2="17" className="tick" />
        ))}
      </svg>
      <span className="quiet num">{plural(count, 'line')}</span>
    </li>
  );
}

function spanOf(lines: readonly LogLine[]): { first: number; last: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { time } of lines) {
    if (Number.isNaN(time)) continue;
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  return { first, last };
}
