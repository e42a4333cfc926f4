import { expect, test } from 'vitest';
import { localEngine, missingEngine } from './testing/engine';
import { followNumberedLines } from './testing/numbered-lines';

test('no line of nine containers is lost, broken or told twice, however often their collectors end', async (context) => {
  const missing = await missingEngine();
  if (missing !== undefined) context.skip(missing);
  const followed = await followNumberedLines(await localEngine(), {
    containers: 9,
    lines: 6_000,
    interruptions: 2,
  });
  if (!followed) context.skip('no image can be made of this machine’s Node');
  expect(followed).toEqual(Array(9).fill({ read: 6_000, faults: [] }));
});
