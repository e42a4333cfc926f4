import { z } from 'zod';
import type { Money } from '../../api/models';
import { problem } from '../problem';
import type { TaskProgress } from '../tasks';

const PAGE_SIZE = 200;

const page = <R extends z.ZodType>(record: R) => z.object({ records: z.array(record), bookmark: z.string() });

/** Evaluates a function of the wallet contract and answers its parsed result. */
export type WalletQuery = (functionName: string, args: readonly string[]) => Promise<unknown>;

const walletSchema = z.object({ userId: z.string(), balanceCents: z.int() });
const paymentSchema = z.object({
  paymentId: z.string(),
  amountCents: z.int(),
  status: z.enum(['HELD', 'CAPTURED', 'RELEASED', 'REFUNDED']),
});
const entrySchema = z.object({ kind: z.string(), amountCents: z.int() });

export { entrySchema, paymentSchema, walletSchema };

/** All records of a paginated function; a bookmark that repeats is refused instead of looping for ever. */
export async function allPages<R extends z.ZodType>(
  query: WalletQuery,
  functionName: string,
  leading: readonly string[],
  record: R,
): Promise<z.infer<R>[]> {
  const records: z.infer<R>[] = [];
  let bookmark = '';
  for (;;) {
    const answer = page(record).parse(await query(functionName, [...leading, String(PAGE_SIZE), bookmark]));
    records.push(...answer.records);
    if (answer.bookmark === '' || answer.records.length === 0) return records;
    if (answer.bookmark === bookmark) {
      throw problem('VERIFICATION_FAILED', {
        title: `${functionName} answered the same bookmark twice.`,
        detail: `The bookmark is ${bookmark}.`,
        hint: 'Look at the contract: pages must end.',
      });
    }
    bookmark = answer.bookmark;
  }
}

/** issued = balances + holds + income, over all pages of wallets, payments and top-ups. */
export async function verifyMoney(query: WalletQuery, progress: TaskProgress): Promise<Money> {
  const wallets = await progress.step('Read all wallets', () =>
    allPages(query, 'ListWallets', [], walletSchema),
  );
  const payments = await progress.step('Read all payments', () =>
    allPages(query, 'ListPayments', [], paymentSchema),
  );
  const topUps = await progress.step('Read all top-ups', () =>
    allPages(query, 'ListTopUps', [], z.object({ amountCents: z.int() })),
  );
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const inState = (status: string) =>
    sum(payments.filter((payment) => payment.status === status).map((payment) => payment.amountCents));
  const issuedCents = sum(topUps.map((topUp) => topUp.amountCents));
  const balancesCents = sum(wallets.map((wallet) => wallet.balanceCents));
  const heldCents = inState('HELD');
  const incomeCents = inState('CAPTURED');
  return {
    ok: issuedCents === balancesCents + heldCents + incomeCents,
    issuedCents,
    balancesCents,
    heldCents,
    incomeCents,
    wallets: wallets.length,
    payments: payments.length,
  };
}
