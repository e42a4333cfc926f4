import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { transactionResultSchema } from '../../../electron/api/models';
import type { TaskModel } from '../../../electron/api/models';
import { problemSchema } from '../../../electron/api/problems';
import { useConnection } from '../../client/use-connection';
import { useTask, useTasks } from '../../client/use-task';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { CopyId } from '../../ui/copy-id';
import { formatDuration, formatNumber } from '../../ui/format';
import { Panel } from '../../ui/panel';
import { ProblemView } from '../../ui/problem-view';
import { Stale } from '../../ui/resource';
import { Empty, Waiting } from '../../ui/waiting';
import { EndorserAnswers, Endorsers } from './endorser-answers';
import { LedgerLink } from './ledger-link';
import { ResultValue } from './result-value';
import { RunProblem } from './run-problem';
import type { ContractCallRequest } from './contract-call';
import type { Run } from './run-store';
import { setRun } from './run-store';
import { Stages } from './stages';

/** What became of the last call. `task`: a submit that the address names. */
export function ResultPanels({
  run,
  task,
  onAgain,
}: {
  run: Run | undefined;
  task: string | undefined;
  /** Runs the same once more, as a new transaction. */
  onAgain: (() => void) | undefined;
}) {
  const own = run?.kind === 'submit' && run.state === 'started' ? run.task : undefined;
  const shownTask = task ?? own;
  const underWay = run !== undefined && ['asking', 'starting', 'unanswered'].includes(run.state);
  if (shownTask !== undefined && !underWay) {
    const isOwn = own === shownTask;
    return (
      <Submitted
        key={shownTask}
        task={shownTask}
        call={isOwn ? run?.call : undefined}
        onAgain={isOwn ? onAgain : undefined}
      />
    );
  }
  return run === undefined ? <NothingYet /> : <OwnRun run={run} onAgain={onAgain} />;
}

function NothingYet() {
  return (
    <Panel title="Result">
      <Empty
        title="Nothing was run here yet"
        command="cityflow query --as ORG/NAME --channel CHANNEL --contract CONTRACT FUNCTION"
      >
        Evaluate shows what a function answers; Submit writes, and its four stages are shown as they happen.
      </Empty>
    </Panel>
  );
}

const whatRan = ({ function: name }: ContractCallRequest) => name;

function OwnRun({ run, onAgain }: { run: Run; onAgain: (() => void) | undefined }) {
  switch (run.state) {
    case 'asking':
      return (
        <Panel title="Result" note={whatRan(run.call)}>
          <div className="pad asking">
            <Waiting what="Asking a peer" lines={2} onCancel={run.cancel} />
            <Button small icon="stop" onPress={run.cancel}>
              Cancel
            </Button>
          </div>
        </Panel>
      );
    case 'answered':
      return (
        <Panel
          title="Result"
          note={whatRan(run.call)}
          aside={
            <>
              <Badge tone="idle" icon="eye">
                Evaluated, nothing written
              </Badge>
              <span className="quiet nowrap">{formatDuration(run.answer.durationMs)}</span>
            </>
          }
        >
          <ResultValue value={run.answer.result} />
          <p className="scale-note">
            <span>Asked through the gateway of {run.answer.gateway}</span>
          </p>
        </Panel>
      );
    case 'starting':
    case 'started':
      return (
        <Panel title="Result" note={whatRan(run.call)} aside={<Badge tone="accent">On its way</Badge>}>
          <Stages steps={[]} />
        </Panel>
      );
    case 'unanswered':
      return <Unanswered run={run} onAgain={onAgain} />;
    case 'failed':
      return (
        <>
          <Panel
            title="Result"
            note={whatRan(run.call)}
            aside={<Badge tone="danger">{run.kind === 'evaluate' ? 'Not answered' : 'Not submitted'}</Badge>}
          >
            <div className="pad">
              <RunProblem problem={run.problem} call={run.call} onAgain={onAgain} />
            </div>
          </Panel>
          <EndorserAnswers problem={run.problem} />
        </>
      );
  }
}

/** A task that starts is told of at once; streams are batched and drawn a few times a second. */
const TOLD_WITHIN_MS = 1_500;

