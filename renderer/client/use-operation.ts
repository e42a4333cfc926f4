import {
  hashKey,
  keepPreviousData,
  useMutation,
  useMutationState,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { UseMutationResult, UseQueryOptions, UseQueryResult } from '@tanstack/react-query';
import type { ConsoleClient } from '../../electron/api/client';
import type { Problem } from '../../electron/api/problems';
import type { OperationName, ReplyOf, RequestOf } from '../../electron/api/operations';
import { useClient } from './context';
import { ProblemFailure, valueOf } from './problem-failure';

export interface OperationOptions {
  /** Asks again this many milliseconds after an answer; rests while the window is hidden. */
  readonly pollMs?: number;
  /** False: don't ask (yet). */
  readonly enabled?: boolean;
  /** While the answer to another request is awaited the one before it stays: `isPlaceholderData` says so. */
  readonly keepsPrevious?: boolean;
  /** For a large answer that is another one each time: finding what stayed in it costs more than it saves. */
  readonly replacesWhole?: boolean;
}

/** The key under which an operation's answer is kept; `operationKey(name)` alone matches all its requests. */
export const operationKey = <N extends OperationName>(name: N, request?: RequestOf<N>): readonly unknown[] =>
  request === undefined ? [name] : [name, request];

function queryOf<N extends OperationName>(
  client: ConsoleClient,
  name: N,
  request: RequestOf<N>,
  { pollMs, enabled = true, keepsPrevious = false, replacesWhole = false }: OperationOptions,
) {
  return {
    queryKey: operationKey(name, request),
    queryFn: async ({ signal }: { signal: AbortSignal }) =>
      valueOf(await client.call(name, request, { signal })),
    enabled,
    refetchInterval: pollMs ?? (false as const),
    structuralSharing: !replacesWhole,
    ...(keepsPrevious && { placeholderData: keepPreviousData }),
  };
}

/** The answer of a query operation, kept and shared between all that ask the same. Its `error` is a Problem. */
export function useOperation<N extends OperationName>(
  name: N,
  request: RequestOf<N>,
  options: OperationOptions = {},
): UseQueryResult<ReplyOf<N>, ProblemFailure> {
  const client = useClient();
  return useQuery<ReplyOf<N>, ProblemFailure>(queryOf(client, name, request, options));
}

/** The same operation asked with several requests at once, in their order. */
export function useOperations<N extends OperationName>(
  name: N,
  requests: readonly RequestOf<N>[],
  options: OperationOptions = {},
): UseQueryResult<ReplyOf<N>, ProblemFailure>[] {
  const client = useClient();
  return useQueries<
    UseQueryOptions<ReplyOf<N>, ProblemFailure>[],
    UseQueryResult<ReplyOf<N>, ProblemFailure>[]
  >({
    queries: requests.map((request) => queryOf(client, name, request, options)),
  });
}

/** A command or a task's start. When it is over, what `refreshes` names is asked again. */
export function useCommand<N extends OperationName>(
  name: N,
  refreshes: readonly OperationName[] = [],
): UseMutationResult<ReplyOf<N>, ProblemFailure, RequestOf<N>> {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation<ReplyOf<N>, ProblemFailure, RequestOf<N>>({
    mutationKey: [name],
    mutationFn: async (request) => valueOf(await client.call(name, request)),
    onSettled: () =>
      Promise.all(
        refreshes.map((refreshed) => queries.invalidateQueries({ queryKey: operationKey(refreshed) })),
      ),
  });
}

/** What became of the newest such command of this window, whoever gave it: a button, a menu or the palette. */
export function useCommandState<N extends OperationName>(
  name: N,
  request: RequestOf<N>,
): { readonly isPending: boolean; readonly problem: Problem | undefined } {
  const newest = useMutationState({
    filters: {
      mutationKey: [name],
      predicate: ({ state }) => hashKey([state.variables]) === hashKey([request]),
    },
    select: ({ state }) => state,
  }).at(-1);
  return {
    isPending: newest?.status === 'pending',
    problem: newest?.error instanceof ProblemFailure ? newest.error.problem : undefined,
  };
}
