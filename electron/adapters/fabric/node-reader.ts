import type { ChannelParticipation } from '../../../network/admin/participation';
import type { Health } from '../../api/models';
import type { NodeReader } from '../../core/ports/fabric';
import type { DeclaredNode } from '../../core/ports/network-host';
import { toProblem } from '../../core/problem';
import { requireNode } from '../../core/services/network-status';
import type { LocalNetwork } from '../runtime/local-network';
import { fabricProblem, translated } from './problems';
import { listens } from './listens';

const PROBE_MS = 3_000;

type Chains = Awaited<ReturnType<NodeReader['channels']>>;

/** What each node says of itself. */
export class FabricNodeReader implements NodeReader {
  /** Health and heights are asked for at the same time and need the same answers: each node is asked once. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(private readonly network: LocalNetwork) {}

  /**
   * /healthz alone says too little (an orderer's is OK without a leader, a peer's knows nothing of its channels), so
   * a real call is made as well.
   */
  async health(name: string): Promise<Health> {
    const node = requireNode(this.network.declared, name);
    const reasons: string[] = [];
    if (node.role === 'contract') {
      const up = await listens(node.address, PROBE_MS);
      return up
        ? { status: 'ok', reasons }
        : { status: 'failed', reasons: [`Nothing listens on ${node.address}.`] };
    }
    const [operations, call] = await Promise.all([this.#healthz(node), this.#realCall(node)]);
    if (operations) reasons.push(operations);
    reasons.push(...call.reasons);
    if (reasons.length === 0) return { status: 'ok', reasons };
    return { status: call.answered ? 'degraded' : 'failed', reasons };
  }

  channels(name: string): Promise<Chains> {
    const node = requireNode(this.network.declared, name);
    return translated(() => (node.role === 'orderer' ? this.#ordererChains(node) : this.#peerChains(node)));
  }

  #once<T>(node: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#underWay.get(node) as Promise<T> | undefined;
    if (known) return known;
    const asked = ask();
    this.#underWay.set(node, asked);
    // Not until it is answered: a node that was started meanwhile has another answer.
    setImmediate(() => this.#underWay.delete(node));
    return asked;
  }

  #peerChains(node: DeclaredNode): Promise<Chains> {
    return this.#once(node.name, () => this.#askPeer(node));
  }

  async #askPeer({ name }: DeclaredNode): Promise<Chains> {
    const { directory, channels } = await this.network.clients();
    const node = directory.node(name);
    const admin = await directory.adminOfNode(name);
    const limits = { timeoutMs: PROBE_MS };
    const joined = await channels.joined(node, admin, limits);
    return Promise.all(
      joined.sort().map(async (channel) => {
        const info = await channels.chainInfo(node, admin, channel, limits);
        return {
          name: channel,
          height: String(info.height),
          tipHash: Buffer.from(info.currentBlockHash).toString('hex'),
        };
      }),
    );
  }

  async #ordererChains({ name }: DeclaredNode): Promise<Chains> {
    return (await this.#participations(name)).map((channel) => ({
      name: channel.name,
      height: String(channel.height),
      tipHash: null,
    }));
  }

  #participations(name: string): Promise<ChannelParticipation[]> {
    return this.#once(name, () => this.#askOrderer(name));
  }

  async #askOrderer(name: string): Promise<ChannelParticipation[]> {
    const client = await (await this.network.clients()).participation(name);
    const signal = AbortSignal.timeout(PROBE_MS);
    const names = await client.list(signal);
    return Promise.all(names.sort().map((channel) => client.info(channel, signal)));
  }

  async #realCall(node: DeclaredNode): Promise<{ answered: boolean; reasons: string[] }> {
    try {
      if (node.role === 'peer') {
        await this.#peerChains(node);
        return { answered: true, reasons: [] };
      }
      const idle = (await this.#participations(node.name)).filter(({ status }) => status !== 'active');
      return {
        answered: true,
        reasons: idle.map(({ name, status }) => `It is ${status} on ${name}, so nothing is ordered there.`),
      };
    } catch (error) {
      const { title, detail } = toProblem(fabricProblem(error));
      return { answered: false, reasons: [detail ? `${title} ${detail}` : title] };
    }
  }

  /** What is wrong according to /healthz, in words; undefined where all is well. */
  async #healthz(node: DeclaredNode): Promise<string | undefined> {
    if (node.operations === null) return undefined;
    try {
      const response = await fetch(`http://${node.operations}/healthz`, {
        signal: AbortSignal.timeout(PROBE_MS),
      });
      if (response.ok) return undefined;
      const body = (await response.json()) as { failed_checks?: { component: string; reason: string }[] };
      const failed = (body.failed_checks ?? []).map(({ component, reason }) => `${component}: ${reason}`);
      return `/healthz says ${response.status}${failed.length > 0 ? ` (${failed.join('; ')})` : ''}.`;
    } catch (error) {
      return `Its operations endpoint ${node.operations} does not answer (${
        error instanceof Error ? error.message : String(error)
      }).`;
    }
  }
}
