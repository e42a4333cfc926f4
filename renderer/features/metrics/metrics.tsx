import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { MetricSeries } from '../../../electron/api/metric-models';
import type { NetworkStatus } from '../../../electron/api/models';
import { chartOf, namesOf } from '../../charts/chart-definition';
import { ChartOutlines, ChartPanel } from '../../charts/chart-panel';
import { csvName, csvOf } from '../../charts/csv';
import { SharedCursor, useCursorTime, useIsBusy } from '../../charts/cursor';
import type { CursorStore } from '../../charts/cursor';
import { timesOf } from '../../charts/metric-selection';
import { formatMoment } from '../../charts/ticks';
import { useChartNodes } from '../../charts/use-chart-nodes';
import { saveText } from '../../client/save-file';
import { useOperation } from '../../client/use-operation';
import { useNetworkStatus } from '../../network/use-network';
import { Badge } from '../../ui/badge';
import { Button, IconButton } from '../../ui/button';
import { plural } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { OrgName } from '../../ui/organization';
import { Filters, PageHead } from '../../ui/page';
import { Resource } from '../../ui/resource';
import { SegmentedControl } from '../../ui/tabs';
import { Age } from '../../ui/time';
import { RangePicker, RefreshMenu } from './controls';
import { useCursorInAddress } from './cursor-address';
import { dashboards } from './dashboards';
import { chosenNodes, NodeFilter } from './node-filter';
import { rangeOf, rangeRequest, ranges, usualRefresh } from './range';
import type { MetricsSearch, MetricTab } from './search';
import { useBatchTimeout } from './use-batch-timeout';
import './metrics.css';

const route = getRouteApi('/metrics');
const USUAL_MINUTES = 15;

const tabs: { id: MetricTab; title: string }[] = [
  { id: 'network', title: 'Network' },
  { id: 'peers', title: 'Peers' },
  { id: 'orderer', title: 'Orderer' },
  { id: 'contracts', title: 'Contracts' },
];

/** What nodes counted over time, on one time axis. */
export function Metrics() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/metrics' });
  const change = (next: Partial<MetricsSearch>, replace = false) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace, resetScroll: false });
  const store = useCursorInAddress(search.at, (at) => change({ at }, true));
  const isBusy = useIsBusy(store);
  const status = useNetworkStatus().data;
  const all = useChartNodes(status);
  const { organizations, nodes: named, channel, tab = 'network' } = search;
  const nodes = useMemo(() => chosenNodes(all, { organizations, nodes: named }), [all, organizations, named]);

  const settings = useOperation('settings.get', {});
  const range = rangeOf(search, settings.data?.metricsRangeMinutes ?? USUAL_MINUTES);
  const refresh = search.refresh ?? usualRefresh(range);
  const moves = range.kind === 'live' && refresh > 0 && !isBusy;
  const batchTimeoutMs = useBatchTimeout(status, channel, tab);
  const definitions = useMemo(
    () =>
      dashboards[tab].map((definition) =>
        definition.id === 'block-fill' && batchTimeoutMs !== undefined
          ? { ...definition, limit: { value: batchTimeoutMs, label: `timeout ${batchTimeoutMs / 1_000} s` } }
          : definition,
      ),
    [tab, batchTimeoutMs],
  );
  const series = useOperation(
    'metrics.series',
    {
      names: namesOf(dashboards[tab]),
      ...(nodes.length < all.length && { nodes: nodes.map(({ name }) => name) }),
      ...rangeRequest(range),
    },
    {
      replacesWhole: true,
      enabled: all.length > 0 && !settings.isPending,
      ...(moves && { pollMs: refresh * 1_000 }),
    },
  );
  const catalogue = useOperation('metrics.catalogue', {}).data;
  const shown = useLastOf(series.data, series.dataUpdatedAt, tab);
  const answer = shown?.answer;
  const charts = useMemo(
    () =>
      answer
        ? definitions.map((definition) =>
            chartOf(definition, { answer, nodes, network: all, channel }, catalogue),
          )
        : [],
    [answer, definitions, nodes, all, channel, catalogue],
  );
  const times = useMemo(() => answer && timesOf(answer), [answer]);
  const tables = search.tables ?? [];
  const show = (from: string, to: string) => change({ from, to, minutes: undefined });

  return (
    <>
      <PageHead
        title="Metrics"
        facts={
          answer && <Scrape answer={answer} status={status} isPaused={range.kind === 'live' && !moves} />
        }
        actions={
          <>
            <span data-filter>
              <NodeFilter all={all} choice={{ organizations, nodes: named }} onChoose={change} />
            </span>
            <RangePicker times={times} onRange={show} />
            <SegmentedControl
              label="Range that goes on with time"
              items={ranges}
              selected={range.kind === 'live' ? String(range.minutes) : ''}
              onSelect={(id) => change({ minutes: Number(id), from: undefined, to: undefined })}
            />
            <RefreshMenu
              seconds={range.kind === 'live' ? refresh : 0}
              onSelect={(seconds) => change({ refresh: seconds })}
            />
            <Button
              icon="download"
              aria-label="All charts as one CSV file"
              isDisabled={!times}
              onPress={() => times && saveText(csvName(tab, times), csvOf(charts), 'text/csv')}
            >
              CSV
            </Button>
          </>
        }
      />
      <Filters>
        <SegmentedControl
          label="Metrics of"
          items={tabs}
          selected={tab}
          onSelect={(id) => change({ tab: id, tables: undefined })}
        />
        {tab !== 'orderer' && <Organizations names={nodes.filter(({ role }) => role !== 'orderer')} />}
        <Moment store={store} nodes={nodes.length < all.length ? nodes.map(({ name }) => name) : undefined} />
      </Filters>
      <SharedCursor store={store}>
        <Resource
          of={{ ...series, data: answer, dataUpdatedAt: shown?.updatedAt ?? 0 }}
          what="Reading what was measured"
          outline={
            <div className="body charts metrics">
              <ChartOutlines charts={dashboards[tab]} />
            </div>
          }
        >
          {() => (
            <div className="body charts metrics">
              {charts.map((chart) => (
                <ChartPanel
                  key={chart.id}
                  chart={chart}
                  isTable={tables.includes(chart.id)}
                  onTable={(isTable) => {
                    const next = isTable ? [...tables, chart.id] : tables.filter((id) => id !== chart.id);
                    change({ tables: next.length > 0 ? next : undefined }, true);
                  }}
                  onRange={({ from, to }) => show(new Date(from).toISOString(), new Date(to).toISOString())}
                />
              ))}
            </div>
          )}
        </Resource>
      </SharedCursor>
    </>
  );
}

