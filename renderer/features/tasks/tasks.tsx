import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTasks } from '../../client/use-task';
import type { TaskModel } from '../../../electron/api/models';
import { taskTitle } from '../../network/task-words';
import { StateMark } from '../../ui/badge';
import { formatTime, plural } from '../../ui/format';
import { Filters, PageHead } from '../../ui/page';
import { Resource } from '../../ui/resource';
import type { taskFilters } from './search';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import { SegmentedControl } from '../../ui/tabs';
import { Elapsed } from '../../ui/time';
import { Empty } from '../../ui/waiting';
import { TaskDetail } from './task-detail';
import { taskLooks } from '../../network/task-looks';
import './tasks.css';

const route = getRouteApi('/tasks');

type Filter = (typeof taskFilters)[number];

const shows: Record<Filter, (task: TaskModel) => boolean> = {
  all: () => true,
  running: ({ state }) => state === 'running',
  failed: ({ state }) => state === 'failed' || state === 'cancelled',
};

/** Long work, running and done: its steps, what it said, and a way to stop it. */
export function Tasks() {
  const tasks = useTasks();
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/tasks' });
  const filter = search.show ?? 'all';
  const all = tasks.tasks ?? [];
  const count = (name: Filter) => String(all.filter(shows[name]).length);
  const select = (task: string | undefined) => void navigate({ search: (before) => ({ ...before, task }) });
  return (
    <>
      <PageHead
        title="Tasks"
        facts={
          tasks.tasks && (
            <span>
              {plural(all.length, 'task')}, {count('running')} running
            </span>
          )
        }
      />
      <Filters>
        <span data-filter>
          <SegmentedControl
            label="Which tasks"
            items={[
              { id: 'all', title: 'All', note: count('all') },
              { id: 'running', title: 'Running', note: count('running') },
              { id: 'failed', title: 'Failed or cancelled', note: count('failed') },
            ]}
            selected={filter}
            onSelect={(show) => void navigate({ search: (before) => ({ ...before, show }) })}
          />
        </span>
      </Filters>
      <div className={search.task ? 'body tasks with-panel' : 'body tasks'}>
        <section className="panel" aria-label="Tasks">
          <Resource of={tasks} what="Asking for tasks">
            {() => (
              <TaskTable
                tasks={all.filter(shows[filter])}
                filter={filter}
                selected={search.task}
                onOpen={select}
              />
            )}
          </Resource>
        </section>
        {search.task && <TaskDetail key={search.task} id={search.task} onClose={() => select(undefined)} />}
      </div>
    </>
  );
}

function TaskTable({
  tasks,
  filter,
  selected,
  onOpen,
}: {
  tasks: readonly TaskModel[];
  filter: Filter;
  selected: string | undefined;
  onOpen: (id: string) => void;
}) {
  if (tasks.length === 0) {
    return filter === 'all' ? (
      <Empty title="No task yet" command="cityflow verify parking-channel">
        Starting the network, verifying a ledger or deploying a contract is a task and stands here.
      </Empty>
    ) : (
      <Empty title={filter === 'running' ? 'No task is running' : 'No task has failed'} />
    );
  }
  return (
    <Table
      label="Tasks"
      columns={columns}
      rows={tasks}
      rowKey={({ id }) => id}
      selected={selected}
      onOpen={({ id }) => onOpen(id)}
      virtual={tasks.length > 60}
    />
  );
}

const columns: Column<TaskModel>[] = [
  {
    id: 'state',
    title: 'State',
    width: '120px',
    cell: ({ state }) => <StateMark {...taskLooks[state]} />,
  },
  {
    id: 'title',
    title: 'Task',
    className: 'cut',
    cell: (task) => (
      <span className="strong" title={taskTitle(task)}>
        {taskTitle(task)}
      </span>
    ),
  },
  {
    id: 'operation',
    title: 'Operation',
    className: 'not-beside',
    cell: ({ operation }) => <span className="mono soft">{operation}</span>,
  },
  {
    id: 'step',
    title: 'Step',
    className: 'not-beside',
    cell: ({ steps }) => <span className="soft">{steps.at(-1)?.name ?? ''}</span>,
  },
  { id: 'started', title: 'Started', numeric: true, cell: ({ started }) => formatTime(started) },
  {
    id: 'took',
    title: 'Took',
    numeric: true,
    cell: ({ started, finished }) => <Elapsed from={started} to={finished} />,
  },
];
