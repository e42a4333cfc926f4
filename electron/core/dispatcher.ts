import { z } from 'zod';
import { isOperationName, operations, roles } from '../api/operations';
import type { OperationName, ReplyOf, ResultOf, Role } from '../api/operations';
import type { Outcome } from '../api/problems';
import { problem, toProblem } from './problem';
import type { TaskProgress, TaskRegistry } from './tasks';

export interface CallContext {
  readonly role: Role;
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

/** Checks name, role and schema, runs the handler, and turns whatever happens into an outcome. */
export class Dispatcher {
  constructor(
    private readonly handlers: Handlers,
    private readonly tasks: TaskRegistry,
  ) {}

  async dispatch<N extends OperationName>(
    name: N | string,
    request: unknown,
    context: CallContext,
  ): Promise<Outcome<ReplyOf<N>>> {
    try {
      const value = await this.#run(name, request, context);
      return { ok: true, value: value as ReplyOf<N> };
    } catch (error) {
      return { ok: false, problem: toProblem(error) };
    }
  }

  async #run(name: string, request: unknown, context: CallContext): Promise<unknown> {
    if (!isOperationName(name)) {
      throw problem('UNKNOWN_OPERATION', {
        title: `There is no operation ${JSON.stringify(name)}.`,
        hint: 'Console and core may be of different versions: restart both.',
      });
    }
    const operation = operations[name];
    if (roles.indexOf(context.role) < roles.indexOf(operation.role)) {
      throw problem('ROLE_TOO_LOW', {
        title: `${name} needs the role ${operation.role}.`,
        detail: `You are signed in as ${context.role}.`,
        hint: `Ask someone with the role ${operation.role}.`,
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
    const task = this.tasks.start(name, name, (progress, signal) =>
      handler(parsed.data, { ...context, signal }, progress),
    );
    return { task };
  }
}
