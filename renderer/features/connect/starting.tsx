import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { RuntimeName, TaskModel } from '../../../electron/api/models';
import { problemSchema } from '../../../electron/api/problems';
import { useCommand } from '../../client/use-operation';
import { useMayCancel } from '../../client/use-role';
import { useTasks } from '../../client/use-task';
import { TaskSteps } from '../../network/task-steps';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/panel';
import { ProblemView } from '../../ui/problem-view';
import { Elapsed } from '../../ui/time';
import { useToast } from '../../ui/toast';

export interface Start {
  /** The newest start of the network, whoever asked for it, as long as it says something: it runs or has failed. */
  readonly task: TaskModel | undefined;
  readonly isStarting: boolean;
  readonly problem: TaskModel['problem'];
  readonly begin: (runtime: RuntimeName) => void;
}

/** Starts the network, and follows a start that somebody else began, as `npm start` does. */
export function useStart(): Start {
  const command = useCommand('network.up');
  const tasks = useTasks().tasks ?? [];
  const newest = tasks.find(({ operation }) => operation === 'network.up');
  const isStarting = command.isPending || newest?.state === 'running';
  useOverviewWhenReady(newest);
  return {
    task: newest && newest.state !== 'done' ? newest : undefined,
    isStarting,
    problem: command.error?.problem,
    begin: (runtime) => command.mutate({ runtime }),
  };
}

/** A start that was seen going on here and is done leads on: there is nothing more to do here. */
function useOverviewWhenReady(task: TaskModel | undefined): void {
  const navigate = useNavigate();
  const toast = useToast();
  const followed = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!task) return;
    if (task.state === 'running') followed.current = task.id;
    else if (followed.current === task.id) {
      followed.current = undefined;
      if (task.state !== 'done') return;
      toast('The network is ready.');
      void navigate({ to: '/' });
    }
  }, [task, navigate, toast]);
}

/** The start as it goes on, or why it ended. */
export function Starting({ task }: { task: TaskModel }) {
  const cancel = useCommand('task.cancel');
  const { refusal } = useMayCancel(task);
  const failure = problemSchema.safeParse(task.problem);
  const isRunning = task.state === 'running';
  return (
    <Panel
      className="starting"
      title={isRunning ? 'Starting the network' : 'The last start'}
      note={
        <>
          {isRunning ? 'for ' : 'took '}
          <Elapsed from={task.started} to={task.finished} />
        </>
      }
      aside={
        isRunning ? (
          <Button
            small
            icon="stop"
            onPress={() => cancel.mutate({ task: task.id })}
            isPending={cancel.isPending || cancel.isSuccess}
            refusal={refusal}
          >
            Cancel
          </Button>
        ) : (
          <Badge tone={task.state === 'failed' ? 'danger' : 'idle'}>
            {task.state === 'failed' ? 'Failed' : 'Cancelled'}
          </Badge>
        )
      }
    >
      <div className="pad">
        {failure.success && task.state === 'failed' && <ProblemView problem={failure.data} />}
        {cancel.error && <ProblemView problem={cancel.error.problem} />}
        <TaskSteps task={task} />
      </div>
    </Panel>
  );
}
