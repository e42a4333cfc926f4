/**
 * What is wrong with material on disk. `expired` covers certificates that are not valid yet; `foreign` what another
 * CA signed or another network's genesis block; `mismatch` material that no longer says what the topology says.
 */
export type MaterialProblem = 'unreadable' | 'expired' | 'foreign' | 'mismatch';

/** Material that can't be used as it is; nothing on disk was changed because of it. */
export class MaterialError extends Error {
  constructor(
    readonly problem: MaterialProblem,
    /** File or folder it was found in. */
    readonly file: string,
    readonly detail: string,
    /** What the user can do about it. */
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${detail}. ${hint}`, options);
    this.name = 'MaterialError';
  }
}
