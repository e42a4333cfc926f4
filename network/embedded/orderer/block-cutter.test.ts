import { beforeEach, describe, expect, it } from 'vitest';
import { BlockCutter, type Batch, type OrderedEnvelope } from './block-cutter';

const limits = { maxMessageCount: 3, preferredMaxBytes: 100 };

let filled: number[];
let cutter: BlockCutter;

beforeEach(() => {
  filled = [];
  cutter = new BlockCutter(
    () => limits,
    (seconds) => filled.push(seconds),
  );
});

const envelope = (size: number): OrderedEnvelope => ({ bytes: Buffer.alloc(size), size });
const sizes = (batches: readonly Batch[]): number[][] =>
  batches.map((batch) => batch.map(({ size }) => size));

function ordered(size: number): { batches: number[][]; pending: boolean } {
  const { batches, pending } = cutter.ordered(envelope(size));
  return { batches: sizes(batches), pending };
}

describe('the block cutter', () => {
  it('keeps envelopes until their number is reached', () => {
    expect(ordered(1)).toEqual({ batches: [], pending: true });
    expect(ordered(2)).toEqual({ batches: [], pending: true });
    expect(ordered(3)).toEqual({ batches: [[1, 2, 3]], pending: false });
    expect(ordered(4)).toEqual({ batches: [], pending: true });
  });

  it('cuts what waits when an envelope would make it larger than preferred', () => {
    ordered(60);
    expect(ordered(41)).toEqual({ batches: [[60]], pending: true });
    expect(sizes([cutter.cut()])).toEqual([[41]]);
  });

  it('takes exactly the preferred size', () => {
    ordered(60);
    expect(ordered(40)).toEqual({ batches: [], pending: true });
  });

  it('gives an envelope above the preferred size a batch of its own, after what waits', () => {
    ordered(10);
    expect(ordered(101)).toEqual({ batches: [[10], [101]], pending: false });
    expect(ordered(500)).toEqual({ batches: [[500]], pending: false });
    expect(filled).toHaveLength(3);
  });

  it('gives what waits when it is asked, and nothing when nothing does', () => {
    ordered(7);
    expect(cutter.cut()).toHaveLength(1);
    expect(cutter.cut()).toHaveLength(0);
    expect(filled).toHaveLength(1);
  });

  it('cuts both what waits and the envelope itself with a limit of one', () => {
    const single = new BlockCutter(
      () => ({ maxMessageCount: 1, preferredMaxBytes: 100 }),
      () => undefined,
    );
    expect(sizes(single.ordered(envelope(5)).batches)).toEqual([[5]]);
  });
});
