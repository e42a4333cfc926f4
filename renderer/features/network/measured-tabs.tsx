import { Link } from '@tanstack/react-router';
import type { MetricName } from '../../../electron/api/metric-models';
import type { NodeStatus } from '../../../electron/api/models';
import { NodeCharts } from '../../charts/node-charts';
import { formatBytes, formatDecimal } from '../../ui/format';

/** Of the process, as the operating system counts. */
const processMetrics: readonly MetricName[] = ['cpu', 'memory'];

/** What a node counts about its own work; a contract's process counts nothing. */
const workMetrics: Record<NodeStatus['role'], readonly MetricName[]> = {
  peer: [
    'height',
    'lag',
    'proposals',
    'proposals.failed',
    'endorsement.p95',
    'commit.p95',
    'shim',
    'gossip.known',
    'connections',
    'log.errors',
  ],
  orderer: [
    'height',
    'raft.leader',
    'broadcast',
    'blockFill.p95',
    'raft.persist.p95',
    'connections',
    'log.errors',
  ],
  contract: [],
};

/** What the process takes: now, and over the last quarter of an hour. */
export function StatsTab({ node }: { node: NodeStatus }) {
  return (
    <div className="measured stats">
      <ul className="figures">
        <Figure
          what="CPU, % of one core"
          value={node.cpuPercent === null ? null : formatDecimal(node.cpuPercent, 1)}
        />
        <Figure what="Memory" value={node.residentBytes === null ? null : formatBytes(node.residentBytes)} />
        <Figure what="Process id" value={node.pid === null ? null : String(node.pid)} />
      </ul>
      <NodeCharts node={node.name} names={processMetrics} />
    </div>
  );
}

function Figure({ what, value }: { what: string; value: string | null }) {
  return (
    <li>
      <span className="quiet">{what}</span>
      <b>{value ?? 'not measured'}</b>
    </li>
  );
}

/** What the node counts about its work, with a cursor through all charts. */
export function MetricsTab({ node }: { node: NodeStatus }) {
  const names = workMetrics[node.role];
  if (names.length === 0) {
    return (
      <div className="measured">
        <p className="quiet">
          A contract's process counts nothing itself; its peers count its calls. See{' '}
          <Link className="link" to="/metrics">
            Metrics
          </Link>
          .
        </p>
      </div>
    );
  }
  return (
    <div className="measured">
      <NodeCharts node={node.name} names={names} />
    </div>
  );
}
