const FIRST_MS = 250;
const LONGEST_MS = 15_000;

/** Doubling pauses with jitter: many that lost the same engine do not come back in one moment. */
export const backoffMs = (failures: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
