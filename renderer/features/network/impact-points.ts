import type { NetworkStatus } from '../../../electron/api/models';
import type { NodeImpact } from '../../../electron/api/node-models';
import { listed, plural } from '../../ui/format';

export interface ImpactPoint {
  readonly effect: NodeImpact['effect'];
  /** Channels and contracts it is about. */
  readonly what: string;
  readonly reason: string;
}

const order: readonly NodeImpact['effect'][] = ['breaks', 'weakens', 'goes on'];

/** Effects of the same kind and reason together, worst first, then the channels that are not touched. */
export function impactPoints(status: NetworkStatus, { effects, node }: NodeImpact): ImpactPoint[] {
  const groups = new Map<string, { effect: ImpactPoint['effect']; reason: string; channels: Set<string> }>();
  for (const { effect, reason, channel, contract } of effects) {
    const known = groups.get(effect + reason) ?? { effect, reason, channels: new Set() };
    known.channels.add(contract === null ? channel : `${channel} (${contract})`);
    groups.set(effect + reason, known);
  }
  const points = [...groups.values()].map(({ effect, reason, channels }) => ({
    effect,
    what:
      channels.size > 2 && channels.size === status.channels.length
        ? `All ${plural(channels.size, 'channel')}`
        : listed([...channels]),
    reason,
  }));
  const touched = new Set(effects.map(({ channel }) => channel));
  const others = status.channels.map(({ name }) => name).filter((name) => !touched.has(name));
  const isUp = status.nodes.some(({ name, state }) => name === node && state === 'running');
  if (others.length > 0 && isUp) {
    points.push({ effect: 'goes on', what: listed(others), reason: 'Not touched.' });
  }
  return points.toSorted((a, b) => order.indexOf(a.effect) - order.indexOf(b.effect));
}
