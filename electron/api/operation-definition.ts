import type { z } from 'zod';

/** Console roles, lowest first: each includes the ones before it. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/**
 * `query` changes nothing, `command` changes something and answers when it is done, `task` answers at once with
 * a task id and goes on (topic `task`).
 */
export type OperationKind = 'query' | 'command' | 'task';

export interface OperationDefinition<K extends OperationKind, Q extends z.ZodType, R extends z.ZodType> {
  readonly kind: K;
  readonly role: Role;
  readonly request: Q;
  /** For a task: the shape of its result. */
  readonly reply: R;
}

export const define = <K extends OperationKind, Q extends z.ZodType, R extends z.ZodType>(
  kind: K,
  role: Role,
  request: Q,
  reply: R,
): OperationDefinition<K, Q, R> => ({ kind, role, request, reply });
