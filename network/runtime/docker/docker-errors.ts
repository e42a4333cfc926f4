/** Something of that name is there already and is not this network's; it was not touched. */
export class ForeignObjectError extends Error {
  constructor(
    readonly kind: 'container' | 'volume' | 'network',
    readonly objectName: string,
    /** Whose it is, in words. */
    readonly owner: string,
  ) {
    super(`the ${kind} ${objectName} is ${owner}`);
    this.name = 'ForeignObjectError';
  }
}
