import { useState } from 'react';
import { useOperation } from '../../client/use-operation';
import { Button } from '../../ui/button';
import { formatNumber } from '../../ui/format';
import { StateMark } from '../../ui/badge';

/** Looks whether a transaction whose outcome nobody told has been committed meanwhile. */
export function AskTheLedger({ channel, transactionId }: { channel: string; transactionId: string }) {
  const [asked, setAsked] = useState(false);
  const found = useOperation('ledger.transaction', { channel, transactionId }, { enabled: asked });
  return (
    <>
      <Button
        small
        icon="ledger"
        isPending={found.isFetching}
        onPress={() => {
          if (asked) void found.refetch();
          else setAsked(true);
        }}
      >
        {(found.data ?? found.error) ? 'Ask again' : 'Ask the ledger'}
      </Button>
      <span role="status">
        {found.data &&
          (found.data.status === 'VALID' ? (
            <StateMark
              tone="ok"
              word={`It was written: VALID in block ${formatNumber(found.data.blockNumber)}.`}
            />
          ) : (
            <StateMark
              tone="danger"
              word={`It was ordered in block ${formatNumber(found.data.blockNumber)} and found invalid: ${found.data.status}. Nothing was written.`}
            />
          ))}
        {!found.data && found.error?.problem.code === 'TRANSACTION_NOT_FOUND' && (
          <StateMark
            tone="warn"
            icon="clock"
            word="It is in no block so far. It may still come: ask again."
          />
        )}
        {!found.data && found.error && found.error.problem.code !== 'TRANSACTION_NOT_FOUND' && (
          <StateMark tone="danger" word={`${found.error.problem.title} ${found.error.problem.detail}`} />
        )}
      </span>
    </>
  );
}
