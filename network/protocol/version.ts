/** Height of a write: block number and position of the transaction in it. */
export interface Version {
  readonly block: number;
  readonly tx: number;
}

/** Both absent, or the same height (core/ledger/internal/version AreSame). */
export function sameVersion(one: Version | undefined, other: Version | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.block === other.block && one.tx === other.tx;
}
