import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Identity, NetworkStatus } from '../../../electron/api/models';
import { useCommand } from '../../client/use-operation';
import { attentionOf } from '../../network/attention';
import type { Attention } from '../../network/attention';
import { useMay } from '../../client/use-role';
import { useIdentities, useNetworkStart, useNetworkStatus } from '../../network/use-network';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { inWords } from '../../ui/format';
import { PageHead } from '../../ui/page';
import { ProblemView } from '../../ui/problem-view';
import { Resource } from '../../ui/resource';
import { SegmentedControl } from '../../ui/tabs';
import { Empty } from '../../ui/waiting';
import { activityOf, useActivity } from './activity';
import { Certificates } from './certificates';
import { ChannelList } from './channel-list';
import { KeyFigures } from './key-figures';
import { LastBlocks } from './last-blocks';
import { LatestTasks } from './latest-tasks';
import { NeedsYou } from './needs-you';
import { NodesByOrganization } from './nodes-by-organization';
import { RateChart } from './rate-chart';
import { DEFAULT_RANGE, ranges } from './search';
import type { Range } from './search';
import './overview.css';

const route = getRouteApi('/');

/** Is it healthy, in one look; and where to go if not. */
export function Overview() {
  const status = useNetworkStatus();
  const identities = useIdentities();
  return (
    <>
      <PageHead
        title="Overview"
        facts={status.data && <Verdict status={status.data} identities={identities.data ?? []} />}
        actions={status.data && status.data.state !== 'stopped' && <Actions status={status.data} />}
      />
      <Resource of={status} what="Asking every node how it is" lines={8}>
        {(data) =>
          data.state === 'stopped' ? (
            <Stopped attention={attentionOf(data, [], Date.now())} />
          ) : (
            <Running status={data} identities={identities.data ?? []} />
          )
        }
      </Resource>
    </>
  );
}

function useAttention(status: NetworkStatus, identities: readonly Identity[]) {
  return useMemo(() => attentionOf(status, identities, Date.now()), [status, identities]);
}

function Verdict({ status, identities }: { status: NetworkStatus; identities: readonly Identity[] }) {
  const count = useAttention(status, identities).length;
  const isStarting = useNetworkStart() !== undefined && status.state !== 'running';
  if (isStarting || status.state === 'starting') return <Badge tone="accent">Starting</Badge>;
  if (status.state === 'stopped') return <Badge tone="idle">Stopped</Badge>;
  if (count === 0) return <Badge tone="ok">Running, nothing needs you</Badge>;
  return (
    <Badge tone="warn">
      Running, {inWords(count)} {count === 1 ? 'thing needs' : 'things need'} you
    </Badge>
  );
}

const rangeTitles: Record<Range, string> = { 15: '15 min', 60: '1 h', 360: '6 h', 1440: '24 h' };

function Actions({ status }: { status: NetworkStatus }) {
  const { minutes = DEFAULT_RANGE } = route.useSearch();
  const navigate = useNavigate({ from: '/' });
  const { mutateAsync: verify, isPending } = useCommand('ledger.verify');
  const verifyAll = async () => {
    await Promise.allSettled(status.channels.map(({ name }) => verify({ channel: name })));
    await navigate({ to: '/tasks' });
  };
  return (
    <>
      <SegmentedControl
        label="Range"
        items={ranges.map((range) => ({ id: String(range), title: rangeTitles[range] }))}
        selected={String(minutes)}
        onSelect={(id) => {
          const range = ranges.find((one) => String(one) === id);
          void navigate({ search: (before) => ({ ...before, minutes: range }) });
        }}
      />
      <Button icon="shield" onPress={() => void verifyAll()} isPending={isPending}>
        Verify ledgers
      </Button>
    </>
  );
}

function Running({ status, identities }: { status: NetworkStatus; identities: readonly Identity[] }) {
  const { minutes = DEFAULT_RANGE, table = false } = route.useSearch();
  const navigate = useNavigate({ from: '/' });
  const series = useActivity(minutes);
  const activity = useMemo(() => series.data && activityOf(series.data), [series.data]);
  return (
    <div className="body overview">
      <KeyFigures status={status} activity={activity} />
      <aside className="side">
        <NeedsYou attention={useAttention(status, identities)} />
        <NodesByOrganization status={status} />
        <Certificates identities={identities} />
        <LatestTasks />
      </aside>
      <div className="main-column">
        <RateChart
          of={{ ...series, data: activity }}
          asTable={table}
          onTable={(asTable) =>
            void navigate({ search: (before) => ({ ...before, table: asTable || undefined }) })
          }
        />
        <ChannelList status={status} />
        <LastBlocks channels={status.channels} />
      </div>
    </div>
  );
}

function Stopped({ attention }: { attention: readonly Attention[] }) {
  const start = useCommand('network.up');
  const { refusal } = useMay('network.up');
  const task = useNetworkStart()?.id ?? start.data?.task;
  return (
    <div className="body">
      {start.error && <ProblemView problem={start.error.problem} onRetry={() => start.mutate({})} />}
      {attention.length > 0 && <NeedsYou attention={attention} />}
      <section className="panel" aria-label="Network">
        <Empty
          title="The network is not running"
          action={
            task !== undefined ? (
              <Link className="link" to="/tasks" search={{ task }}>
                Starting: see its steps
              </Link>
            ) : (
              <Button
                kind="primary"
                icon="play"
                onPress={() => start.mutate({})}
                isPending={start.isPending}
                refusal={refusal}
              >
                Start the network
              </Button>
            )
          }
          command="cityflow up --detach"
        >
          Its keys and ledgers are kept; starting takes some seconds.
        </Empty>
      </section>
    </div>
  );
}
