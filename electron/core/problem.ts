import type { Problem, ProblemCode } from '../api/problems';

/** Carries a problem through code that throws; turned back into a value at the dispatcher. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly problem: Problem,
    options?: ErrorOptions,
  ) {
    super(`${problem.title} ${problem.detail}`, options);
  }
}

interface Details {
  readonly title: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly retryable?: boolean;
  readonly sources?: Problem['sources'];
  readonly transactionId?: string | undefined;
  readonly validation?: Problem['validation'];
  readonly cause?: unknown;
}

/** Makes the error to throw for a problem with this code. */
export function problem(code: ProblemCode, details: Details): ProblemError {
  return new ProblemError(
    {
      code,
      title: details.title,
      detail: details.detail ?? '',
      hint: details.hint ?? '',
      retryable: details.retryable ?? false,
      sources: details.sources ?? [],
      ...(details.transactionId ? { transactionId: details.transactionId } : {}),
      ...(details.validation ? { validation: details.validation } : {}),
    },
    details.cause === undefined ? undefined : { cause: details.cause },
  );
}

/** Any thrown thing as a problem. What nobody translated is INTERNAL and keeps its own words. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof Error && error.name === 'AbortError') return cancelled().problem;
  const fileProblem = problemOfFileError(error);
  if (fileProblem) return fileProblem;
  const message = error instanceof Error ? error.message : String(error);
  return problem('INTERNAL', {
    title: 'Something unexpected went wrong.',
    detail: message,
    hint: 'Run the command again with --verbose and report what it prints.',
  }).problem;
}

export const cancelled = (): ProblemError =>
  problem('CANCELLED', {
    title: 'Cancelled.',
    detail: 'The call was ended before it was done.',
    hint: 'Run it again.',
    retryable: true,
  });

function problemOfFileError(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : '';
  const detail = path === '' || error.message.includes(path) ? error.message : `${path}: ${error.message}`;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return problem('DISK_FULL', {
        title: 'The disk is full.',
        detail,
        hint: 'Free some space, then do it again. Nothing that was acknowledged is lost.',
        retryable: true,
      }).problem;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return problem('HOME_UNUSABLE', {
        title: 'A file cannot be read or written.',
        detail,
        hint: `Give yourself access to ${path || 'the folder'}, or set CITYFLOW_HOME to a folder you may write to.`,
      }).problem;
    default:
      return undefined;
  }
}
