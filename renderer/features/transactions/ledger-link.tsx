import { Link } from '@tanstack/react-router';

/** To the transaction as it stands in the ledger, once it is in a block. */
export function LedgerLink({
  channel,
  transactionId,
  words = 'See it in the ledger',
}: {
  channel: string;
  transactionId: string;
  words?: string;
}) {
  return (
    <Link
      className="link nowrap"
      to="/ledger/$channel/tx/$transaction"
      params={{ channel, transaction: transactionId }}
      search={{ channel }}
    >
      {words}
    </Link>
  );
}
