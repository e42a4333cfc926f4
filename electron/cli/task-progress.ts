import type { ConsoleClient } from '../api/client';
import type { TaskModel } from '../api/models';
import type { OperationName, Operations, RequestOf, ResultOf } from '../api/operations';
import type { Outcome } from '../api/problems';
import { problem } from '../core/problem';
import type { Output } from './output';

export type TaskName = {
  [N in OperationName]: Operations[N]['kind'] extends 'task' ? N : never;
}[OperationName];

/** Starts a task and follows it. */
export async function runTask<N extends TaskName>(
  client: ConsoleClient,
  name: N,
  request: RequestOf<N>,
  output: Output,
  signal?: AbortSignal,
): Promise<Outcome<ResultOf<N>>> {
  const started = (await client.call<OperationName>(name, request)) as Outcome<{ task: string }>;
  if (!started.ok) return started;
  return followTask(client, name, started.value.task, output, signal);
}

/** Shows a task's steps as they end, and answers its result. Cancels it when the signal aborts. */
export async function followTask<N extends TaskName>(
  client: ConsoleClient,
  name: N,
  task: string,
  output: Output,
  signal?: AbortSignal,
): Promise<Outcome<ResultOf<N>>> {
  let last: TaskModel | undefined;
  const shown = new StepDisplay(output);
  const subscription = client.subscribe('task', { task }, (events) => {
    for (const event of events) {
      last = event;
      shown.show(event);
    }
  });
  const cancel = () => void client.call('task.cancel', { task });
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const broken = await subscription.ended;
  signal?.removeEventListener('abort', cancel);
  if (broken) return { ok: false, problem: broken };
  if (last?.state === 'done') return { ok: true, value: last.result as ResultOf<N> };
  const failure = last?.problem as Outcome<never> extends { problem: infer P } ? P : never;
  return {
    ok: false,
    problem: failure ?? problem('INTERNAL', { title: `${name} ended without an answer.` }).problem,
  };
}

/** Prints each step once when it ends, and on a terminal the running ones in one line that is rewritten. */
class StepDisplay {
  readonly #printed = new Set<string>();
  #lines = 0;
  readonly #live = process.stderr.isTTY;

  constructor(private readonly output: Output) {}

  show(task: TaskModel): void {
    if (this.#live) process.stderr.write('\r\x1b[2K');
    task.steps.forEach((step, index) => {
      if (step.state === 'running' || this.#printed.has(`${index}`)) return;
      this.#printed.add(`${index}`);
      const mark = step.state === 'done' ? '✓' : '✗';
      const time = step.durationMs === null ? '' : seconds(step.durationMs);
      this.output.note(
        `  ${mark} ${time.padStart(7)}  ${step.name}${step.detail ? ` — ${step.detail}` : ''}`,
      );
    });
    for (const line of task.log.slice(this.#lines)) this.output.note(`    ${line}`);
    this.#lines = task.log.length;
    const running = task.steps.filter((step) => step.state === 'running').map((step) => step.name);
    if (this.#live && task.state === 'running' && running.length > 0) {
      const width = (process.stderr.columns ?? 80) - 4;
      process.stderr.write(`  … ${running.join(' · ')}`.slice(0, width));
    }
  }
}

export const seconds = (ms: number): string =>
  ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
