import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { ContractPaths } from '../../../artifacts/paths';
import { contractEnvironment, onThisMachine } from '../../../runtime/node-environment';
import type { Contract } from '../../../topology/schema';

/** A chaincode server in a process of its own. */
export interface RunningChaincode {
  close(): Promise<void>;
}

/** Serves `berths.cjs` for a contract's package; resolves when it accepts connections. */
export async function startBerths(
  contract: Contract,
  paths: ContractPaths,
  packageId: string,
): Promise<RunningChaincode> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'berths.cjs')], {
    env: { PATH: process.env['PATH'], ...contractEnvironment(contract, paths, packageId, onThisMachine) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new Error('the test chaincode did not start'))),
  ]);
  return {
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
