import { problemSchema } from '../../../electron/api/problems';
import { verificationSchema } from '../../../electron/api/models';
import type { TaskModel } from '../../../electron/api/models';
import { useCommand } from '../../client/use-operation';
import { useMayCancel } from '../../client/use-role';
import { useTask } from '../../client/use-task';
import { TaskSteps } from '../../network/task-steps';
import { taskTitle } from '../../network/task-words';
import { StateMark } from '../../ui/badge';
import { Button, IconButton } from '../../ui/button';
import { CopyButton } from '../../ui/copy-id';
import { formatTime } from '../../ui/format';
import { ProblemView } from '../../ui/problem-view';
import { Stale } from '../../ui/resource';
import { Elapsed } from '../../ui/time';
import { Waiting } from '../../ui/waiting';
import { taskLooks } from '../../network/task-looks';
import { VerificationReport } from './verification-report';

/** One task as it goes on: steps to scale, the end of its log, its result or its problem. */
export function TaskDetail({ id, onClose }: { id: string; onClose: () => void }) {
  const { task, problem, knownAt, restart } = useTask(id);
  const title = task ? taskTitle(task) : 'Task';
  return (
    <aside className="panel task-detail" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {task && <StateMark {...taskLooks[task.state]} />}
        <span className="right">
          <IconButton label="Close" icon="x" onPress={onClose} />
        </span>
      </header>
      {problem && task && <Stale problem={problem} since={knownAt} onRetry={restart} />}
      {problem && !task && (
        <div className="pad">
          <ProblemView problem={problem} onRetry={restart} />
        </div>
      )}
      {task ? <Body task={task} /> : !problem && <Waiting what="Asking for the task" lines={6} />}
    </aside>
  );
}

function Body({ task }: { task: TaskModel }) {
  const cancel = useCommand('task.cancel');
  const { refusal } = useMayCancel(task);
  const failure = problemSchema.safeParse(task.problem);
  return (
    <>
      <div className="task-body">
        <p className="soft">
          Started at {formatTime(task.started)}, {task.finished ? 'took' : 'for'}{' '}
          <Elapsed from={task.started} to={task.finished} />
        </p>
        {failure.success && task.state === 'failed' && <ProblemView problem={failure.data} />}
        {cancel.error && <ProblemView problem={cancel.error.problem} />}
        <TaskSteps task={task} />
        <Said title="Log" text={task.log.join('\n')} />
        {task.state === 'done' && task.result !== null && <Result task={task} />}
      </div>
      {task.state === 'running' && (
        <footer>
          <Button
            kind="danger"
            icon="stop"
            onPress={() => cancel.mutate({ task: task.id })}
            isPending={cancel.isPending || cancel.isSuccess}
            refusal={refusal}
          >
            {cancel.isSuccess ? 'Cancelling' : 'Cancel task'}
          </Button>
        </footer>
      )}
    </>
  );
}

function Result({ task: { operation, result } }: { task: TaskModel }) {
  const verification = operation === 'ledger.verify' ? verificationSchema.safeParse(result) : undefined;
  return verification?.success ? (
    <VerificationReport verification={verification.data} />
  ) : (
    <Said title="Result" text={JSON.stringify(result, null, 2)} />
  );
}

function Said({ title, text }: { title: string; text: string }) {
  if (text === '') return null;
  return (
    <section className="task-said">
      <h3 className="section-title">
        {title} <CopyButton text={text} what={title.toLowerCase()} />
      </h3>
      <pre tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </section>
  );
}
