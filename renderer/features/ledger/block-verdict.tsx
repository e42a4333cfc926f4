import type { TransactionLine } from '../../../electron/api/models';
import { StateMark } from '../../ui/badge';

/** How many of a block's transactions count. */
export function BlockVerdict({ transactions }: { transactions: readonly TransactionLine[] }) {
  const invalid = transactions.filter(({ status }) => status !== 'VALID');
  const valid = transactions.length - invalid.length;
  if (invalid.length === 0) return <StateMark tone="ok" word={`${valid} valid`} />;
  const codes = [...new Set(invalid.map(({ status }) => status))];
  return (
    <StateMark
      tone="warn"
      word={`${valid} valid, ${invalid.length} ${codes.length === 1 ? (codes[0] ?? '') : 'invalid'}`}
    />
  );
}
