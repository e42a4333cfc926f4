import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { NetworkStatus } from '../../../electron/api/models';
import { joinsOf, nodesUp } from '../../network/membership';
import { nodeNamed } from '../../network/node-named';
import { useNetworkStatus } from '../../network/use-network';
import { Badge, StateMark } from '../../ui/badge';
import { plural } from '../../ui/format';
import { PageHead } from '../../ui/page';
import { Resource } from '../../ui/resource';
import { SegmentedControl } from '../../ui/tabs';
import { Empty } from '../../ui/waiting';
import { NetworkMap } from './network-map';
import { NetworkPower, StopNetworkQuestion, StoppedNotice, useStartNetwork } from './network-power';
import { NodePanel } from './node-panel';
import { NodeTable } from './node-table';
import type { NetworkSearch } from './search';
import './network.css';
import './network-panel.css';

const route = getRouteApi('/network');

const views = [
  { id: 'map', title: 'Graph' },
  { id: 'table', title: 'Table' },
] as const;

/** Organizations, nodes, channels and who has joined what; the chosen node beside it. */
export function Network() {
  const status = useNetworkStatus();
  const { view = 'map' } = route.useSearch();
  const navigate = useNavigate({ from: '/network' });
  const start = useStartNetwork();
  const change = useCallback(
    (next: Partial<NetworkSearch>) =>
      void navigate({ search: (before) => ({ ...before, ...next }), resetScroll: false }),
    [navigate],
  );
  return (
    <>
      <PageHead
        title="Network"
        facts={status.data && <HeadFacts status={status.data} />}
        actions={
          <>
            <SegmentedControl
              label="Graph or table"
              items={views}
              selected={view}
              onSelect={(id) => change({ view: id === 'map' ? undefined : id })}
            />
            {status.data && (
              <NetworkPower status={status.data} start={start} onAskStop={() => change({ ask: 'down' })} />
            )}
          </>
        }
      />
      <Resource of={status} what="Asking every node how it is" lines={8}>
        {(data) => (
          <>
            {data.state === 'stopped' && <StoppedNotice start={start} />}
            <Body status={data} change={change} />
          </>
        )}
      </Resource>
    </>
  );
}

function HeadFacts({ status }: { status: NetworkStatus }) {
  const up = nodesUp(status);
  const { joined, declared } = joinsOf(status);
  const all = status.nodes.length;
  return (
    <>
      {status.state === 'stopped' ? (
        <Badge tone="idle">Stopped</Badge>
      ) : (
        <StateMark
          {...(up === all
            ? { tone: 'ok' as const }
            : status.state === 'starting'
              ? { tone: 'accent' as const, icon: 'clock' as const }
              : { tone: 'danger' as const })}
          word={`${up} of ${all} nodes up`}
        />
      )}
      <span>
        {joined} of {plural(declared, 'join')}
      </span>
      <span>{plural(status.channels.length, 'channel')}</span>
    </>
  );
}

function Body({ status, change }: { status: NetworkStatus; change: (next: Partial<NetworkSearch>) => void }) {
  const { view = 'map', node: wanted, ask, channel } = route.useSearch();
  const navigate = useNavigate();
  const node = wanted === undefined ? undefined : nodeNamed(status, wanted);
  const close = useCallback(() => change({ node: undefined, ask: undefined }), [change]);
  const open = (name: string) => {
    // A second time: the whole of it.
    if (name === node?.name) void navigate({ to: '/network/$node', params: { node: name } });
    else change({ node: name });
  };
  return (
    <div className={wanted === undefined ? 'body net' : 'body net with-panel'}>
      {view === 'map' ? (
        <NetworkMap status={status} selected={node?.name} channel={channel} onOpen={open} />
      ) : (
        <NodeTable status={status} selected={node?.name} onOpen={open} change={change} />
      )}
      {node && (
        <NodePanel
          key={node.name}
          status={status}
          node={node}
          ask={ask === 'down' ? undefined : ask}
          onAsk={(action) => change({ ask: action })}
          onClose={close}
        />
      )}
      {wanted !== undefined && !node && <UnknownNode status={status} name={wanted} onClose={close} />}
      <StopNetworkQuestion
        status={status}
        isOpen={ask === 'down'}
        onClose={() => change({ ask: undefined })}
      />
    </div>
  );
}

function UnknownNode({
  status,
  name,
  onClose,
}: {
  status: NetworkStatus;
  name: string;
  onClose: () => void;
}) {
  return (
    <aside className="panel detail" aria-label="Unknown node">
      <Empty
        title={`There is no node ${name}`}
        command="cityflow nodes list"
        action={
          <button type="button" className="link plain" onClick={onClose}>
            Show all {status.nodes.length} nodes
          </button>
        }
      >
        {status.network} has no node of this name; it may come from another network, or an older topology.
      </Empty>
    </aside>
  );
}
