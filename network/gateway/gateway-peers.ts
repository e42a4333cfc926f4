import type { NodeAddress } from '../admin/node-connection';

/** Peers of an organization that have joined a channel, in order of preference. */
export type PeersOfOrganization = (mspId: string, channelId: string) => readonly NodeAddress[];

/** After this long a peer out of reach is given another chance, whatever its connection says. */
const retryAfterMs = 5_000;

/**
 * Chooses the peer through which an organization works on a channel: its first one, or while that one can't be
 * reached the next, and the first again as soon as its connection stands. Commit status and events come from the
 * gateway peer's own ledger, so only peers that have joined the channel qualify.
 */
export class GatewayPeers {
  readonly #unreachableSince = new Map<string, number>();
  readonly #silent = new Set<string>();

  constructor(
    private readonly peersOf: PeersOfOrganization,
    private readonly isReady: (node: NodeAddress) => boolean,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Peers to try, best first; those out of reach come last, for when there is nothing better.
   * @throws Error when the organization has no peer on the channel
   */
  candidates(mspId: string, channelId: string): NodeAddress[] {
    const peers = this.peersOf(mspId, channelId);
    if (peers.length === 0) throw new NoGatewayPeerError(mspId, channelId);
    const reachable = peers.filter((peer) => this.#worthTrying(peer));
    return [...reachable, ...peers.filter((peer) => !reachable.includes(peer))];
  }

  /** A call to this peer failed before the peer took it. */
  markUnreachable(node: NodeAddress): void {
    this.#unreachableSince.set(node.name, this.now());
  }

  /** The peer took a call and said nothing in time: its connection may stand although it hangs, until it answers. */
  markSilent(node: NodeAddress): void {
    this.#silent.add(node.name);
  }

  /** Peers that are passed over until somebody finds out that they answer again. */
  silent(mspId: string, channelId: string): NodeAddress[] {
    return this.peersOf(mspId, channelId).filter(({ name }) => this.#silent.has(name));
  }

  markReachable(node: NodeAddress): void {
    this.#unreachableSince.delete(node.name);
    this.#silent.delete(node.name);
  }

  #worthTrying(node: NodeAddress): boolean {
    if (this.#silent.has(node.name)) return false;
    const since = this.#unreachableSince.get(node.name);
    if (since === undefined) return true;
    return this.isReady(node) || this.now() - since >= retryAfterMs;
  }
}

/** The organization has no peer that has joined the channel. */
export class NoGatewayPeerError extends Error {
  constructor(
    readonly mspId: string,
    readonly channelId: string,
  ) {
    super(`${mspId} has no peer on ${channelId}: its identities cannot work there`);
    this.name = 'NoGatewayPeerError';
  }
}
