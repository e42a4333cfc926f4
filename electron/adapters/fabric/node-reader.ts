import { z } from 'zod';
import type { ChannelParticipation } from '../../../network/admin/participation';
import type { HealthCheck } from '../../api/node-models';
import type { NodeReader } from '../../core/ports/fabric';
import type { DeclaredNode } from '../../core/ports/network-host';
import { toProblem } from '../../core/problem';
import { requireNode } from '../../core/services/network-status';
import type { LocalNetwork } from '../runtime/local-network';
import { fabricProblem, translated } from './problems';
import { getOperations } from '../operations-endpoint';
import { listens } from './listens';

const PROBE_MS = 3_000;
const LARGEST_HEALTH = 100_000;

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
  async checks(name: string): Promise<HealthCheck[]> {
    const node = requireNode(this.network.declared, name);
    if (node.role === 'contract') return [await portCheck(node)];
    return (await Promise.all([this.#healthz(node), this.#realCall(node)])).flat();
  }

  channels(name: string): Promise<Chains> {
    const node = requireNode(this.network.declared, name);
    return translated(this.network, () =>
      node.role === 'orderer' ? this.#ordererChains(node) : this.#peerChains(node),
    );
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

  async #realCall(node: DeclaredNode): Promise<HealthCheck[]> {
    try {
      if (node.role === 'peer') {
        const { length } = await this.#peerChains(node);
        return [passed('call', `It answers its admin over gRPC, about ${length} channels.`)];
      }
      const participations = await this.#participations(node.name);
      const idle = participations.filter(({ status }) => status !== 'active');
      return [
        passed('call', 'Its channel participation API answers.'),
        idle.length === 0
          ? passed('consensus', `It is active on ${participations.length} channels.`)
          : {
              check: 'consensus',
              verdict: 'degraded',
              detail: idle
                .map(({ name, status }) => `It is ${status} on ${name}, so nothing is ordered there.`)
                .join(' '),
            },
      ];
    } catch (error) {
      const { title, detail } = toProblem(fabricProblem(error, this.network));
      return [{ check: 'call', verdict: 'failed', detail: detail ? `${title} ${detail}` : title }];
    }
  }

  async #healthz(node: DeclaredNode): Promise<HealthCheck[]> {
    if (node.operations === null) return [];
    const complains = (detail: string): HealthCheck[] => [
      { check: 'operations', verdict: 'degraded', detail },
    ];
    try {
      const { status, body } = await getOperations(node.operations, '/healthz', {
        timeoutMs: PROBE_MS,
        maxBytes: LARGEST_HEALTH,
      });
      if (status === 200) return [passed('operations', '/healthz says OK.')];
      const { failed_checks: checks = [] } = failedChecks.parse(JSON.parse(body));
      const failed = checks.map(({ component, reason }) => `${component}: ${reason}`);
      return complains(`/healthz says ${status}${failed.length > 0 ? ` (${failed.join('; ')})` : ''}.`);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      return complains(`Its operations endpoint ${node.operations} does not answer (${said}).`);
    }
  }
}

const failedChecks = z.object({
  failed_checks: z.array(z.object({ component: z.string(), reason: z.string() })).optional(),
});

const passed = (check: HealthCheck['check'], detail: string): HealthCheck => ({
  check,
  verdict: 'ok',
  detail,
});

async function portCheck({ address }: DeclaredNode): Promise<HealthCheck> {
  return (await listens(address, PROBE_MS))
    ? passed('call', `It listens on ${address}.`)
    : { check: 'call', verdict: 'failed', detail: `Nothing listens on ${address}.` };
}
