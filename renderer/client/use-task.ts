import { useMemo } from 'react';
import type { TaskModel } from '../../electron/api/models';
import { defineLive } from './use-live';
import { useTopic } from './use-topic';
import type { TopicState } from './use-topic';

/** As many as the core remembers. */
const KEPT = 100;

/** One task as it stands and goes on; null: none is followed. */
export function useTask(id: string | null): TopicState<TaskModel> & { readonly task: TaskModel | undefined } {
  const topic = useTopic('task', id === null ? null : { task: id });
  return { ...topic, task: topic.events.at(-1) };
}

/** In the order of their start, oldest first. */
const useTasksByStart = defineLive('tasks', {}, (before: readonly TaskModel[] | undefined, event) => {
  if (event.all || !before) return event.tasks;
  const known = new Map(before.map((task) => [task.id, task]));
  for (const task of event.tasks) known.set(task.id, task);
  return [...known.values()].slice(-KEPT);
});

/** All tasks the core remembers as they go on, newest first. */
export function useTasks() {
  const live = useTasksByStart();
  const tasks = useMemo(() => live.data?.toSorted((a, b) => b.started.localeCompare(a.started)), [live.data]);
  return { ...live, tasks };
}
