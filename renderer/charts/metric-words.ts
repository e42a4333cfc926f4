import type { MetricName, MetricSeries } from '../../electron/api/metric-models';
import { plural } from '../ui/format';
import type { Absence } from './chart-model';

/** What did not happen while nothing was counted. */
const nothing: Record<MetricName, string> = {
  height: 'no node has joined a channel',
  lag: 'no peer has joined a channel',
  transactions: 'no transaction was committed',
  proposals: 'no contract was called',
  'proposals.failed': 'no peer was sent a proposal',
  'endorsement.p50': 'no call of a contract was endorsed',
  'endorsement.p95': 'no call of a contract was endorsed',
  'commit.p50': 'no block was committed',
  'commit.p95': 'no block was committed',
  'commit.validation': 'no block was committed',
  'commit.storage': 'no block was committed',
  'commit.state': 'no block was committed',
  'raft.leader': 'no orderer has joined a channel',
  'raft.clusterSize': 'no orderer has joined a channel',
  'raft.activeNodes': 'no orderer has joined a channel',
  'raft.persist.p95': 'nothing was written to the Raft log',
  broadcast: 'no orderer was sent a transaction',
  'blockFill.p50': 'no block was cut',
  'blockFill.p95': 'no block was cut',
  shim: 'no contract asked a peer for anything',
  'shim.p95': 'no contract asked a peer for anything',
  'gossip.known': 'no peer has joined a channel',
  'gossip.buffer': 'no peer received a block by gossip',
  connections: 'nobody connected',
  'log.warnings': 'no line was logged',
  'log.errors': 'no line was logged',
  cpu: 'no process was measured',
  memory: 'no process was measured',
};

type Absent = MetricSeries['absent'];

/** Why a chart made of these has nothing to show. Absent is never zero, and the three reasons are never mixed up. */
export function absenceOf(
  absent: Absent,
  names: readonly MetricName[],
  channel: string | undefined,
): Absence {
  const own = absent.filter(({ name }) => names.includes(name));
  const nodes = new Set(own.map(({ node }) => node));
  const [first] = names;
  if (own.length > 0 && own.every(({ reason }) => reason === 'not-offered')) {
    return {
      title: nodes.size === 1 ? 'Not offered by this node' : 'Not offered by these nodes',
      reason: 'Embedded nodes do not count it; genuine ones do.',
    };
  }
  if (own.length > 0 && own.every(({ reason }) => reason !== 'no-data-yet')) {
    return {
      title: 'Not reached',
      reason:
        'Nobody read these nodes in this time: they or the console were not running, or they did not answer.',
    };
  }
  const because = first === undefined ? 'nothing was counted' : nothing[first];
  const where = channel === undefined ? '' : ` on ${channel}`;
  return {
    title: 'No data yet',
    reason: `In this time ${because}${where}. What was not counted is not zero.`,
  };
}

/** Says of nodes that have no part in a chart that others are in. */
export function partlyAbsent(absent: Absent, names: readonly MetricName[]): string | undefined {
  const own = absent.filter(({ name }) => name === names[0]);
  const words = (reason: Absent[number]['reason'], text: string) => {
    const count = own.filter((one) => one.reason === reason).length;
    return count === 0 ? [] : [`${text} ${plural(count, 'node')}`];
  };
  const said = [...words('not-offered', 'not offered by'), ...words('not-reached', 'not read from')];
  return said.length === 0 ? undefined : said.join(', ');
}
