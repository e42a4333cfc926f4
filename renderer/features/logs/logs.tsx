import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { NetworkStatus } from '../../../electron/api/models';
import { DownloadButton } from '../../logs/download-button';
import { LogFilters } from '../../logs/log-filters';
import { LogLevelButton } from '../../logs/log-level-button';
import { LogPane } from '../../logs/log-pane';
import { NodeOrganizations } from '../../logs/node-organization';
import { useLogView } from '../../logs/use-log-view';
import { useLogSources, useMergedSource } from '../../logs/use-log-source';
import { nodeTitle } from '../../network/membership';
import { useNetworkStatus } from '../../network/use-network';
import { Button } from '../../ui/button';
import { formatDate, plural } from '../../ui/format';
import { OrgTile } from '../../ui/organization';
import { PageHead } from '../../ui/page';
import { Resource } from '../../ui/resource';
import { SegmentedControl } from '../../ui/tabs';
import { Empty } from '../../ui/waiting';
import { lineTime } from '../../logs/log-line';
import { NodeChoice } from './node-choice';
import { KeptSearch } from './kept-search';
import type { logLayouts } from './search';
import { TransactionLogs } from './transaction-logs';
import '../../logs/logs.css';
import './logs.css';

const route = getRouteApi('/logs');
type Layout = (typeof logLayouts)[number];

/** More would leave none of them room for a line. */
const MOST_BESIDE = 4;

/** Logs of several nodes: beside each other, merged by time, searched through, or all about one transaction. */
export function Logs() {
  const { transaction } = route.useSearch();
  const status = useNetworkStatus();
  const network = status.data;
  if (!network) {
    return (
      <>
        <PageHead title="Logs" />
        <Resource of={status} what="Asking which nodes there are">
          {() => null}
        </Resource>
      </>
    );
  }
  return transaction === undefined ? (
    <LogsOfNodes network={network} />
  ) : (
    <TransactionLogs key={transaction} id={transaction} network={network} />
  );
}

function LogsOfNodes({ network }: { network: NetworkStatus }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/logs' });
  const [view, change] = useLogView();
  const [nextRequest, setNextRequest] = useState(0);
  const organizations = useOrganizationsOf(network);
  // A moment without nodes is a moment of all of them.
  const wanted = search.nodes ?? (view.at === undefined ? [] : [...organizations.keys()]);
  const nodes = wanted.filter((name) => organizations.has(name));
  const unknown = wanted.filter((name) => !organizations.has(name));
  const layout = search.layout ?? (nodes.length > 2 ? 'merged' : 'beside');
  const isTooMany = layout === 'beside' && nodes.length > MOST_BESIDE;
  const choose = (next: readonly string[]) =>
    void navigate({
      search: (before) => ({ ...before, nodes: next.length > 0 ? [...next] : undefined }),
      replace: true,
    });
  return (
    <NodeOrganizations value={organizations}>
      <PageHead
        title="Logs"
        facts={
          <>
            {nodes.length === 0 ? (
              <span>{plural(organizations.size, 'node')} keep one</span>
            ) : (
              <span>{plural(nodes.length, 'node')}</span>
            )}
            {view.at !== undefined && (
              <span>
                from {formatDate(view.at)} {lineTime(Date.parse(view.at))}
              </span>
            )}
          </>
        }
        actions={
          view.at !== undefined && (
            <Button onPress={() => change({ at: undefined })}>Back to the present</Button>
          )
        }
      />
      <NodeChoice network={network} chosen={nodes} onChoose={choose} />
      {nodes.length === 0 ? (
        <KeptSearch view={view} onChange={change} />
      ) : (
        <div className="logs-view">
          <LogFilters view={view} onChange={change} onNext={() => setNextRequest((count) => count + 1)}>
            {nodes.length > 1 && (
              <span className="right">
                <SegmentedControl
                  label="Arrangement"
                  items={layouts}
                  selected={layout}
                  onSelect={(next) => void navigate({ search: (before) => ({ ...before, layout: next }) })}
                />
              </span>
            )}
          </LogFilters>
          {isTooMany ? (
            <div className="panel logs-panes">
              <Empty
                title={`${nodes.length} logs do not fit beside each other`}
                action={
                  <Button
                    onPress={() => void navigate({ search: (before) => ({ ...before, layout: 'merged' }) })}
                  >
                    Merge them by time
                  </Button>
                }
              >
                Up to {MOST_BESIDE} do. Choose fewer nodes, or read all as one.
              </Empty>
            </div>
          ) : (
            <Panes
              key={`${nodes.join(' ')} ${view.at ?? ''}`}
              nodes={nodes}
              layout={layout}
              view={view}
              nextRequest={nextRequest}
            />
          )}
        </div>
      )}
      {unknown.length > 0 && (
        <p className="logs-unknown" role="status">
          Not in this network: {unknown.join(', ')}.
        </p>
      )}
    </NodeOrganizations>
  );
}

const layouts: readonly { id: Layout; title: string }[] = [
  { id: 'beside', title: 'Side by side' },
  { id: 'merged', title: 'Merged by time' },
];

function Panes({
  nodes,
  layout,
  view,
  nextRequest,
}: {
  nodes: readonly string[];
  layout: Layout;
  view: Parameters<typeof LogPane>[0]['view'];
  nextRequest: number;
}) {
  const sources = useLogSources(nodes, view.at);
  const merged = useMergedSource(sources);
  if (layout === 'merged' && sources.length > 1) {
    return (
      <LogPane
        source={merged}
        title={`Logs of ${plural(nodes.length, 'node')}, merged by time`}
        heading={<h2>Merged by time</h2>}
        view={view}
        showsNode
        nextRequest={nextRequest}
        actions={<DownloadButton nodes={nodes} />}
      />
    );
  }
  return (
    <div className="logs-panes">
      {sources.map((source) => (
        <LogPane
          key={source.node}
          source={source}
          title={`Log of ${source.node}`}
          heading={<PaneName node={source.node} />}
          view={view}
          nextRequest={nextRequest}
          actions={
            <>
              <DownloadButton nodes={[source.node]} />
              <LogLevelButton node={source.node} />
            </>
          }
        />
      ))}
    </div>
  );
}

function PaneName({ node }: { node: string }) {
  const organization = useNetworkStatus().data?.nodes.find(({ name }) => name === node)?.organization;
  return (
    <h2 className="logs-name" title={node}>
      {organization !== undefined && <OrgTile name={organization} titled />}
      {nodeTitle(node)}
    </h2>
  );
}

/** By full name, in the topology's order. The set of nodes, not each new status, makes a new one. */
function useOrganizationsOf({ nodes }: NetworkStatus): ReadonlyMap<string, string> {
  const key = JSON.stringify(nodes.map(({ name, organization }) => [name, organization]));
  return useMemo(() => new Map(nodes.map(({ name, organization }) => [name, organization])), [key]);
}
