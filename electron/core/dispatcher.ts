import { z } from 'zod';
import { isOperationName, operations } from '../api/operations';
import type { OperationName, ReplyOf, RequestOf, ResultOf, Role } from '../api/operations';
import type { Outcome } from '../api/problems';
import { audit } from './audit';
import type { Audited } from './audit';
import type { AuditLog } from './ports/records';
import { problem, toProblem } from './problem';
import { requireRole } from './required-role';
import { taskTitle } from './task-titles';
import type { TaskProgress, TaskRegistry } from './tasks';

export interface CallContext {
  readonly role: Role;
  /** Who is signed in, for the audit log. */
  readonly user: string;
  readonly signal: AbortSignal;
}

type Parsed<N extends OperationName> = z.output<(typeof operations)[N]['request']>;

export type Handler<N extends OperationName> = (typeof operations)[N]['kind'] extends 'task'
  ? (request: Parsed<N>, context: CallContext, progress: TaskProgress) => Promise<ResultOf<N>>
  : (request: Parsed<N>, context: CallContext) => Promise<ResultOf<N>>;

/** One handler for every operation; the type makes a forgotten one a compile error. */
export type Handlers = { readonly [N in OperationName]: Handler<N> };

type AnyHandler = (request: unknown, context: CallContext, progress: TaskProgress) => Promise<unknown>;

const noProgress: TaskProgress = {
  step: (_name, work) => work(),
  report: () => undefined,
  log: () => undefined,
};

/** Still done when the network was taken down: that it is down, or gone, is made sure of. */
const endings: readonly OperationName[] = ['network.down', 'network.purge'];

/** Checks name, role and schema, runs the handler, and turns whatever happens into an outcome. */
export class Dispatcher {
  #isOver = false;

  constructor(
    private readonly handlers: Handlers,
    private readonly tasks: TaskRegistry,
    private readonly log: AuditLog,
    /** Told after everything that may have changed something. */
    private readonly changed: () => void = () => undefined,
  ) {}

  /** From now on nothing is changed any more: whoever owns the core closes it. */
  end(): void {
    this.#isOver = true;
  }

  async dispatch<N extends OperationName>(
    name: N | string,
    request: unknown,
    context: CallContext,
  ): Promise<Outcome<ReplyOf<N>>> {
    const began = performance.now();
    // Queries change nothing. Of a task, start and end are recorded.
    const recorded = isOperationName(name) && operations[name].kind !== 'query' ? name : undefined;
    const record = async (outcome: Audited['outcome'], task: string | null) => {
      if (!recorded) return;
      const { role, user } = context;
      const durationMs = performance.now() - began;
      await audit(this.log, { user, role, operation: recorded, request, task, durationMs, outcome });
      this.changed();
    };
    try {
      const value = await this.#run(name, request, context, record);
      if (recorded && operations[recorded].kind !== 'task') await record({ value }, null);
      return { ok: true, value: value as ReplyOf<N> };
    } catch (error) {
      const told = toProblem(error);
      await record({ problem: told }, null);
      return { ok: false, problem: told };
    }
  }

  async #run(
    name: string,
    request: unknown,
    context: CallContext,
    record: (outcome: Audited['outcome'], task: string | null) => Promise<void>,
  ): Promise<unknown> {
    if (!isOperationName(name)) {
      throw problem('UNKNOWN_OPERATION', {
        title: `There is no operation ${JSON.stringify(name)}.`,
        hint: 'Console and core may be of different versions: restart both.',
      });
    }
    const operation = operations[name];
    requireRole(context.role, operation.role, name);
    if (this.#isOver && operation.kind !== 'query' && !endings.includes(name)) {
      throw problem('SUPERVISOR_ENDING', {
        title: 'The network was taken down, and its supervisor ends.',
        detail: `${name} was not begun.`,
        hint: 'Try again in a moment: another supervisor begins then.',
        retryable: true,
      });
    }
    const parsed = operation.request.safeParse(request);
    if (!parsed.success) {
      throw problem('BAD_REQUEST', {
        title: `The request for ${name} is not of its form.`,
        detail: z.prettifyError(parsed.error),
        hint: 'Correct the fields named.',
      });
    }
    context.signal.throwIfAborted();
    const handler = this.handlers[name] as AnyHandler;
    if (operation.kind !== 'task') return handler(parsed.data, context, noProgress);
    const task = this.tasks.start(
      name,
      taskTitle(name, parsed.data as RequestOf<typeof name>),
      async (progress, signal, id) => {
        await record('STARTED', id);
        try {
          const value = await handler(parsed.data, { ...context, signal }, progress);
          await record({ value }, id);
          return value;
        } catch (error) {
          await record({ problem: toProblem(error) }, id);
          throw error;
        }
      },
    );
    return { task };
  }
}
