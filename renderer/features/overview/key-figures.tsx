import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { NetworkStatus } from '../../../electron/api/models';
import { lagsOf, nodesUp, nodeTitle, shortChannelName } from '../../network/membership';
import { formatBytes, formatDecimal, formatNumber } from '../../ui/format';

/** Only what was asked of the nodes just now; what is not measured is not drawn. */
export function KeyFigures({ status }: { status: NetworkStatus }) {
  const up = nodesUp(status);
  const [worst] = lagsOf(status);
  const blocks = status.channels.reduce((sum, { height }) => sum + BigInt(height ?? 0), 0n);
  const contracts = status.channels.filter(({ contract }) => contract !== null).length;
  return (
    <section className="kpis panel" aria-label="Key figures">
      <Figure title="Nodes up" value={up} unit={`of ${status.nodes.length}`} warns={up < status.nodes.length}>
        {roles(status)}
      </Figure>
      <Figure
        title="Worst lag"
        value={worst ? formatNumber(worst.blocks) : '0'}
        unit={worst?.blocks === 1n ? 'block' : 'blocks'}
        to="/channels"
      >
        {worst
          ? `${nodeTitle(worst.node.name)} on ${shortChannelName(worst.channel)}`
          : 'every peer is level'}
      </Figure>
      <Figure title="Ledgers" value={formatNumber(blocks)} unit="blocks" to="/channels">
        on {status.channels.length} channels
      </Figure>
      <Figure
        title="Contracts committed"
        value={contracts}
        unit={`of ${status.channels.length}`}
        warns={contracts < status.channels.length}
        to="/channels"
      >
        one a channel
      </Figure>
      <Resources status={status} />
    </section>
  );
}

function roles(status: NetworkStatus): string {
  const count = (role: string) => status.nodes.filter((node) => node.role === role).length;
  return `${count('orderer')} orderer, ${count('peer')} peers, ${count('contract')} contracts`;
}

function Resources({ status }: { status: NetworkStatus }) {
  const cpu = status.nodes.flatMap(({ cpuPercent }) => (cpuPercent === null ? [] : [cpuPercent]));
  const memory = status.nodes.flatMap(({ residentBytes }) => (residentBytes === null ? [] : [residentBytes]));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const [amount = '', unit = ''] = formatBytes(sum(memory)).split(' ');
  return (
    <Figure
      title="Memory of all nodes"
      value={memory.length === 0 ? 'unknown' : amount}
      unit={memory.length === 0 ? '' : unit}
    >
      {cpu.length === 0 ? 'processor unknown' : `${formatDecimal(sum(cpu), 0)} % of one processor core`}
    </Figure>
  );
}

function Figure({
  title,
  value,
  unit,
  warns = false,
  to,
  children,
}: {
  title: string;
  value: ReactNode;
  unit: string;
  warns?: boolean;
  to?: '/channels';
  children: ReactNode;
}) {
  const content = (
    <>
      <span className="k">{title}</span>
      <span className={warns ? 'v warn-t' : 'v'}>
        {value}
        <small> {unit}</small>
      </span>
      <span className="d">{children}</span>
    </>
  );
  return to ? (
    <Link className="kpi" to={to}>
      {content}
    </Link>
  ) : (
    <div className="kpi">{content}</div>
  );
}
