import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTasks } from '../client/use-task';
import { attentionOf } from '../network/attention';
import type { Attention } from '../network/attention';
import { useIdentities, useNetworkStatus } from '../network/use-network';
import { plural } from '../ui/format';
import { Icon } from '../ui/icon';
import { views } from '../views';
import type { View } from '../views';
import { Brand } from './brand';

const groups = ['state', 'work', 'live', 'console'] as const;

export function Rail({ onKeys }: { onKeys: () => void }) {
  const counts = useCounts();
  return (
    <nav className="rail" aria-label="Views">
      <Brand />
      {groups.map((group) => {
        const members = views.filter((view) => view.group === group);
        if (members.length === 0) return null;
        return (
          <ul key={group}>
            {members.map((view) => (
              <li key={view.path}>
                <Link to={view.path} title={view.title}>
                  <Icon name={view.icon} />
                  <span className="t">{view.title}</span>
                  <Count of={counts[view.path]} />
                </Link>
              </li>
            ))}
          </ul>
        );
      })}
      <p className="rail-foot">
        <button type="button" onClick={onKeys}>
          <span className="t">Keys</span> <kbd>?</kbd>
        </button>
      </p>
    </nav>
  );
}

interface RailCount {
  readonly value: number;
  /** What is counted, read out. */
  readonly words: string;
  readonly warns: boolean;
}

function Count({ of }: { of: RailCount | undefined }) {
  if (!of || of.value === 0) return null;
  return (
    <span className={of.warns ? 'count warn' : 'count'} title={of.words}>
      <span aria-hidden="true">{of.value}</span>
      <span className="sr">, {of.words}</span>
    </span>
  );
}

function useCounts(): Partial<Record<View['path'], RailCount>> {
  const status = useNetworkStatus().data;
  const identities = useIdentities().data;
  const running = useTasks().tasks?.filter(({ state }) => state === 'running').length ?? 0;
  const attention = useMemo(
    () => (status ? attentionOf(status, identities ?? [], Date.now()) : []),
    [status, identities],
  );
  /** Each thing is counted at the view that shows it best. */
  const wrong = (matches: (item: Attention) => boolean): RailCount => {
    const value = attention.filter(matches).length;
    return { value, words: `${plural(value, 'thing')} to look at`, warns: true };
  };
  return {
    '/network': wrong(({ node, channel }) => node !== undefined && channel === undefined),
    '/channels': wrong(({ channel }) => channel !== undefined),
    '/identities': wrong(({ identity }) => identity !== undefined),
    '/settings': wrong(({ kept }) => kept === true),
    '/tasks': { value: running, words: `${running} running`, warns: false },
  };
}
