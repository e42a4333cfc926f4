import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useChannelDetails } from '../../network/use-channel-details';
import { useNetworkStatus } from '../../network/use-network';
import type { NetworkStatus } from '../../../electron/api/models';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { formatNumber, plural } from '../../ui/format';
import { Filters, PageHead } from '../../ui/page';
import { ProblemView } from '../../ui/problem-view';
import { Resource } from '../../ui/resource';
import { FilterChip, SegmentedControl } from '../../ui/tabs';
import { Age } from '../../ui/time';
import { Empty } from '../../ui/waiting';
import type { channelTabs } from './search';
import { CellPanel } from './cell-panel';
import { Configuration } from './configuration';
import { LedgerComparison } from './ledger-comparison';
import { MatrixTable } from './matrix-table';
import { summaryOf } from './matrix';
import type { MatrixChannel } from './matrix';
import { Policies } from './policies';
import './channels.css';

const route = getRouteApi('/channels');

type Tab = (typeof channelTabs)[number];

const tabs: { id: Tab; title: string }[] = [
  { id: 'membership', title: 'Membership' },
  { id: 'configuration', title: 'Configuration' },
  { id: 'policies', title: 'Policies' },
];

/** Who is in which channel, as declared and as each peer says, and what the channel's configuration holds. */
export function Channels() {
  const status = useNetworkStatus();
  const running = status.data !== undefined && status.data.state !== 'stopped';
  return running ? (
    <RunningChannels status={status.data} />
  ) : (
    <>
      <PageHead title="Channels" />
      <Resource of={status} what="Asking which channels there are">
        {() => (
          <Empty title="The network is not running" command="cityflow up --detach">
            Which peer has joined what is asked of the peers themselves.
          </Empty>
        )}
      </Resource>
    </>
  );
}

function RunningChannels({ status }: { status: NetworkStatus }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/channels' });
  const details = useChannelDetails(status);
  const channels = status.channels.map(({ name, members }, index): MatrixChannel => ({
    name,
    members,
    detail: details[index]?.data,
  }));
  const tab = search.tab ?? 'membership';
  const current = channels.find(({ name }) => name === search.channel) ?? channels[0];
  const failed = details.find(({ error }) => error !== null);
  const askedAt = Math.min(...details.map(({ dataUpdatedAt }) => dataUpdatedAt));
  const askAgain = () => {
    for (const detail of details) void detail.refetch();
  };
  return (
    <>
      <PageHead
        title="Channels"
        facts={<Summary status={status} channels={channels} askedAt={askedAt} />}
        actions={
          <Button icon="restart" onPress={askAgain} isPending={details.every(({ isFetching }) => isFetching)}>
            Ask again
          </Button>
        }
      />
      <Filters>
        <span data-filter>
          <SegmentedControl
            label="What to show"
            items={tabs}
            selected={tab}
            onSelect={(id) => void navigate({ search: (before) => ({ ...before, tab: id }) })}
          />
        </span>
        {tab === 'membership' ? (
          <>
            <FilterChip
              isSelected={search.disagreements ?? false}
              onChange={(only) =>
                void navigate({ search: (before) => ({ ...before, disagreements: only || undefined }) })
              }
            >
              Only disagreements
            </FilterChip>
            <Legend />
          </>
        ) : (
          <SegmentedControl
            label="Channel"
            items={channels.map(({ name }) => ({ id: name, title: name }))}
            selected={current?.name ?? ''}
            onSelect={(name) => void navigate({ search: (before) => ({ ...before, channel: name }) })}
          />
        )}
      </Filters>
      {failed?.error && (
        <div className="channels-notice">
          <ProblemView problem={failed.error.problem} onRetry={askAgain} isRetrying={failed.isFetching} />
        </div>
      )}
      {tab === 'membership' && <Membership status={status} channels={channels} current={current} />}
      {tab === 'configuration' && current && <Configuration status={status} channel={current} />}
      {tab === 'policies' && current && <Policies status={status} channel={current} />}
    </>
  );
}

function Summary({
  status,
  channels,
  askedAt,
}: {
  status: NetworkStatus;
  channels: readonly MatrixChannel[];
  askedAt: number;
}) {
  if (channels.some(({ detail }) => detail === undefined)) return <span>Asking every peer</span>;
  const { joins, declared, disagreements, silent, worstLag } = summaryOf(status, channels);
  return (
    <>
      {disagreements > 0 && <Badge tone="warn">{plural(disagreements, 'disagreement')}</Badge>}
      {silent > 0 && <Badge tone="warn">{silent} not known</Badge>}
      {disagreements + silent === 0 && <Badge tone="ok">All as declared</Badge>}
      <span>
        {joins} of {declared} joins
      </span>
      <span>{worstLag === 0n ? 'All level' : `Worst lag ${formatNumber(worstLag)} blocks`}</span>
      <span className="quiet">
        asked every peer <Age since={askedAt} suffix=" ago" />
      </span>
    </>
  );
}

function Legend() {
  return (
    <span className="legend right">
      <span>
        <span className="sources" aria-hidden="true">
          <i className="y">D</i>
        </span>
        declared in the topology
      </span>
      <span>
        <span className="sources" aria-hidden="true">
          <i className="y">J</i>
        </span>
        joined, asked of the peer
      </span>
    </span>
  );
}

function Membership({
  status,
  channels,
  current,
}: {
  status: NetworkStatus;
  channels: readonly MatrixChannel[];
  current: MatrixChannel | undefined;
}) {
  const { peer: peerName, disagreements = false } = route.useSearch();
  const navigate = useNavigate({ from: '/channels' });
  const peer = status.nodes.find(({ name, role }) => role === 'peer' && name === peerName);
  const select = (node: string | undefined, channel: string) =>
    void navigate({ search: (before) => ({ ...before, peer: node, channel }), resetScroll: false });
  return (
    <div className={peer ? 'body chs with-panel' : 'body chs'}>
      <MatrixTable
        status={status}
        channels={channels}
        current={current?.name}
        selectedPeer={peer?.name}
        onlyDisagreements={disagreements}
        onSelect={select}
      />
      {peer && current && (
        <CellPanel
          status={status}
          channel={current}
          peer={peer}
          onClose={() => select(undefined, current.name)}
        />
      )}
      {current && <LedgerComparison status={status} channel={current} />}
    </div>
  );
}
