import { Link } from '@tanstack/react-router';
import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import type { NodeAction } from '../../../electron/api/node-models';
import { nodeTitle } from '../../network/membership';
import { IconButton } from '../../ui/button';
import { useEscape } from '../../ui/escape';
import { OrgTile, useOrganizationClass } from '../../ui/organization';
import { Facts } from '../../ui/panel';
import { Stale } from '../../ui/resource';
import { Waiting } from '../../ui/waiting';
import { Drift } from './container-facts';
import { LastLines } from './last-lines';
import { NodeBadge } from './node-badge';
import { NodeButtons, NodeQuestion, useStartNode } from './node-actions';
import { NodeChannels } from './node-channels';
import { NodeDown } from './node-down';
import { panelFacts } from './node-facts';
import { WhatBreaks } from './node-impact';
import { nodeTabs } from './search';
import { tabTitles } from './tab-titles';
import { useNodeDetail } from './use-node-detail';

/** The chosen node beside map and table: how it is, and what would break without it. */
export function NodePanel({
  status,
  node,
  ask,
  onAsk,
  onClose,
}: {
  status: NetworkStatus;
  node: NodeStatus;
  /** What is asked before it is done. */
  ask: NodeAction | undefined;
  onAsk: (action: NodeAction | undefined) => void;
  onClose: () => void;
}) {
  useEscape(onClose);
  const detail = useNodeDetail(node);
  const organizationClass = useOrganizationClass(node.organization);
  const starting = useStartNode(node);
  const container = detail.data?.container ?? null;
  const stopped = status.state === 'stopped';
  return (
    <aside className={`panel detail ${organizationClass}`} aria-label={node.name}>
      <header className="who">
        <OrgTile name={node.organization} titled />
        <span className="names">
          <h2 title={node.name}>{nodeTitle(node.name)}</h2>
          <small className="quiet">
            {node.contract ? `contract of ${node.contract.channel}` : node.mspId}
          </small>
        </span>
        <span className="right panel-aside">
          <NodeBadge status={status} node={node} />
          <IconButton label="Close" icon="x" onPress={onClose} />
        </span>
      </header>
      <nav className="tabs links" aria-label={`Pages of ${node.name}`}>
        {nodeTabs.map((tab) => (
          <Link
            key={tab}
            to="/network/$node"
            params={{ node: node.name }}
            search={{ tab: tab === 'summary' ? undefined : tab }}
            aria-current={tab === 'summary' ? 'true' : undefined}
          >
            {tabTitles[tab].short}
          </Link>
        ))}
      </nav>
      <div className="scroll">
        {detail.error && detail.data && (
          <Stale
            problem={detail.error.problem}
            since={detail.dataUpdatedAt}
            onRetry={() => void detail.refetch()}
          />
        )}
        {node.state !== 'running' && (
          <NodeDown status={status} node={node} detail={detail.data} starting={starting} />
        )}
        <Drift container={container} onAsk={onAsk} />
        <div className="pad facts">
          <Facts items={panelFacts(node, detail.data)} />
        </div>
        {detail.data === undefined && <Waiting what={`Asking ${nodeTitle(node.name)}`} lines={2} />}
        {node.role !== 'contract' && node.channels.length > 0 && <NodeChannels status={status} node={node} />}
        {node.state === 'running' && <WhatBreaks status={status} node={node.name} />}
        <LastLines node={node.name} always={node.state !== 'running'} />
      </div>
      <footer className="acts">
        <NodeButtons
          node={node}
          container={container}
          starting={starting}
          networkStopped={stopped}
          onAsk={onAsk}
          wide
        />
      </footer>
      <NodeQuestion
        status={status}
        node={node}
        container={container}
        ask={ask}
        onClose={() => onAsk(undefined)}
      />
    </aside>
  );
}
