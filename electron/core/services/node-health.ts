import type { Health, NodeStatus } from '../../api/models';
import type { HealthCheck } from '../../api/node-models';
import { parseSeriesKey } from '../ports/metrics';
import type { MetricsFrame, RawMetric } from '../ports/metrics';
import type { DeclaredNetwork, NodeRun } from '../ports/network-host';

/** A node as it was found, not yet compared with the others. */
export interface Look {
  readonly status: Omit<NodeStatus, 'health'>;
  readonly checks: readonly HealthCheck[];
}

export interface JudgedNode {
  readonly status: NodeStatus;
  readonly checks: HealthCheck[];
}

/** Peers commit at different moments: one that lacks fewer blocks than this is level. */
const LAG_BLOCKS = 3n;
/** A frame older than this says nothing about now. */
const FRAME_MS = 15_000;
/** Peers hear of each other, and orderers choose a leader, within this time after their start. */
const SETTLING_MS = 30_000;

/**
 * What a node itself says, together with what only the others and its counts tell: whether it is in its channels, how
 * far it is, who it knows, who leads.
 *
 * @param heights highest of each channel
 */
export function judged(
  declared: DeclaredNetwork,
  { status, checks }: Look,
  heights: ReadonlyMap<string, bigint>,
  frame: MetricsFrame | null,
): JudgedNode {
  const all = [...checks];
  const answers = status.state === 'running' && checks.every(({ verdict }) => verdict !== 'failed');
  if (answers && status.role === 'peer') {
    all.push(joinsCheck(declared, status), heightCheck(status, heights));
  }
  if (answers && status.role !== 'contract') {
    const counts = countsOf(frame, status.name);
    if (status.role === 'peer') all.push(gossipCheck(status, counts));
    else addLeader(all, counts);
  }
  return { status: { ...status, health: healthOf(all) }, checks: all };
}

export function processCheck(state: NodeStatus['state'], run: NodeRun | undefined): HealthCheck {
  return state === 'running'
    ? { check: 'process', verdict: 'ok', detail: `It runs as process ${run?.pid ?? 'unknown'}.` }
    : { check: 'process', verdict: 'failed', detail: run?.reason || `It is ${state}.` };
}

export function healthOf(checks: readonly HealthCheck[]): Health {
  const bad = checks.filter(({ verdict }) => verdict === 'failed' || verdict === 'degraded');
  const status = bad.some(({ verdict }) => verdict === 'failed')
    ? 'failed'
    : bad.length > 0
      ? 'degraded'
      : 'ok';
  const settling = checks.filter(({ verdict }) => verdict === 'settling');
  return { status, reasons: [...bad, ...settling].map(({ detail }) => detail) };
}

function joinsCheck(declared: DeclaredNetwork, { organization, channels }: Look['status']): HealthCheck {
  const wanted = declared.channels.filter(({ members }) => members.includes(organization));
  const missing = wanted.filter(({ name }) => !channels.some((chain) => chain.name === name));
  return missing.length === 0
    ? {
        check: 'joins',
        verdict: 'ok',
        detail: `It has joined all ${wanted.length} channels of ${organization}.`,
      }
    : {
        check: 'joins',
        verdict: 'degraded',
        detail: `It has not joined ${missing.map(({ name }) => name).join(', ')}, of which ${organization} is a member.`,
      };
}

function heightCheck({ channels }: Look['status'], heights: ReadonlyMap<string, bigint>): HealthCheck {
  const behind = channels
    .map(({ name, height }) => ({ name, blocks: (heights.get(name) ?? 0n) - BigInt(height) }))
    .filter(({ blocks }) => blocks >= LAG_BLOCKS);
  return behind.length === 0
    ? { check: 'height', verdict: 'ok', detail: 'It is level with the highest peer of each channel.' }
    : {
        check: 'height',
        verdict: 'degraded',
        detail: `It is ${behind.map(({ name, blocks }) => `${blocks} blocks behind on ${name}`).join(', ')}.`,
      };
}

interface Counts {
  /** How long the node has run, in milliseconds. */
  readonly ageMs: number;
  /** By channel. */
  of(metric: RawMetric): ReadonlyMap<string, number>;
}

function countsOf(frame: MetricsFrame | null, node: string): Counts | undefined {
  if (!frame || Date.now() - frame.at >= FRAME_MS) return undefined;
  const reading = frame.nodes.get(node);
  if (!reading || reading.startedAt === null) return undefined;
  return {
    ageMs: frame.at - reading.startedAt * 1000,
    of: (wanted) => {
      const found = new Map<string, number>();
      for (const [key, value] of reading.values) {
        if (!key.startsWith(`${wanted}{`)) continue;
        found.set(parseSeriesKey(key).labels['channel'] ?? '', value);
      }
      return found;
    },
  };
}

function gossipCheck({ program, channels }: Look['status'], counts: Counts | undefined): HealthCheck {
  if (program === 'embedded') {
    return { check: 'gossip', verdict: 'not offered', detail: 'Embedded peers do not gossip.' };
  }
  const known = counts?.of('gossip.known');
  if (!counts || !known || known.size === 0) {
    return { check: 'gossip', verdict: 'unknown', detail: 'Its count of peers was not read yet.' };
  }
  const alone = channels.filter(({ name }) => known.get(name) === 0).map(({ name }) => name);
  if (alone.length > 0 && counts.ageMs < SETTLING_MS) {
    return {
      check: 'gossip',
      verdict: 'settling',
      detail: `It was started ${inSeconds(counts.ageMs)} ago and knows no other peer on ${alone.join(', ')} yet.`,
    };
  }
  return alone.length > 0
    ? { check: 'gossip', verdict: 'degraded', detail: `It knows no other peer on ${alone.join(', ')}.` }
    : {
        check: 'gossip',
        verdict: 'ok',
        detail: `It knows ${[...known].map(([name, count]) => `${count} peers on ${name}`).join(', ')}.`,
      };
}

/** Of several orderers one leads each channel; without a leader nothing is ordered, and /healthz is OK all the same. */
function addLeader(checks: HealthCheck[], counts: Counts | undefined): void {
  const index = checks.findIndex(({ check }) => check === 'consensus');
  const consensus = checks[index];
  if (!consensus || !counts) return;
  const leads = counts.of('raft.leader');
  const sizes = counts.of('raft.clusterSize');
  const groups = [...counts.of('raft.activeNodes')].map(([channel, counted]) => {
    // Counted every few seconds only; who leads is active himself.
    const active = leads.get(channel) === 1 ? Math.max(1, counted) : counted;
    return { channel, active, size: sizes.get(channel) ?? counted };
  });
  if (groups.length === 0) return;
  const short = groups.filter(({ active, size }) => active * 2 <= size);
  const led = groups.filter(({ channel }) => leads.get(channel) === 1).length;
  const lost = short.map(
    ({ channel, active, size }) => `Only ${active} of ${size} orderers of ${channel} are active.`,
  );
  const verdict = counts.ageMs < SETTLING_MS && consensus.verdict === 'ok' ? 'settling' : 'degraded';
  checks[index] = {
    ...consensus,
    verdict: short.length > 0 ? verdict : consensus.verdict,
    detail: [
      consensus.detail,
      `It leads ${led} of ${groups.length}.`,
      short.length > 0 && verdict === 'settling' ? `It was started ${inSeconds(counts.ageMs)} ago.` : '',
      ...lost,
    ]
      .filter(Boolean)
      .join(' '),
  };
}

const inSeconds = (ms: number): string => `${Math.max(0, Math.round(ms / 1000))} s`;
