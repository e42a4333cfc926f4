import { expect, test } from 'vitest';
import { asProcesses, CityNetwork } from './runtime/testing/city-network';
import { crashRounds } from './testing/crash-rounds';

/** The short version of `npm run test:long`; the seed changes from day to day and is printed by a failure. */
const SEED = Number(process.env['CITYFLOW_SEED'] ?? Math.floor(Date.now() / 86_400_000));
const ROUNDS = 6;

test(`nodes killed under load lose nothing that was acknowledged (seed ${SEED}, ${ROUNDS} rounds)`, async () => {
  const network = await CityNetwork.create(asProcesses(() => false));
  try {
    await network.bringUp();
    const report = await crashRounds(network, { seed: SEED, rounds: ROUNDS });
    expect(report.lost).toEqual([]);
    expect(report.differences).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(0);
    const { issued, balances, held, income } = report.money;
    expect(balances + held + income).toBe(issued);
  } finally {
    await network.dispose();
  }
});
