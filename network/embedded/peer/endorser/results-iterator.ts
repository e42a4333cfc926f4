/**
 * The peer's end of an iterator a chaincode holds. `bookmarkAndClose` gives the key at which the next page starts,
 * empty at the end of the range.
 */
export interface ResultsIterator<T> {
  next(): Promise<T | undefined>;
  bookmarkAndClose(): Promise<string>;
  close(): Promise<void>;
}
