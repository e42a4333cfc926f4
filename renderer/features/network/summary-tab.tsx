import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import type { NodeDetail } from '../../../electron/api/node-models';
import { formatTime, plural } from '../../ui/format';
import { Facts, Panel } from '../../ui/panel';
import { Age } from '../../ui/time';
import { Certificates } from './certificates';
import { ContainerPanel } from './container-facts';
import { HealthChecks } from './health-checks';
import { NodeChannels } from './node-channels';
import { Address, Load, Started, VersionOf } from './node-facts';
import { WhatBreaks } from './node-impact';

/** How a node is and why, what it is, what hangs on it. */
export function SummaryTab({
  status,
  node,
  detail,
}: {
  status: NetworkStatus;
  node: NodeStatus;
  detail: NodeDetail;
}) {
  return (
    <div className="summary">
      <div className="column">
        <Panel title="Health" note="what it is made of">
          <HealthChecks checks={detail.checks} />
        </Panel>
        {node.role !== 'contract' && (
          <Panel title="Channels" note="as the node itself says">
            <NodeChannels status={status} node={node} full />
          </Panel>
        )}
        <Panel title="Certificates">
          <Certificates certificates={detail.certificates} />
        </Panel>
      </div>
      <div className="column">
        <Panel title="Process">
          <div className="pad">
            <Facts items={processFacts(node, detail)} />
          </div>
        </Panel>
        {detail.container && <ContainerPanel container={detail.container} />}
        <Panel title="Listens on">
          <div className="pad">
            <Facts
              items={detail.ports.map(({ purpose, address }) => [
                portWords[purpose] ?? purpose,
                <Address address={address} what={`address of ${portWords[purpose] ?? purpose}`} />,
              ])}
            />
          </div>
        </Panel>
        {node.state === 'running' && <WhatBreaks status={status} node={node.name} />}
      </div>
    </div>
  );
}

const portWords: Readonly<Record<string, string>> = {
  grpc: 'gRPC',
  admin: 'Channel participation',
  operations: 'Operations',
  chaincode: 'Chaincode',
};

function processFacts(node: NodeStatus, detail: NodeDetail) {
  const running = [
    ['Process id', node.pid ?? 'none'],
    ['Started', <Started detail={detail} />],
    ['Load', <Load node={node} />],
    ['Log level', detail.logLevel ? detail.logLevel.spec : 'does not say'],
  ] as const;
  return [
    ['Name', <Address address={node.name} what="name" />],
    ['MSP', node.mspId],
    ['Program', <VersionOf node={node} detail={detail} />],
    ...(node.state === 'running' ? running : []),
    [
      'Started again',
      detail.restarts === 0 ? 'never since this console runs the network' : plural(detail.restarts, 'time'),
    ],
    ['Last ended by itself', <LastExit exit={detail.lastExit} />],
  ] as const;
}

function LastExit({ exit }: { exit: NodeDetail['lastExit'] }) {
  if (exit === null) return 'never';
  return (
    <span className="wraps" title={exit.reason}>
      {formatTime(exit.at)}, <Age since={exit.at} suffix=" ago" />: {exit.reason}
    </span>
  );
}
