import type { DiffLine } from './line-difference';

const signs = { same: ' ', removed: '-', added: '+' } as const;
const spoken = { same: '', removed: 'removed: ', added: 'added: ' } as const;

/** Lines with what goes and what comes. */
export function DiffLines({ lines }: { lines: readonly DiffLine[] }) {
  return (
    <pre className="lg-diff">
      {lines.map(({ kind, text }, index) => (
        <span key={index} className={kind}>
          <i aria-hidden="true">{signs[kind]}</i>
          {kind !== 'same' && <span className="sr">{spoken[kind]}</span>}
          {text}
        </span>
      ))}
    </pre>
  );
}
