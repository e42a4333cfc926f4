import { orderer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { seekRange } from './seek';

const { SeekInfo, SeekPosition } = orderer;

function at(where: 'oldest' | 'newest' | 'next' | number): orderer.SeekPosition {
  const position = new SeekPosition();
  if (where === 'oldest') position.setOldest(new orderer.SeekOldest());
  else if (where === 'newest') position.setNewest(new orderer.SeekNewest());
  else if (where === 'next') position.setNextCommit(new orderer.SeekNextCommit());
  else {
    const specified = new orderer.SeekSpecified();
    specified.setNumber(where);
    position.setSpecified(specified);
  }
  return position;
}

function seek(
  start: orderer.SeekPosition | undefined,
  stop: orderer.SeekPosition | undefined,
): orderer.SeekInfo {
  const info = new SeekInfo();
  if (start !== undefined) info.setStart(start);
  if (stop !== undefined) info.setStop(stop);
  return info;
}

describe('seek positions at height 10', () => {
  const range = (start: orderer.SeekPosition, stop: orderer.SeekPosition) => seekRange(seek(start, stop), 10);

  it.each([
    ['oldest to newest', at('oldest'), at('newest'), { start: 0, stop: 9 }],
    ['newest to newest is one block', at('newest'), at('newest'), { start: 9, stop: 9 }],
    ['a span', at(3), at(5), { start: 3, stop: 5 }],
    [
      'the next block, for ever',
      at('next'),
      at(Number.MAX_SAFE_INTEGER),
      { start: 10, stop: Number.MAX_SAFE_INTEGER },
    ],
    ['a start just beyond the tip waits', at(10), at(10), { start: 10, stop: 10 }],
    ['oldest to oldest', at('oldest'), at('oldest'), { start: 0, stop: 0 }],
  ])('%s', (_, start, stop, expected) => {
    expect(range(start, stop)).toMatchObject({ outcome: 'range', ...expected });
  });

  it('a start further beyond is not found', () => {
    expect(range(at(11), at(12)).outcome).toBe('beyond');
  });

  it('a stop before the start is malformed', () => {
    expect(range(at(5), at(4)).outcome).toBe('malformed');
  });

  it('missing positions are malformed', () => {
    expect(seekRange(seek(undefined, at(1)), 10).outcome).toBe('malformed');
    expect(seekRange(seek(at(1), undefined), 10).outcome).toBe('malformed');
  });
});
