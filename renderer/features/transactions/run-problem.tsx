import { Link } from '@tanstack/react-router';
import type { Problem } from '../../../electron/api/problems';
import { useCommand, useOperation } from '../../client/use-operation';
import { nodeTitle } from '../../network/membership';
import { useNetworkStatus } from '../../network/use-network';
import { useMay } from '../../client/use-role';
import { Button } from '../../ui/button';
import { formatNumber } from '../../ui/format';
import { ProblemView } from '../../ui/problem-view';
import { AskTheLedger } from './ask-the-ledger';
import { endorsementWords, joined } from './endorsement-words';
import type { ContractCallRequest } from './contract-call';

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

function Invalid({
  problem,
  call,
  onAgain,
}: {
  problem: Problem;
  call: ContractCallRequest | undefined;
  onAgain: (() => void) | undefined;
}) {
  const status = problem.validation?.status;
  const block = problem.validation && `block ${formatNumber(problem.validation.blockNumber)}`;
  const again = onAgain && (
    <Button small icon="restart" onPress={onAgain}>
      Submit again
    </Button>
  );
  if (status === 'MVCC_READ_CONFLICT') {
    return (
      <ProblemView
        problem={{
          ...problem,
          title: 'Someone changed the same data first. Nothing was written.',
          detail: `Between the endorsement and ${block ?? 'its block'} another transaction wrote a key that this one had read (MVCC_READ_CONFLICT).`,
          hint: 'Look at the present value and submit again.',
        }}
        actions={again}
      />
    );
  }
  if (status === 'PHANTOM_READ_CONFLICT') {
    return (
      <ProblemView
        problem={{
          ...problem,
          title: 'A list that was read changed first. Nothing was written.',
          detail: `Between the endorsement and ${block ?? 'its block'} another transaction added or removed a key in a range that this one had read (PHANTOM_READ_CONFLICT).`,
          hint: 'Submit again: the list is read anew.',
        }}
        actions={again}
      />
    );
  }
  if (status === 'ENDORSEMENT_POLICY_FAILURE' && call && problem.transactionId) {
    return <PolicyFailure problem={problem} call={call} transactionId={problem.transactionId} />;
  }
  return <ProblemView problem={problem} {...(problem.retryable && { actions: again })} />;
}

/** Who had to endorse and who did, as the channel and the block say. */
function PolicyFailure({
  problem,
  call,
  transactionId,
}: {
  problem: Problem;
  call: ContractCallRequest;
  transactionId: string;
}) {
  const policy = useOperation('contract.endorsement', { contract: call.contract });
  const committed = useOperation('ledger.transaction', { channel: call.channel, transactionId });
  const nameOf = (mspId: string) =>
    policy.data?.organizations.find((one) => one.mspId === mspId)?.name ?? mspId;
  const did = [...new Set(committed.data?.endorsement?.endorsers.map(({ mspId }) => nameOf(mspId)))];
  const who = policy.data && `${endorsementWords(policy.data)} must endorse.`;
  const only = did.length > 0 ? `Only ${joined(did, 'and')} did.` : '';
  return (
    <ProblemView
      problem={{
        ...problem,
        title: who ? `${who} ${only}`.trim() : problem.title,
        detail: 'It was ordered and then found invalid (ENDORSEMENT_POLICY_FAILURE). Nothing was written.',
        hint: 'Let the policy choose who endorses, or choose all of them.',
      }}
    />
  );
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