interface Shown {
  readonly answer: MetricSeries;
  readonly updatedAt: number;
}

/** What was shown of a tab stays until its newest answer is there: another range does not blank it. */
function useLastOf(answer: MetricSeries | undefined, updatedAt: number, tab: MetricTab): Shown | undefined {
  const [last, setLast] = useState<Shown & { readonly tab: MetricTab }>();
  if (answer && last?.answer !== answer) setLast({ tab, answer, updatedAt });
  if (answer) return { answer, updatedAt };
  return last?.tab === tab ? last : undefined;
}

function Scrape({
  answer: { scrape },
  status,
  isPaused,
}: {
  answer: MetricSeries;
  status: NetworkStatus | undefined;
  isPaused: boolean;
}) {
  const { asked, answered, everyMs, last } = scrape;
  const stopped = status?.state === 'stopped';
  return (
    <>
      {stopped && <Badge tone="warn">Network stopped</Badge>}
      {!stopped && (
        <span>
          {answered} of {plural(asked, 'node')} read every {everyMs / 1_000} s
        </span>
      )}
      {last !== null && (
        <span className="quiet">
          last <Age since={last} suffix=" ago" />
        </span>
      )}
      {isPaused && !stopped && <Badge tone="idle">Paused</Badge>}
    </>
  );
}

function Organizations({ names }: { names: readonly { readonly organization: string }[] }) {
  return (
    <span className="legend metrics-organizations">
      {[...new Set(names.map(({ organization }) => organization))].map((name) => (
        <OrgName key={name} name={name} />
      ))}
    </span>
  );
}

/** Where the cursor stands, and the way to what was logged then. */
function Moment({ store, nodes }: { store: CursorStore; nodes: string[] | undefined }) {
  const at = useCursorTime(store);
  if (at === null) return null;
  return (
    <span className="metrics-moment right">
      <Icon name="cursor" small />
      <b>{formatMoment(at)}</b>
      <Link className="link" to="/logs" search={{ at: new Date(at).toISOString(), ...(nodes && { nodes }) }}>
        Logs of this moment
      </Link>
      <IconButton label="Take the cursor away" icon="x" onPress={() => store.set(null)} />
    </span>
  );
}
