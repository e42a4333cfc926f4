import type { OperationName, RequestOf } from '../api/operations';

type Titles = { readonly [N in OperationName]?: (request: RequestOf<N>) => string };

/** Tasks that many of run are told apart by what they are about. */
const titles: Titles = {
  'transaction.run': ({ function: name, contract, as }) => `${name} of ${contract} as ${as}`,
};

/** Where the operation has no title of its own, its name: whoever shows the task has words for it. */
export function taskTitle<N extends OperationName>(name: N, request: RequestOf<N>): string {
  const title = titles[name] as ((request: RequestOf<N>) => string) | undefined;
  return title?.(request) ?? name;
}
