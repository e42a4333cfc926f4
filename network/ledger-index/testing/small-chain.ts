import path from 'node:path';
import { loadTopology } from '../../topology/load';
import { GeneratedChannel, type GeneratedExtent } from '../../testing/generated-channel';
import type { BlockSource } from '../follow';

/** @param folder for its identities */
export async function generatedChain(folder: string, extent: GeneratedExtent): Promise<Buffer[]> {
  const topology = await loadTopology(path.join(import.meta.dirname, '..', '..', 'cityflow.yaml'));
  const channel = await GeneratedChannel.create(topology, folder);
  return [...channel.blocks(extent)];
}

/** A source that has these blocks and ends behind them. */
export const sourceOf = (chain: readonly Uint8Array[]): BlockSource => ({
  async *blocks(from) {
    await Promise.resolve();
    yield* chain.slice(from);
  },
});
