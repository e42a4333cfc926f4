import { Context, Object as DataType, Property } from 'fabric-contract-api';
import { recordKey, writeRecord } from '../shared/records';

@DataType()
export class Wallet {
  @Property() userId!: string;
  @Property() balanceCents!: number;
  @Property() openedAt!: string;
  @Property() updatedAt!: string;
}

@DataType()
export class WalletPage {
  @Property('records', 'Wallet[]') records!: Wallet[];
  @Property() bookmark!: string;
  @Property() fetched!: number;
}

@DataType()
export class TopUp {
  @Property() topUpId!: string;
  @Property() userId!: string;
  @Property() amountCents!: number;
  /** The wallet's balance after the top-up. */
  @Property() balanceCents!: number;
  @Property() toppedUpAt!: string;
}

export type EntryKind = 'TOP_UP' | 'HOLD' | 'RELEASE' | 'CAPTURE' | 'REFUND';

/** One movement of an account. The entries of a user's account add up to the balance of the wallet. */
@DataType()
export class Entry {
  @Property() account!: string;
  @Property('kind', 'string') kind!: EntryKind;
  /** Positive: into the account. */
  @Property() amountCents!: number;
  /** The top-up's or payment's id. */
  @Property() reference!: string;
  @Property() time!: string;
}

@DataType()
export class EntryPage {
  @Property('records', 'Entry[]') records!: Entry[];
  @Property() bookmark!: string;
  @Property() fetched!: number;
}

/** The account of all money that ever entered the system: an entry for each top-up. */
export const ISSUED = 'issued';

export const ENTRY = 'entry';

/** Each entry has a key of its own, in the order of time: no account is ever a hot key. */
export async function writeEntry(ctx: Context, entry: Entry): Promise<void> {
  const { account, time, kind, reference } = entry;
  await writeRecord(ctx, recordKey(ctx, ENTRY, account, time, kind, reference), entry);
}
