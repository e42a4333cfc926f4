import type { ReactNode } from 'react';
import type { Problem } from '../../electron/api/problems';
import { Button } from './button';
import { Icon } from './icon';
import { ProblemView } from './problem-view';
import { Age } from './time';
import { Waiting } from './waiting';

/** The part of a query's state that decides what is shown. */
export interface Loadable<T> {
  readonly data: T | undefined;
  readonly error: { readonly problem: Problem } | null;
  readonly dataUpdatedAt: number;
  readonly isFetching: boolean;
  readonly refetch: () => unknown;
}

/**
 * Loading, problem and staleness of one answer, the same in every view: a first answer is waited for, a problem without
 * an answer stands in its place, and an answer that could not be renewed stays, saying how old it is.
 */
export function Resource<T>({
  of,
  what,
  lines,
  outline,
  children,
}: {
  of: Loadable<T>;
  what: string;
  lines?: number;
  /** What stands in place of the answer while it is waited for, as its final layout. */
  outline?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const { data, error } = of;
  const retry = () => void of.refetch();
  if (data === undefined) {
    return error ? (
      <div className="pad">
        <ProblemView problem={error.problem} onRetry={retry} isRetrying={of.isFetching} />
      </div>
    ) : (
      <Waiting what={what} outline={outline} {...(lines !== undefined && { lines })} />
    );
  }
  return (
    <>
      {error && <Stale problem={error.problem} since={of.dataUpdatedAt} onRetry={retry} />}
      {children(data)}
    </>
  );
}

/** A line over data that could not be renewed. */
export function Stale({ problem, since, onRetry }: { problem: Problem; since: number; onRetry: () => void }) {
  return (
    <div className="stale">
      <Icon name="clock" small />
      <span>
        {/* Read out once: the age beside it ticks. */}
        <span role="status">{problem.title}</span> Data from <Age since={since} suffix=" ago" />.
      </span>
      <span className="right">
        <Button kind="quiet" small onPress={onRetry}>
          Try again
        </Button>
      </span>
    </div>
  );
}
