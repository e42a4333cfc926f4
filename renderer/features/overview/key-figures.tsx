import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { NetworkStatus } from '../../../electron/api/models';
import { lagsOf, nodesUp, nodeTitle, shortChannelName } from '../../network/membership';
import { formatTick, formatValue } from '../../charts/ticks';
import { formatDecimal, formatNumber, plural } from '../../ui/format';
import { newest, totalsOf } from './activity';
import type { Activity } from './activity';
import { Spark } from './spark';

/** What is measured now, beside how it came to be. What nobody measured is said to be so, and never a zero. */
export function KeyFigures({ status, activity }: { status: NetworkStatus; activity: Activity | undefined }) {
  const up = nodesUp(status);
  const [worst] = lagsOf(status);
  return (
    <section className="kpis panel" aria-label="Key figures">
      <Figure
        title="Nodes up"
        value={up}
        unit={`of ${status.nodes.length}`}
        warns={up < status.nodes.length}
        to="/network"
      >
        {rolesOf(status)}
      </Figure>
      <Figure
        title="Worst lag"
        value={worst ? formatNumber(worst.blocks) : '0'}
        unit={worst?.blocks === 1n ? 'block' : 'blocks'}
        to="/channels"
        spark={activity && <Spark values={activity.lag} color="warn" />}
      >
        {worst
          ? `${nodeTitle(worst.node.name)} on ${shortChannelName(worst.channel)}`
          : 'every peer is level'}
      </Figure>
      {activity ? <Measured activity={activity} /> : <NotMeasured />}
    </section>
  );
}

const NONE = { value: '–', unit: '', detail: 'no data yet' };

function Measured({ activity }: { activity: Activity }) {
  const { all, failed, peak } = totalsOf(activity);
  const rates = activity.valid.map((value, step) =>
    value === null ? null : value + (activity.failed[step] ?? 0),
  );
  const now = newest(rates, activity.times);
  const p95 = newest(activity.commitP95, activity.times);
  const p50 = newest(activity.commitP50, activity.times);
  return (
    <>
      <Figure
        title="Failed"
        value={now ? formatDecimal(all === 0 ? 0 : (failed / all) * 100, failed === 0 ? 0 : 1) : NONE.value}
        unit={now ? '%' : NONE.unit}
        to="/metrics"
        spark={<Spark values={activity.failed} color="danger" shape="bars" />}
      >
        {now ? `${formatNumber(failed)} of ${plural(all, 'transaction')}` : NONE.detail}
      </Figure>
      <Figure
        title="Rate now"
        value={now ? formatValue(now.value) : NONE.value}
        unit={now ? 'tx/s' : NONE.unit}
        to="/metrics"
        spark={<Spark values={rates} color="accent" />}
      >
        {peak && peak.value > 0
          ? `peak ${formatValue(peak.value)} at ${formatTick(Math.floor(peak.at / 60_000) * 60_000)}`
          : now
            ? 'nothing committed in this time'
            : NONE.detail}
      </Figure>
      <Figure
        title="Block commit"
        value={p95 ? timeOf(p95.value).value : NONE.value}
        unit={p95 ? `${timeOf(p95.value).unit} p95` : NONE.unit}
        to="/metrics"
        spark={<Spark values={activity.commitP95} color="accent" shape="bars" />}
      >
        {p50
          ? `${timeOf(p50.value).value} ${timeOf(p50.value).unit} median, slowest peer`
          : 'no block in this time'}
      </Figure>
    </>
  );
}

/** @param ms in seconds from one second on, so that it stays short */
const timeOf = (ms: number): { value: string; unit: string } =>
  ms < 1_000 ? { value: formatValue(ms), unit: 'ms' } : { value: formatDecimal(ms / 1_000, 1), unit: 's' };

function NotMeasured() {
  return ['Failed', 'Rate now', 'Block commit'].map((title) => (
    <Figure key={title} title={title} value={NONE.value} unit={NONE.unit} to="/metrics">
      {NONE.detail}
    </Figure>
  ));
}

function rolesOf(status: NetworkStatus): string {
  const count = (role: string) => status.nodes.filter((node) => node.role === role).length;
  const orderers = count('orderer');
  return `${orderers === 1 ? 'orderer' : `${orderers} orderers`}, ${count('peer')} peers, ${count('contract')} contracts`;
}

function Figure({
  title,
  value,
  unit,
  warns = false,
  to,
  spark,
  children,
}: {
  title: string;
  value: ReactNode;
  unit: string;
  warns?: boolean;
  to: '/network' | '/channels' | '/metrics';
  spark?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Link className="kpi" to={to}>
      <span className="k">{title}</span>
      <span className={warns ? 'v warn-t' : 'v'}>
        {value}
        <small> {unit}</small>
      </span>
      <span className="d">{children}</span>
      {spark}
    </Link>
  );
}
