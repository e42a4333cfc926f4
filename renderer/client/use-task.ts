import type { TaskModel } from '../../electron/api/models';
import { useOperation } from './use-operation';
import { useTopic } from './use-topic';
import type { TopicState } from './use-topic';

const LIST_POLL_MS = 2_000;

/** One task as it stands and goes on; null: none is followed. */
export function useTask(id: string | null): TopicState<TaskModel> & { readonly task: TaskModel | undefined } {
  const topic = useTopic('task', id === null ? null : { task: id });
  return { ...topic, task: topic.events.at(-1) };
}

/** All tasks the core remembers, newest first. */
export function useTasks() {
  const query = useOperation('task.list', {}, { pollMs: LIST_POLL_MS });
  const tasks = query.data?.toSorted((a, b) => b.started.localeCompare(a.started));
  return { ...query, tasks };
}
