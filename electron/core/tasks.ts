import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { TaskModel } from '../api/models';
import { cancelled, problem, ProblemError, toProblem } from './problem';

const LOG_TAIL = 200;
const REMEMBERED = 100;
/** Whoever watches all tasks hears of changes at most this often. */
const WATCH_ALL_MS = 200;

/** What a use-case reports while it works. Steps with the same name may not overlap. */
export interface TaskProgress {
  /** Runs `work` as a step; the step fails with it. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** A step reported from elsewhere. */
  report(step: {
    name: string;
    state: 'running' | 'done' | 'failed';
    detail?: string;
    durationMs?: number;
  }): void;
  log(line: string): void;
}

type Listener = (task: TaskModel) => void;

interface Running {
  model: TaskModel;
  readonly abort: AbortController;
  readonly listeners: Set<Listener>;
}

/** Long work with steps, log, cancel and result. The newest hundred stay readable. */
export class TaskRegistry {
  readonly #tasks = new Map<string, Running>();
  readonly #listeners = new Set<Listener>();

  /** Starts `work` and answers its task id at once. */
  start(
    operation: string,
    title: string,
    work: (progress: TaskProgress, signal: AbortSignal, id: string) => Promise<unknown>,
  ): string {
    const id = randomUUID();
    const running: Running = {
      model: {
        id,
        operation,
        title,
        state: 'running',
        started: new Date().toISOString(),
        finished: null,
        steps: [],
        log: [],
        result: null,
        problem: null,
      },
      abort: new AbortController(),
      listeners: new Set(),
    };
    // Dozens of calls of one task listen for its cancellation at the same time: no leak.
    setMaxListeners(0, running.abort.signal);
    this.#tasks.set(id, running);
    this.#forgetOldest();
    for (const listener of this.#listeners) listener(running.model);
    const origin = performance.now();
    void work(this.#progressOf(running, origin), running.abort.signal, id).then(
      (result) =>
        this.#change(running, { state: 'done', result: result ?? null, finished: new Date().toISOString() }),
      (error: unknown) => {
        // A submit that was given up may have been written all the same, and "cancelled" would not say so.
        const unknown = error instanceof ProblemError && error.problem.code === 'COMMIT_UNKNOWN';
        const failure = running.abort.signal.aborted && !unknown ? cancelled().problem : toProblem(error);
        this.#change(running, {
          state: failure.code === 'CANCELLED' ? 'cancelled' : 'failed',
          problem: failure,
          finished: new Date().toISOString(),
        });
      },
    );
    return id;
  }

  list(): TaskModel[] {
    return [...this.#tasks.values()].map((task) => task.model);
  }

  /** Throws BAD_REQUEST where it is not known. */
  show(id: string): TaskModel {
    return this.#require(id).model;
  }

  cancel(id: string): void {
    this.#require(id).abort.abort();
  }

  /** Yields the task as it stands, then after each change, and ends when the task is over. */
  async *watch(id: string, signal: AbortSignal): AsyncGenerator<TaskModel> {
    const running = this.#require(id);
    let wake: () => void = () => undefined;
    let changed = true;
    const listener = () => {
      changed = true;
      wake();
    };
    running.listeners.add(listener);
    signal.addEventListener('abort', listener);
    try {
      while (!signal.aborted) {
        if (changed) {
          changed = false;
          yield running.model;
          if (running.model.state !== 'running' && !changed) return;
          continue;
        }
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      running.listeners.delete(listener);
      signal.removeEventListener('abort', listener);
    }
  }

  /** Yields all tasks there are, then those that changed, until the signal aborts. */
  async *watchAll(signal: AbortSignal): AsyncGenerator<{ all: boolean; tasks: TaskModel[] }> {
    const changed = new Map<string, TaskModel>();
    let wake: () => void = () => undefined;
    const listener = (task: TaskModel) => {
      changed.set(task.id, task);
      wake();
    };
    const end = () => wake();
    this.#listeners.add(listener);
    signal.addEventListener('abort', end);
    try {
      yield { all: true, tasks: this.list() };
      while (!signal.aborted) {
        if (changed.size === 0) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        const tasks = [...changed.values()];
        changed.clear();
        yield { all: false, tasks };
        await setTimeout(WATCH_ALL_MS, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      this.#listeners.delete(listener);
      signal.removeEventListener('abort', end);
    }
  }

  #progressOf(running: Running, origin: number): TaskProgress {
    const report: TaskProgress['report'] = ({ name, state, detail, durationMs }) => {
      const now = performance.now() - origin;
      const steps = [...running.model.steps];
      const open = steps.findIndex((step) => step.name === name && step.state === 'running');
      const before = open < 0 ? undefined : steps[open];
      const step = {
        name,
        state,
        startedMs: before?.startedMs ?? now - (durationMs ?? 0),
        durationMs: state === 'running' ? null : (durationMs ?? now - (before?.startedMs ?? now)),
        detail: detail ?? before?.detail ?? '',
      };
      if (open < 0) steps.push(step);
      else steps[open] = step;
      this.#change(running, { steps });
    };
    return {
      report,
      step: async (name, work) => {
        report({ name, state: 'running' });
        try {
          const value = await work();
          report({ name, state: 'done' });
          return value;
        } catch (error) {
          report({ name, state: 'failed', detail: toProblem(error).title });
          throw error;
        }
      },
      log: (line) => this.#change(running, { log: [...running.model.log, line].slice(-LOG_TAIL) }),
    };
  }

  #change(running: Running, change: Partial<TaskModel>): void {
    running.model = { ...running.model, ...change };
    for (const listener of [...running.listeners, ...this.#listeners]) listener(running.model);
  }

  #require(id: string): Running {
    const running = this.#tasks.get(id);
    if (!running) {
      throw problem('BAD_REQUEST', {
        title: `There is no task ${id}.`,
        hint: 'List the tasks that are known.',
      });
    }
    return running;
  }

  #forgetOldest(): void {
    for (const [id, task] of this.#tasks) {
      if (this.#tasks.size <= REMEMBERED) return;
      if (task.model.state !== 'running') this.#tasks.delete(id);
    }
  }
}
