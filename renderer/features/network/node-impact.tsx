import type { NetworkStatus } from '../../../electron/api/models';
import type { NodeAction, NodeImpact } from '../../../electron/api/node-models';
import { useOperation } from '../../client/use-operation';
import { Icon } from '../../ui/icon';
import type { IconName } from '../../ui/icon';
import { ProblemView } from '../../ui/problem-view';
import { Waiting } from '../../ui/waiting';
import { impactPoints } from './impact-points';

const IMPACT_POLL_MS = 10_000;

/** Asked again while it is shown: who is up changes. */
export const useImpact = (node: string, action: NodeAction, enabled = true) =>
  useOperation('node.impact', { node, action }, { pollMs: IMPACT_POLL_MS, enabled });

const signs: Record<NodeImpact['effect'], { icon: IconName; className: string; word: string }> = {
  breaks: { icon: 'x', className: 'bad', word: 'Breaks: ' },
  weakens: { icon: 'minus', className: 'mid', word: 'Weaker: ' },
  'goes on': { icon: 'check', className: 'good', word: 'Goes on: ' },
};

/** What would no longer work, what hangs on less, what goes on. */
export function ImpactList({ status, impact }: { status: NetworkStatus; impact: NodeImpact }) {
  return (
    <ul className="effects">
      {impactPoints(status, impact).map(({ effect, what, reason }) => {
        const { icon, className, word } = signs[effect];
        return (
          <li key={`${what} ${reason}`} className={className}>
            <Icon name={icon} />
            <span>
              <span className="sr">{word}</span>
              <b>{what}.</b> {reason}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The box before Stop. */
export function WhatBreaks({ status, node }: { status: NetworkStatus; node: string }) {
  const impact = useImpact(node, 'stop');
  if (impact.data === undefined) {
    return impact.error ? (
      <div className="pad">
        <ProblemView problem={impact.error.problem} onRetry={() => void impact.refetch()} />
      </div>
    ) : (
      <Waiting what="Working out what would break" lines={3} />
    );
  }
  const { effect } = impact.data;
  return (
    <section className={`breaks ${signs[effect].className}`} aria-labelledby="breaks">
      <h3 id="breaks">
        <Icon name={effect === 'goes on' ? 'check' : 'warn'} />
        {effect === 'goes on' ? 'Nothing breaks if I stop this' : 'What breaks if I stop this'}
      </h3>
      <ImpactList status={status} impact={impact.data} />
    </section>
  );
}
