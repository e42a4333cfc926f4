import type { ReactNode } from 'react';
import { Icon } from './icon';
import type { IconName } from './icon';

/** A state is always a sign and a word; its colour only repeats them. */
export type Tone = 'ok' | 'warn' | 'danger' | 'idle' | 'accent';

const signs: Record<Tone, IconName> = {
  ok: 'check',
  warn: 'warn',
  danger: 'x',
  idle: 'minus',
  accent: 'play',
};

export function Badge({ tone, children, icon }: { tone: Tone; children: ReactNode; icon?: IconName }) {
  return (
    <span className={`badge ${tone}`}>
      <Icon name={icon ?? signs[tone]} />
      {children}
    </span>
  );
}

/** The same without a box, for tables. `quietWord`: the word is read out but not shown (its column says it). */
export function StateMark({
  tone,
  word,
  icon,
  quietWord = false,
}: {
  tone: Tone;
  word: string;
  icon?: IconName;
  quietWord?: boolean;
}) {
  return (
    <span className={`state ${tone}`}>
      <Icon name={icon ?? signs[tone]} />
      <span className={quietWord ? 'sr' : undefined}>{word}</span>
    </span>
  );
}
