import { expect, it } from 'vitest';
import { genuineChain } from '../../embedded/peer/commit/genuine-chain';
import { blockHeader, blockHeaderHash } from '../block';
import { MemoryPins } from './genesis-pins';
import { verifyChain, type ChainReport } from './report';

const CHANNEL = 'parking-channel';
const chain = genuineChain();
const bytes = chain.map((block) => block.serializeBinary());
const length = bytes.reduce((sum, block) => sum + block.length, 0);
const SEED = 20261122;
const POSITIONS = 60;

/** Mulberry32: the same positions every time. */
function* random(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** Position in the ledger → block and offset in it. */
function placeOf(position: number): { block: number; offset: number } {
  let rest = position;
  for (const [block, { length: size }] of bytes.entries()) {
    if (rest < size) return { block, offset: rest };
    rest -= size;
  }
  throw new RangeError(`${position} lies behind the ledger`);
}

/** Verifies a copy with one byte changed, up to the block behind it: further ones can say no more. */
async function verifyAltered(block: number, offset: number, flip: number): Promise<ChainReport> {
  const pins = new MemoryPins();
  const [genesis] = chain;
  if (genesis !== undefined) await pins.pin(CHANNEL, blockHeaderHash(blockHeader(genesis)));
  const blocks = bytes.slice(0, block + 3).map((original, number) => {
    if (number !== block) return original;
    const copy = Buffer.from(original);
    copy.writeUInt8(copy.readUInt8(offset) ^ flip, offset);
    return copy;
  });
  return verifyChain({ channelId: CHANNEL, blocks, pins });
}

it(`finds and locates one byte changed anywhere in a copy of a ledger (seed ${SEED})`, async () => {
  const numbers = random(SEED);
  const next = (below: number): number => Math.floor((numbers.next().value ?? 0) * below);
  const metadataOf = (block: number): number =>
    (bytes[block]?.length ?? 0) - (chain[block]?.getMetadata()?.serializeBinary().length ?? 0);
  for (let round = 0; round < POSITIONS; round++) {
    let place = placeOf(next(length));
    // Transactions make up nearly all of a ledger: every third change is made in what no header covers, or in a header.
    if (round % 3 === 1) {
      const block = next(chain.length);
      const from = metadataOf(block);
      place = { block, offset: from + next((bytes[block]?.length ?? 0) - from) };
    }
    if (round % 3 === 2) place = { block: next(chain.length), offset: next(72) };
    const flip = 1 + next(255);
    const report = await verifyAltered(place.block, place.offset, flip);
    const found = report.anomalies.map(({ block, check, reason }) => `${block} ${check}: ${reason}`);
    const where = `byte ${place.offset} of block ${place.block}, flipped by ${flip}: ${found.join('\n')}`;
    expect(report.anomalies[0]?.block, where).toBe(place.block);
    expect(
      report.anomalies
        .filter(({ block }) => block !== place.block)
        .map(({ block, check }) => `${block} ${check}`),
      where,
    ).toEqual(
      report.anomalies.some(({ block }) => block > place.block) ? [`${place.block + 1} header chain`] : [],
    );
  }
}, 120_000);