/** After the connection is back, the task that was started all the same is found by what it is about. */
function Unanswered({
  run,
  onAgain,
}: {
  run: Run & { state: 'unanswered' };
  onAgain: (() => void) | undefined;
}) {
  const { tasks, dataUpdatedAt } = useTasks();
  const navigate = useNavigate({ from: '/transactions' });
  // The core has been heard since then, long enough to have told of a task that was started.
  const back = useConnection().kind === 'connected' && dataUpdatedAt > run.at + TOLD_WITHIN_MS;
  const title = `${run.call.function} of ${run.call.contract} as ${run.call.as}`;
  const found = tasks?.find((task) => task.title === title && !run.known.includes(task.id))?.id;
  useEffect(() => {
    if (found === undefined) return;
    setRun({ kind: 'submit', state: 'started', call: run.call, task: found });
    void navigate({ search: (before) => ({ ...before, task: found }), replace: true });
  }, [found, run.call, navigate]);
  return (
    <Panel title="Result" note={whatRan(run.call)}>
      <div className="pad">
        {back && found === undefined ? (
          <ProblemView
            problem={{
              ...run.problem,
              title: 'It was not started: nothing was sent.',
              detail:
                'The connection went while it was handed in. It is back, and the service knows of no such task.',
              hint: 'Everything entered is still here.',
            }}
            {...(onAgain && { onRetry: onAgain })}
          />
        ) : (
          <ProblemView
            problem={{
              ...run.problem,
              title: 'Whether it was started is not known yet.',
              detail: 'The connection to the service went while it was handed in.',
              hint: 'As soon as the connection is back, its outcome is shown here.',
              retryable: false,
            }}
          />
        )}
      </div>
    </Panel>
  );
}

function Submitted({
  task: id,
  call,
  onAgain,
}: {
  task: string;
  call: ContractCallRequest | undefined;
  onAgain: (() => void) | undefined;
}) {
  const { task, problem, restart } = useTask(id);
  if (!task) {
    return (
      <Panel title="Result">
        {problem ? (
          <div className="pad">
            <ProblemView
              problem={
                problem.code === 'BAD_REQUEST'
                  ? {
                      ...problem,
                      title: 'This submit is no longer among the tasks.',
                      detail: 'The service was started anew, or a hundred tasks came after it.',
                      hint: 'History keeps what was run.',
                    }
                  : problem
              }
              onRetry={restart}
              actions={
                <Link from="/transactions" to="." search={{ view: 'history' }} className="btn small">
                  Open history
                </Link>
              }
            />
          </div>
        ) : (
          <Waiting what="Asking for the task" lines={4} />
        )}
      </Panel>
    );
  }
  return (
    <>
      {problem && <Stale problem={problem} since={Date.parse(task.started)} onRetry={restart} />}
      <SubmittedTask task={task} call={call} onAgain={onAgain} />
    </>
  );
}

function SubmittedTask({
  task,
  call,
  onAgain,
}: {
  task: TaskModel;
  call: ContractCallRequest | undefined;
  onAgain: (() => void) | undefined;
}) {
  const result = task.state === 'done' ? transactionResultSchema.safeParse(task.result).data : undefined;
  const failure = problemSchema.safeParse(task.problem).data;
  const transactionId = result?.transactionId ?? failure?.transactionId ?? idOf(task);
  const block = result?.blockNumber ?? failure?.validation?.blockNumber;
  return (
    <>
      <Panel
        title="Result"
        note={task.title.split(' of ')[0]}
        aside={
          <>
            <Verdict
              task={task}
              failure={failure?.code}
              status={result?.status ?? failure?.validation?.status}
            />
            {transactionId !== undefined && <CopyId id={transactionId} what="transaction id" />}
            {block !== undefined && <span className="quiet nowrap">block {formatNumber(block)}</span>}
            {block !== undefined && transactionId !== undefined && call && (
              <LedgerLink channel={call.channel} transactionId={transactionId} />
            )}
          </>
        }
      >
        <Stages
          steps={task.steps}
          durations={result?.durationsMs}
          call={call}
          block={block}
          result={result}
        />
        {failure && (
          <div className="pad">
            <RunProblem problem={failure} call={call} onAgain={onAgain} />
          </div>
        )}
        {result && <ResultValue value={result.result} />}
      </Panel>
      {result && <Endorsers endorsement={result.endorsement} returned={{ value: result.result }} />}
      {failure && <EndorserAnswers problem={failure} call={call} />}
    </>
  );
}

/** The id is known, and logged, before anything is sent. */
const idOf = ({ log }: TaskModel): string | undefined =>
  log.map((line) => /^Transaction ([0-9a-f]{64})$/.exec(line)?.[1]).find((id) => id !== undefined);

function Verdict({
  task,
  failure,
  status,
}: {
  task: TaskModel;
  failure: string | undefined;
  status: string | undefined;
}) {
  if (task.state === 'running') return <Badge tone="accent">{task.steps.at(-1)?.name ?? 'Starting'}</Badge>;
  if (task.state === 'done') return <Badge tone="ok">Committed, {status ?? 'VALID'}</Badge>;
  if (failure === 'COMMIT_UNKNOWN')
    return (
      <Badge tone="warn" icon="clock">
        Unknown
      </Badge>
    );
  if (task.state === 'cancelled') return <Badge tone="idle">Cancelled</Badge>;
  return (
    <Badge tone="danger">{failure === 'TRANSACTION_INVALID' ? 'Invalid, not written' : 'Not written'}</Badge>
  );
}
