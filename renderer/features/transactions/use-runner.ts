import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { useClient } from '../../client/context';
import { useTasks } from '../../client/use-task';
import { useQueryClient } from '@tanstack/react-query';
import { operationKey } from '../../client/use-operation';
import type { ContractCallRequest } from './contract-call';
import { replaceRun, setRun } from './run-store';
import type { Run } from './run-store';

/** Evaluates and submits. What becomes of it stands in the run store and, for a submit, in its task. */
export function useRunner() {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate({ from: '/transactions' });
  const { tasks = [] } = useTasks();
  const known = useRef<readonly string[]>([]);
  known.current = tasks.map(({ id }) => id);

  const remembered = () => void queries.invalidateQueries({ queryKey: operationKey('transaction.history') });

  const evaluate = async (call: ContractCallRequest) => {
    const abort = new AbortController();
    const run: Run = {
      kind: 'evaluate',
      state: 'asking',
      call,
      cancel: () => abort.abort(),
    };
    setRun(run);
    void navigate({ search: (before) => ({ ...before, task: undefined }), replace: true });
    const outcome = await client.call('transaction.evaluate', call, { signal: abort.signal });
    replaceRun(
      run,
      outcome.ok
        ? { kind: 'evaluate', state: 'answered', call: run.call, answer: outcome.value }
        : { kind: 'evaluate', state: 'failed', call: run.call, problem: outcome.problem },
    );
    remembered();
  };

  const submit = async (call: ContractCallRequest) => {
    const before = known.current;
    const run: Run = { kind: 'submit', state: 'starting', call };
    setRun(run);
    const outcome = await client.call('transaction.run', call);
    if (outcome.ok) {
      const { task } = outcome.value;
      replaceRun(run, { ...run, state: 'started', task });
      void navigate({ search: (search) => ({ ...search, task }), replace: true });
    } else if (outcome.problem.code === 'CONNECTION_LOST') {
      replaceRun(run, {
        ...run,
        state: 'unanswered',
        problem: outcome.problem,
        known: before,
        at: Date.now(),
      });
    } else {
      replaceRun(run, { ...run, state: 'failed', problem: outcome.problem });
      void navigate({ search: (search) => ({ ...search, task: undefined }), replace: true });
    }
    remembered();
  };

  return { evaluate, submit };
}
