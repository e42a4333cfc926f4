import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import { NodeLogs } from '../../logs/node-logs';
import { nodeTitle } from '../../network/membership';
import { nodeNamed } from '../../network/node-named';
import { useNetworkStatus } from '../../network/use-network';
import { Icon } from '../../ui/icon';
import { OrgName } from '../../ui/organization';
import { PageHead } from '../../ui/page';
import { Resource } from '../../ui/resource';
import { Tabs } from '../../ui/tabs';
import { Empty } from '../../ui/waiting';
import { ConfigurationTab } from './configuration-tab';
import { Drift } from './container-facts';
import { EnvironmentTab } from './environment-tab';
import { NodeButtons, NodeQuestion, useStartNode } from './node-actions';
import { NodeBadge } from './node-badge';
import { NodeDown } from './node-down';
import { MetricsTab, StatsTab } from './measured-tabs';
import { nodeTabs } from './search';
import type { NodeTab } from './search';
import { SummaryTab } from './summary-tab';
import { tabTitles } from './tab-titles';
import { useNodeDetail } from './use-node-detail';
import './network-panel.css';
import './node-page.css';

const route = getRouteApi('/network/$node');

/** One node whole. */
export function NodePage() {
  const { node: wanted } = route.useParams();
  const status = useNetworkStatus();
  const node = status.data && nodeNamed(status.data, wanted);
  if (status.data && node) return <KnownNode key={node.name} status={status.data} node={node} />;
  return (
    <>
      <PageHead title={nodeTitle(wanted)} facts={<BackToNetwork />} />
      <Resource of={status} what="Asking every node how it is" lines={8}>
        {(data) => (
          <Empty
            title={`There is no node ${wanted}`}
            command="cityflow nodes list"
            action={<BackToNetwork />}
          >
            {data.network} has {data.nodes.length} nodes, none of this name; it may come from another network,
            or an older topology.
          </Empty>
        )}
      </Resource>
    </>
  );
}

function BackToNetwork({ node }: { node?: string }) {
  return (
    <Link className="link back" to="/network" search={node === undefined ? {} : { node }}>
      <Icon name="network" small />
      All nodes
    </Link>
  );
}

function KnownNode({ status, node }: { status: NetworkStatus; node: NodeStatus }) {
  const { tab = 'summary', ask } = route.useSearch();
  const navigate = useNavigate({ from: '/network/$node' });
  const starting = useStartNode(node);
  const detail = useNodeDetail(node);
  const container = detail.data?.container ?? null;
  const question = (next: typeof ask) =>
    void navigate({ search: (before) => ({ ...before, ask: next }), resetScroll: false });
  return (
    <>
      <PageHead
        title={nodeTitle(node.name)}
        facts={
          <>
            <NodeBadge status={status} node={node} />
            <OrgName name={node.organization} />
            <span>
              {node.contract ? `contract ${node.contract.name} of ${node.contract.channel}` : node.role}
            </span>
            <BackToNetwork node={node.name} />
          </>
        }
        actions={
          <NodeButtons
            node={node}
            container={container}
            starting={starting}
            networkStopped={status.state === 'stopped'}
            onAsk={question}
          />
        }
      />
      <div className="body node-page">
        {node.state !== 'running' && (
          <NodeDown status={status} node={node} detail={detail.data} starting={starting} />
        )}
        <Drift container={container} onAsk={question} />
        <section className="panel" aria-label={node.name}>
          <Tabs
            label={`Pages of ${node.name}`}
            items={nodeTabs.map((id) => ({ id, title: tabTitles[id].title }))}
            selected={tab}
            onSelect={(id) =>
              void navigate({ search: (before) => ({ ...before, tab: id === 'summary' ? undefined : id }) })
            }
          >
            <TabContent status={status} node={node} tab={tab} />
          </Tabs>
        </section>
      </div>
      <NodeQuestion
        status={status}
        node={node}
        container={container}
        ask={ask}
        onClose={() => question(undefined)}
      />
    </>
  );
}

function TabContent({ status, node, tab }: { status: NetworkStatus; node: NodeStatus; tab: NodeTab }) {
  const detail = useNodeDetail(node);
  switch (tab) {
    case 'logs':
      return <NodeLogs node={node.name} />;
    case 'stats':
      return <StatsTab node={node} />;
    case 'metrics':
      return <MetricsTab node={node} />;
    case 'summary':
    case 'configuration':
    case 'environment':
      return (
        <Resource of={detail} what={`Asking ${nodeTitle(node.name)}`} lines={8}>
          {(data) =>
            tab === 'summary' ? (
              <SummaryTab status={status} node={node} detail={data} />
            ) : tab === 'configuration' ? (
              <ConfigurationTab node={node} detail={data} />
            ) : (
              <EnvironmentTab detail={data} />
            )
          }
        </Resource>
      );
  }
}
