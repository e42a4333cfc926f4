import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useClient } from '../../client/context';
import { ProblemFailure, valueOf } from '../../client/problem-failure';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/fields';
import { ProblemView } from '../../ui/problem-view';

type Target = { readonly block: string } | { readonly transactionId: string };

/** Opens what is named: a block by number or header hash, or a transaction by its id. */
export function OpenField({ channel }: { channel: string }) {
  const client = useClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const find = useMutation<Target, ProblemFailure, string>({
    mutationFn: async (wanted) => {
      const block = async () => {
        const { number } = valueOf(await client.call('ledger.block', { channel, block: wanted }));
        return { block: number };
      };
      if (/^\d{1,20}$/.test(wanted)) return block();
      // Ids and header hashes look alike: what is asked for decides.
      const found = await client.call('ledger.transaction', { channel, transactionId: wanted });
      if (found.ok) return { transactionId: wanted };
      const isHash = /^[0-9a-f]{64}$/i.test(wanted);
      if (found.problem.code !== 'TRANSACTION_NOT_FOUND' || !isHash) throw new ProblemFailure(found.problem);
      const byHash = await client.call('ledger.block', { channel, block: wanted });
      if (byHash.ok) return { block: byHash.value.number };
      throw new ProblemFailure(
        byHash.problem.code === 'BLOCK_NOT_FOUND'
          ? { ...byHash.problem, title: `${channel} has no transaction and no block ${wanted}.` }
          : byHash.problem,
      );
    },
    onSuccess: (target) =>
      void ('block' in target
        ? navigate({
            to: '/ledger/$channel/blocks/$block',
            params: { channel, block: target.block },
            search: { channel },
          })
        : navigate({
            to: '/ledger/$channel/tx/$transaction',
            params: { channel, transaction: target.transactionId },
            search: { channel },
          })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = typed.trim().replaceAll(',', '');
    if (wanted !== '') find.mutate(wanted);
  };
  return (
    <form className="lg-open" onSubmit={submit} role="search">
      <span data-filter className="filter-field">
        <TextField
          label="Open a block or a transaction"
          hideLabel
          inputType="search"
          placeholder="Block number, header hash or transaction id"
          value={typed}
          onChange={(text) => {
            setTyped(text);
            if (find.error) find.reset();
          }}
        />
      </span>
      <Button small type="submit" icon="search" isPending={find.isPending}>
        Open
      </Button>
      {find.error && (
        <div className="lg-open-problem">
          <ProblemView problem={find.error.problem} />
        </div>
      )}
    </form>
  );
}
