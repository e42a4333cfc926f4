import { orderer } from '@hyperledger/fabric-protos';

/** Blocks a client asked for. */
export type SeekRange =
  | {
      readonly outcome: 'range';
      readonly start: number;
      /** The last block wanted; later than any block when the client follows the ledger. */
      readonly stop: number;
      readonly failIfNotReady: boolean;
    }
  /** Missing positions, or a stop before the start. */
  | { readonly outcome: 'malformed' }
  /** A start beyond the next block. */
  | { readonly outcome: 'beyond' };

const { SeekPosition, SeekInfo } = orderer;

/**
 * What a SeekInfo means at a ledger height (common/deliver, common/ledger/blockledger/fileledger). A stop position
 * that names no block ends after block 0, as genuinely: such a request usually never ends.
 */
export function seekRange(seek: orderer.SeekInfo, height: number): SeekRange {
  const startPosition = seek.getStart();
  const stopPosition = seek.getStop();
  if (startPosition === undefined || stopPosition === undefined) return { outcome: 'malformed' };
  const start = startNumber(startPosition, height);
  if (start === undefined) return { outcome: 'beyond' };
  const stop = stopNumber(startPosition, stopPosition, start, height);
  if (stop === undefined) return { outcome: 'malformed' };
  return {
    outcome: 'range',
    start,
    stop,
    failIfNotReady: seek.getBehavior() === SeekInfo.SeekBehavior.FAIL_IF_NOT_READY,
  };
}

function startNumber(position: orderer.SeekPosition, height: number): number | undefined {
  switch (position.getTypeCase()) {
    case SeekPosition.TypeCase.OLDEST:
      return 0;
    case SeekPosition.TypeCase.NEWEST:
      return height - 1;
    case SeekPosition.TypeCase.SPECIFIED: {
      const number = position.getSpecified()?.getNumber() ?? 0;
      return number > height ? undefined : number;
    }
    case SeekPosition.TypeCase.NEXT_COMMIT:
      return height;
    case SeekPosition.TypeCase.TYPE_NOT_SET:
      return undefined;
  }
}

function stopNumber(
  startPosition: orderer.SeekPosition,
  position: orderer.SeekPosition,
  start: number,
  height: number,
): number | undefined {
  switch (position.getTypeCase()) {
    case SeekPosition.TypeCase.OLDEST:
      return start;
    case SeekPosition.TypeCase.NEWEST:
      // Newest to newest is one block, even when another commits meanwhile.
      return startPosition.getTypeCase() === SeekPosition.TypeCase.NEWEST ? start : height - 1;
    case SeekPosition.TypeCase.SPECIFIED: {
      const number = position.getSpecified()?.getNumber() ?? 0;
      return number < start ? undefined : number;
    }
    case SeekPosition.TypeCase.NEXT_COMMIT:
    case SeekPosition.TypeCase.TYPE_NOT_SET:
      return 0;
  }
}
