import { Link } from '@tanstack/react-router';
import type { Problem, ReadConflict } from '../../../electron/api/problems';
import { useCommand } from '../../client/use-operation';
import { nodeTitle } from '../../network/membership';
import { useNetworkStatus } from '../../network/use-network';
import { useMay } from '../../client/use-role';
import { Button } from '../../ui/button';
import { CopyId } from '../../ui/copy-id';
import { formatNumber, shortId } from '../../ui/format';
import { ProblemView } from '../../ui/problem-view';
import { AskTheLedger } from './ask-the-ledger';
import { joined } from './endorsement-words';
import type { ContractCallRequest } from './contract-call';
import { LedgerLink } from './ledger-link';

/** Why a call did not do what it should, in words, with what helps here. */
export function RunProblem({
  problem,
  call,
  onAgain,
}: {
  problem: Problem;
  call: ContractCallRequest | undefined;
  onAgain: (() => void) | undefined;
}) {
  if (problem.code === 'COMMIT_UNKNOWN') {
    return (
      <ProblemView
        problem={{
          ...problem,
          title: 'Whether it was written is not known.',
          hint: 'Ask the ledger before you submit it again.',
        }}
        actions={
          call && problem.transactionId ? (
            <AskTheLedger channel={call.channel} transactionId={problem.transactionId} />
          ) : undefined
        }
      />
    );
  }
  if (problem.code === 'TRANSACTION_INVALID') {
    return <Invalid problem={problem} call={call} onAgain={onAgain} />;
  }
  if (UNREACHED.has(problem.code)) return <Unavailable problem={problem} onAgain={onAgain} />;
  return <ProblemView problem={problem} {...(onAgain && { onRetry: onAgain })} />;
}

/** What a node that is down leads to. */
const UNREACHED: ReadonlySet<Problem['code']> = new Set([
  'NODE_UNAVAILABLE',
  'ENDORSEMENT_FAILED',
  'SUBMIT_FAILED',
  'TIMED_OUT',
]);

/** Ordered, and found invalid: nothing was written. Another transaction that was first can be looked at. */
function Invalid({
  problem,
  call,
  onAgain,
}: {
  problem: Problem;
  call: ContractCallRequest | undefined;
  onAgain: (() => void) | undefined;
}) {
  const conflict = problem.validation?.conflict;
  return (
    <ProblemView
      problem={conflict ? { ...problem, detail: conflictWords(conflict) } : problem}
      actions={
        (conflict ?? problem.retryable) ? (
          <>
            {onAgain && problem.retryable && (
              <Button small icon="restart" onPress={onAgain}>
                Submit again
              </Button>
            )}
            {conflict && (
              <>
                <CopyId id={conflict.writer.transactionId} what="id of the transaction that was first" />
                {call && (
                  <LedgerLink
                    channel={call.channel}
                    transactionId={conflict.writer.transactionId}
                    words="Who was first"
                  />
                )}
                <Link
                  to="/logs"
                  search={{ transaction: conflict.writer.transactionId }}
                  className="btn small"
                >
                  Its lines in the logs
                </Link>
              </>
            )}
          </>
        ) : undefined
      }
    />
  );
}

function conflictWords({ read, writer }: ReadConflict): string {
  const had = read ? `what was written in block ${formatNumber(read.blockNumber)}` : 'that it did not exist';
  return `Transaction ${shortId(writer.transactionId)} wrote it in block ${formatNumber(writer.blockNumber)}; this one had read ${had}.`;
}

/** What does not answer, by name, and the way to start it. */
function Unavailable({ problem, onAgain }: { problem: Problem; onAgain: (() => void) | undefined }) {
  const status = useNetworkStatus().data;
  const start = useCommand('node.start');
  const { refusal } = useMay('node.start');
  const said = [
    problem.title,
    problem.detail,
    ...problem.sources.flatMap(({ name, address, message }) => [name, address ?? '', message]),
  ].join('\n');
  const down = (status?.nodes ?? []).filter(
    ({ name, address, state }) => state !== 'running' && (said.includes(name) || said.includes(address)),
  );
  // Nobody names the orderer that could not be reached, nor a contract's process.
  const suspects =
    down.length > 0
      ? down
      : (status?.nodes ?? []).filter(({ state, role }) => state !== 'running' && role !== 'peer');
  return (
    <>
      <ProblemView
        problem={{
          ...problem,
          ...(suspects.length > 0 && {
            title:
              problem.code === 'NODE_UNAVAILABLE'
                ? `${joined(
                    suspects.map(({ name }) => nodeTitle(name)),
                    'and',
                  )} does not answer: it is ${suspects[0]?.state ?? 'stopped'}.`
                : problem.title,
            hint: `${joined(
              suspects.map(({ name }) => nodeTitle(name)),
              'and',
            )} ${suspects.length === 1 ? 'is' : 'are'} not running.`,
          }),
        }}
        {...(onAgain && { onRetry: onAgain })}
        actions={suspects.map(({ name }) =>
          refusal === undefined ? (
            <Button
              key={name}
              small
              icon="play"
              isPending={start.isPending}
              onPress={() => start.mutate({ node: name })}
            >
              Start {nodeTitle(name)}
            </Button>
          ) : (
            <Link key={name} to="/network/$node" params={{ node: name }} className="btn small">
              Look at {nodeTitle(name)}
            </Link>
          ),
        )}
      />
      {start.error && <ProblemView problem={start.error.problem} />}
      {start.isSuccess && (
        <p className="hint" role="status">
          {nodeTitle(start.data.name)} is {start.data.state}. Submit again when it is well.
        </p>
      )}
    </>
  );
}
