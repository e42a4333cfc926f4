/** Where a transaction stands in the chain. */
export interface Place {
  readonly block: number;
  /** Position in the block. */
  readonly tx: number;
}

const IN_BLOCK = 2 ** 24;

/** The highest block that can be indexed. */
export const LAST_BLOCK = 2 ** 29 - 1;

/** A place as one number that grows along the chain. Throws RangeError beyond block 2^29 or transaction 2^24. */
export function orderOf({ block, tx }: Place): number {
  if (block > LAST_BLOCK || tx >= IN_BLOCK) throw new RangeError(`block ${block}, transaction ${tx}`);
  return block * IN_BLOCK + tx;
}

export const placeOf = (order: number): Place => ({
  block: Math.floor(order / IN_BLOCK),
  tx: order % IN_BLOCK,
});

/** The last place a block can have. */
export const endOfBlock = (block: number): number => block * IN_BLOCK + IN_BLOCK - 1;

export const LAST_ORDER = Number.MAX_SAFE_INTEGER;
