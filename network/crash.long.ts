import { expect, test } from 'vitest';
import { asProcesses, CityNetwork } from './runtime/testing/city-network';
import { crashRounds } from './testing/crash-rounds';

const SEED = Number(process.env['CITYFLOW_SEED'] ?? 1);
const ROUNDS = Number(process.env['CITYFLOW_ROUNDS'] ?? 100);

test(
  `a hundred kill rounds under load (seed ${SEED}, ${ROUNDS} rounds)`,
  { timeout: 3_600_000 },
  async () => {
    const network = await CityNetwork.create(asProcesses(() => false));
    try {
      await network.bringUp();
      const report = await crashRounds(network, {
        seed: SEED,
        rounds: ROUNDS,
        log: (line) => process.stdout.write(`${line}\n`),
      });
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      expect(report.lost).toEqual([]);
      expect(report.differences).toEqual([]);
      const { issued, balances, held, income } = report.money;
      expect(balances + held + income).toBe(issued);
    } finally {
      await network.dispose();
    }
  },
);
