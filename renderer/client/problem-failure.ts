import type { Outcome, Problem } from '../../electron/api/problems';

/** A problem as TanStack Query wants it: thrown. It never leaves the hooks of this folder but as their `error`. */
export class ProblemFailure extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
    this.name = 'ProblemFailure';
  }
}

/** The value of an outcome. @throws {ProblemFailure} the problem of a failed one. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ProblemFailure(outcome.problem);
}
