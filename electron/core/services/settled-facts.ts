import type { NodeStatus } from '../../api/models';

/**
 * What a channel's blocks decide (its contract's definition, its anchor peers) stays true until there is another block.
 * So it is asked once for as long as all peers that answer stand at the same one; while they differ, an answer may be
 * that of a peer that is behind, and is not kept.
 */
export class SettledFacts<T> {
  readonly #known = new Map<string, { readonly tip: string; readonly fact: T }>();

  async of(channel: string, nodes: readonly NodeStatus[], ask: () => Promise<T>): Promise<T> {
    const tip = commonTip(channel, nodes);
    const known = this.#known.get(channel);
    if (known && known.tip === tip) return known.fact;
    const fact = await ask();
    if (tip === undefined) this.#known.delete(channel);
    else this.#known.set(channel, { tip, fact });
    return fact;
  }
}

/** The hash of the last block, where every peer that answers has the same one. */
function commonTip(channel: string, nodes: readonly NodeStatus[]): string | undefined {
  const tips = nodes
    .filter(({ role }) => role === 'peer')
    .flatMap(({ channels }) => channels.filter(({ name }) => name === channel).map(({ tipHash }) => tipHash));
  const [tip] = tips;
  return typeof tip === 'string' && tips.every((other) => other === tip) ? tip : undefined;
}
