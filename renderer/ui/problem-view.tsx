import type { Problem } from '../../electron/api/problems';
import type { ReactNode } from 'react';
import { Button } from './button';
import { CopyButton } from './copy-id';
import { Icon } from './icon';
import { Prose } from './prose';

/**
 * In place of what failed: what failed, why, what to do. Who said what stands verbatim in the folded details, which can
 * be copied whole; where nothing but that tells what to do, it stands in sight. `actions`: what helps here, e.g. "Start it".
 */
export function ProblemView({
  problem,
  onRetry,
  isRetrying = false,
  actions,
}: {
  problem: Problem;
  onRetry?: () => void;
  isRetrying?: boolean;
  actions?: ReactNode;
}) {
  const unknown = problem.code === 'COMMIT_UNKNOWN';
  const retry = onRetry !== undefined && problem.retryable;
  return (
    <section className={unknown ? 'problem warn' : 'problem'} role="alert">
      <Icon name={unknown ? 'clock' : 'x'} />
      <h3>{problem.title}</h3>
      {problem.detail && (
        <p>
          <Prose text={problem.detail} />
        </p>
      )}
      {problem.hint && (
        <p>
          <Prose text={problem.hint} />
        </p>
      )}
      {problem.code === 'RUNTIME_UNAVAILABLE' && problem.sources.length > 0 && (
        <ul className="problem-sources">
          {problem.sources.map(({ name, address, message }) => (
            <li key={`${name} ${address ?? ''}`}>
              <b>{name}</b> {address && address !== name && <span className="mono">{address}</span>}
              <span>{message}</span>
            </li>
          ))}
        </ul>
      )}
      {(retry || actions) && (
        <div className="actions">
          {retry && (
            <Button small icon="restart" onPress={onRetry} isPending={isRetrying}>
              Try again
            </Button>
          )}
          {actions}
        </div>
      )}
      <details className="problem-details">
        <summary>Details</summary>
        <div className="problem-said">
          <CopyButton text={problemText(problem)} what="details" />
          <pre>{problemText(problem)}</pre>
        </div>
      </details>
    </section>
  );
}

/** Everything a problem says, as text to send to somebody. */
export function problemText(problem: Problem): string {
  const { validation } = problem;
  return [
    `${problem.code}: ${problem.title}`,
    problem.detail,
    problem.hint,
    problem.transactionId && `transaction ${problem.transactionId}`,
    validation && `${validation.status} (${validation.code}) in block ${validation.blockNumber}`,
    ...problem.sources.map(
      ({ name, mspId, organization = mspId, address, message }) =>
        `${[name, organization, address === name ? '' : address].filter(Boolean).join(' · ')}\n  ${message}`,
    ),
  ]
    .filter(Boolean)
    .join('\n');
}
