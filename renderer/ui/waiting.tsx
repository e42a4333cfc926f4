import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button';

const SKELETON_AFTER_MS = 200;
const WORDS_AFTER_MS = 10_000;

/** True once `ms` have passed since the component appeared. */
export function useElapsed(ms: number): boolean {
  const [elapsed, setElapsed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setElapsed(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return elapsed;
}

/**
 * Stands where something is being loaded for the first time: nothing for 200 ms, then the outline of what will stand
 * there, after 10 s words and a way out. What is shown already is never replaced by it.
 */
export function Waiting({
  what,
  lines = 4,
  outline,
  onCancel,
}: {
  /** What is being loaded: "Asking every peer for its channels". */
  what: string;
  lines?: number;
  /** In place of lines, what the final layout looks like. */
  outline?: ReactNode;
  onCancel?: () => void;
}) {
  const visible = useElapsed(SKELETON_AFTER_MS);
  const long = useElapsed(WORDS_AFTER_MS);
  if (!visible) return <div aria-busy="true" />;
  return (
    <div className={outline ? 'skeleton outlined' : 'skeleton'} aria-busy="true" role="status">
      <span className={long ? undefined : 'sr'}>
        {what}
        {long && ' takes longer than usual.'}
      </span>
      {long && onCancel && (
        <Button small onPress={onCancel}>
          Cancel
        </Button>
      )}
      {outline ??
        Array.from({ length: lines }, (_, line) => (
          <i key={line} style={{ width: `${String([42, 88, 74, 60][line % 4])}%` }} />
        ))}
    </div>
  );
}

/** Why there is nothing, one action, and the command that does the same. */
export function Empty({
  title,
  children,
  action,
  command,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  command?: string;
}) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children && <span>{children}</span>}
      {action}
      {command && <code>{command}</code>}
    </div>
  );
}
