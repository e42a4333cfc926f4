import { formatTick, formatValueTick, timeTicks, valueTicks } from '../../charts/ticks';
import { IconButton } from '../../ui/button';
import { formatDecimal, formatTime, plural } from '../../ui/format';
import { Panel } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import type { Loadable } from '../../ui/resource';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import { Empty } from '../../ui/waiting';
import { totalsOf } from './activity';
import type { Activity } from './activity';

const TIME_TICKS = 6;

/** What was committed, with what failed validation on top of the same bars. */
export function RateChart({
  of,
  asTable,
  onTable,
}: {
  of: Loadable<Activity>;
  asTable: boolean;
  onTable: (asTable: boolean) => void;
}) {
  return (
    <Panel
      className="rate"
      title="Committed transactions"
      note="tx/s, all channels"
      aside={
        <>
          <span className="legend">
            <span>
              <i className="key sq valid" /> Valid
            </span>
            <span>
              <i className="key sq failed" /> Failed validation
            </span>
          </span>
          <IconButton
            label={asTable ? 'Show as a chart' : 'Show as a table'}
            icon={asTable ? 'metrics' : 'table'}
            onPress={() => onTable(!asTable)}
          />
        </>
      }
    >
      <Resource of={of} what="Reading what was measured" lines={4}>
        {(activity) => {
          if (activity.valid.every((value) => value === null)) {
            return (
              <Empty title="No data yet">
                The console reads every node’s counters while the network runs; the first bar stands here
                after two readings.
              </Empty>
            );
          }
          return asTable ? <AsTable activity={activity} /> : <Bars activity={activity} />;
        }}
      </Resource>
    </Panel>
  );
}

function Bars({ activity }: { activity: Activity }) {
  const { times, stepMs, valid, failed } = activity;
  const from = (times[0] ?? 0) - stepMs;
  const to = times.at(-1) ?? 0;
  const { peak, all, failed: failures } = totalsOf(activity);
  const ticks = valueTicks(peak?.value ?? 0);
  const { values, max } = ticks;
  const y = (rate: number) => 100 - (rate / max) * 100;
  const width = 1000 / times.length;
  return (
    <div className="bars">
      <div className="plot">
        <svg
          viewBox="0 0 1000 100"
          preserveAspectRatio="none"
          role="img"
          aria-label={`Committed transactions per second from ${formatTime(new Date(from).toISOString())} to ${formatTime(new Date(to).toISOString())}: ${plural(all, 'transaction')}, ${failures} of them failed.`}
        >
          {values.map((value) => (
            <path key={value} className={value === 0 ? 'base' : 'g'} d={`M0 ${y(value)}H1000`} />
          ))}
          {times.map((at, step) => {
            const good = valid[step] ?? null;
            if (good === null) return null;
            const bad = failed[step] ?? 0;
            const left = step * width + width * 0.12;
            return (
              <g key={at}>
                <rect className="valid" x={left} width={width * 0.76} y={y(good)} height={100 - y(good)} />
                {bad > 0 && (
                  <rect
                    className="failed"
                    x={left}
                    width={width * 0.76}
                    y={y(good + bad)}
                    height={y(good) - y(good + bad)}
                  />
                )}
              </g>
            );
          })}
        </svg>
        {values.map((value) => (
          <span key={value} className="yt" aria-hidden="true" style={{ top: `${y(value)}%` }}>
            {formatValueTick(value, ticks)}
          </span>
        ))}
      </div>
      <div className="xt" aria-hidden="true">
        {timeTicks(from, to, TIME_TICKS).map((at) => (
          <span key={at} style={{ left: `${((at - from) / (to - from)) * 100}%` }}>
            {formatTick(at)}
          </span>
        ))}
      </div>
    </div>
  );
}

function AsTable({ activity }: { activity: Activity }) {
  const rate = (value: number | null | undefined) =>
    value === null || value === undefined ? (
      <span className="quiet">no reading</span>
    ) : (
      formatDecimal(value, 2)
    );
  const columns: Column<number>[] = [
    {
      id: 'time',
      title: 'Until',
      cell: (step) => formatTime(new Date(activity.times[step] ?? 0).toISOString()),
    },
    { id: 'valid', title: 'Valid, tx/s', numeric: true, cell: (step) => rate(activity.valid[step]) },
    { id: 'failed', title: 'Failed, tx/s', numeric: true, cell: (step) => rate(activity.failed[step]) },
  ];
  return (
    <Table
      label="Committed transactions, tx/s"
      columns={columns}
      rows={activity.times.map((_at, step) => activity.times.length - 1 - step)}
      rowKey={String}
      virtual
      rowHeight={28}
    />
  );
}
