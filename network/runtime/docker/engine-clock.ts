import { z } from 'zod';
import type { Engine } from './engine';

const TOLERATED_MS = 60_000;
const infoSchema = z.object({ SystemTime: z.string() });

/** What is to be said of an engine whose clock differs by more than a minute from this machine's; else undefined. */
export async function clockWarning({ docker }: Pick<Engine, 'docker'>): Promise<string | undefined> {
  const asked = Date.now();
  const { SystemTime } = infoSchema.parse(await docker.info());
  const aheadMs = Date.parse(SystemTime) - (asked + Date.now()) / 2;
  if (!(Math.abs(aheadMs) > TOLERATED_MS)) return undefined;
  const off = `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
  return `The Docker engine's clock is ${off} this machine's: nodes may refuse certificates as not yet valid and calls as too old. Set the clock of the engine's machine, on Docker Desktop by restarting it.`;
}
