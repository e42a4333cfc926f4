import type { Outcome } from '../../api/problems';

/** The value; what failed ends the recording with its words. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { title, detail, hint } = outcome.problem;
  throw new Error(`${title} ${detail} ${hint}`);
}
