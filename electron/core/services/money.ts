import { z } from 'zod';
import type { Money } from '../../api/models';
import { problem } from '../problem';
import type { TaskProgress } from '../tasks';

const PAGE_SIZE = '200';
/** The wallet contract's account of all money that ever entered the system. */
const ISSUED_ACCOUNT = 'issued';

/** Evaluates a function of the wallet contract and answers its parsed result. */
export type WalletQuery = (functionName: string, args: readonly string[]) => Promise<unknown>;

const wallet = z.object({ balanceCents: z.int() });
const payment = z.object({
  payeeMspId: z.string(),
  amountCents: z.int(),
  state: z.enum(['HELD', 'CAPTURED', 'RELEASED', 'REFUNDED']),
});
const entry = z.object({ amountCents: z.int() });

/** All records of a paginated function; a bookmark that repeats is refused instead of looping for ever. */
export async function allPages<R extends z.ZodType>(
  query: WalletQuery,
  functionName: string,
  leading: readonly string[],
  record: R,
): Promise<z.infer<R>[]> {
  const page = z.object({ records: z.array(record), bookmark: z.string() });
  const records: z.infer<R>[] = [];
  let bookmark = '';
  for (;;) {
    const answer = page.parse(await query(functionName, [...leading, PAGE_SIZE, bookmark]));
    records.push(...answer.records);
    if (answer.bookmark === '' || answer.records.length === 0) return records;
    if (answer.bookmark === bookmark) {
      throw problem('VERIFICATION_FAILED', {
        title: `${functionName} answered the same bookmark twice.`,
        detail: `The bookmark is ${bookmark}.`,
        hint: 'Look at the contract: its pages must end.',
      });
    }
    bookmark = answer.bookmark;
  }
}

/**
 * issued = balances + holds + income, over all pages. Income is read from the payees' entries and must also be what
 * the captured payments say. Meaningful while nobody writes: pages are read one after the other.
 */
export async function verifyMoney(query: WalletQuery, progress: TaskProgress): Promise<Money> {
  const wallets = await progress.step('Read all wallets', () => allPages(query, 'ListWallets', [], wallet));
  const payments = await progress.step('Read all payments', () =>
    allPages(query, 'ListPayments', [], payment),
  );
  const entriesOf = (account: string) => allPages(query, 'ListEntries', [account], entry);
  const issued = await progress.step('Read all top-ups', () => entriesOf(ISSUED_ACCOUNT));
  const payees = [...new Set(payments.map(({ payeeMspId }) => payeeMspId))].sort();
  const income = await progress.step('Read all income', async () =>
    (await Promise.all(payees.map(entriesOf))).flat(),
  );
  const total = (amounts: readonly { amountCents: number }[]) =>
    amounts.reduce((sum, { amountCents }) => sum + amountCents, 0);
  const inState = (state: string) => total(payments.filter((candidate) => candidate.state === state));
  const issuedCents = total(issued);
  const balancesCents = wallets.reduce((sum, { balanceCents }) => sum + balanceCents, 0);
  const heldCents = inState('HELD');
  const incomeCents = total(income);
  return {
    ok: issuedCents === balancesCents + heldCents + incomeCents && incomeCents === inState('CAPTURED'),
    issuedCents,
    balancesCents,
    heldCents,
    incomeCents,
    wallets: wallets.length,
    payments: payments.length,
  };
}
