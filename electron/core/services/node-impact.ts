import type { NodeState } from '../../api/models';
import type { NodeAction, NodeImpact } from '../../api/node-models';
import type { EndorsementPolicies, EndorsementPolicy } from '../ports/node-inspection';
import type { DeclaredNetwork, DeclaredNode, NetworkHost } from '../ports/network-host';
import { requireNode } from './network-status';

type Effect = NodeImpact['effects'][number];
type Contract = DeclaredNetwork['contracts'][number];
type Channel = DeclaredNetwork['channels'][number];

/** Who is up before, and who would be up after. */
interface Before {
  readonly declared: DeclaredNetwork;
  readonly up: ReadonlySet<string>;
  readonly node: DeclaredNode;
}

/** Says what would no longer work without a node, from membership, policies and who is up. Changes nothing. */
export class NodeImpactService {
  constructor(
    private readonly host: NetworkHost,
    private readonly policies: EndorsementPolicies,
  ) {}

  async impact(name: string, action: NodeAction): Promise<NodeImpact> {
    const declared = this.host.declared();
    const node = requireNode(declared, name);
    const runs = await this.host.runs();
    const up = new Set(runs.filter(({ state }) => state === 'running').map((run) => run.name));
    const state = runs.find((run) => run.name === node.name)?.state;
    const effects = up.has(node.name) ? await this.#effects({ declared, up, node }) : [];
    return {
      node: node.name,
      action,
      effect: worst(effects),
      summary: summaryOf(node, action, effects, state),
      effects,
    };
  }

  async #effects(before: Before): Promise<Effect[]> {
    const { declared, node } = before;
    switch (node.role) {
      case 'orderer':
        return declared.channels.map((channel) => ordering(before, channel));
      case 'contract':
        return declared.contracts
          .filter(({ address }) => address === node.address)
          .map(({ channel, name }) => ({
            channel,
            contract: name,
            effect: 'breaks',
            reason: `It is the one process that runs ${name}, for every peer: nothing of it can be called or endorsed.`,
          }));
      case 'peer': {
        const channels = declared.channels.filter(({ members }) => members.includes(node.organization));
        const effects = await Promise.all(channels.map((channel) => this.#peerEffects(before, channel)));
        return effects.flat();
      }
    }
  }

  async #peerEffects(before: Before, channel: Channel): Promise<Effect[]> {
    const contracts = before.declared.contracts.filter((contract) => contract.channel === channel.name);
    const gateway = withoutGateway(before, channel);
    const effects = await Promise.all(
      contracts.map(async (contract): Promise<Effect> => {
        const endorsing = await this.#endorsement(before, channel, contract);
        // An organization without a peer weakens a channel whose contracts can still be endorsed.
        return endorsing.effect === 'goes on' && gateway ? { ...endorsing, ...gateway } : endorsing;
      }),
    );
    if (effects.length > 0) return effects;
    return [
      {
        channel: channel.name,
        contract: null,
        ...(gateway ?? {
          effect: 'goes on',
          reason: 'No contract is declared here, and other peers are up.',
        }),
      },
    ];
  }

  async #endorsement(before: Before, channel: Channel, contract: Contract): Promise<Effect> {
    const known = { channel: channel.name, contract: contract.name };
    let policy: EndorsementPolicy;
    try {
      policy = await this.policies.of(channel.name, contract.name);
    } catch {
      return {
        ...known,
        effect: 'weakens',
        reason: 'Nobody could be asked for the endorsement policy, so it is not known whether it can be met.',
      };
    }
    const without = peersUp(before, channel).filter(({ name }) => name !== before.node.name);
    if (!policy.satisfiedBy(countByMsp(peersUp(before, channel)))) {
      return { ...known, effect: 'goes on', reason: `It cannot be endorsed now already: ${policy.text}.` };
    }
    if (!policy.satisfiedBy(countByMsp(without))) {
      return {
        ...known,
        effect: 'breaks',
        reason: `Nothing can be endorsed: the policy asks for ${policy.text}, and no other peer of ${before.node.organization} is up.`,
      };
    }
    const pillars = [...new Set(without.map(({ organization }) => organization))].filter(
      (organization) =>
        without.filter((peer) => peer.organization === organization).length === 1 &&
        !policy.satisfiedBy(countByMsp(without.filter((peer) => peer.organization !== organization))),
    );
    if (pillars.includes(before.node.organization)) {
      return {
        ...known,
        effect: 'weakens',
        reason: `Endorsed as before, but then by the one peer of ${before.node.organization} that is left.`,
      };
    }
    return { ...known, effect: 'goes on', reason: 'Other peers that are up satisfy the endorsement policy.' };
  }
}

function ordering({ declared, up, node }: Before, channel: Channel): Effect {
  const orderers = declared.nodes.filter(({ role }) => role === 'orderer');
  const left = orderers.filter(({ name }) => up.has(name) && name !== node.name).length;
  const quorum = Math.floor(orderers.length / 2) + 1;
  const known = { channel: channel.name, contract: null };
  if (orderers.length === 1) {
    const reason = 'It is the only orderer: nothing is committed any more. Reading goes on.';
    return { ...known, effect: 'breaks', reason };
  }
  if (left < quorum) {
    const reason = `${left} of ${orderers.length} orderers would be left, and ${quorum} must agree: nothing is committed any more. Reading goes on.`;
    return { ...known, effect: 'breaks', reason };
  }
  return left === quorum
    ? { ...known, effect: 'weakens', reason: `Just enough orderers are left: ${left} of ${orderers.length}.` }
    : { ...known, effect: 'goes on', reason: `${left} of ${orderers.length} orderers are left.` };
}

function withoutGateway(before: Before, channel: Channel): Pick<Effect, 'effect' | 'reason'> | undefined {
  const { organization } = before.node;
  const own = peersUp(before, channel).filter((peer) => peer.organization === organization);
  if (own.length > 1) return undefined;
  return {
    effect: 'weakens',
    reason: `It is the last peer of ${organization} that is up: nobody can act as ${organization} here.`,
  };
}

const peersUp = ({ declared, up }: Before, channel: Channel): DeclaredNode[] =>
  declared.nodes.filter(
    ({ role, name, organization }) =>
      role === 'peer' && up.has(name) && channel.members.includes(organization),
  );

function countByMsp(peers: readonly DeclaredNode[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { mspId } of peers) counts.set(mspId, (counts.get(mspId) ?? 0) + 1);
  return counts;
}

function worst(effects: readonly Effect[]): NodeImpact['effect'] {
  if (effects.some(({ effect }) => effect === 'breaks')) return 'breaks';
  return effects.some(({ effect }) => effect === 'weakens') ? 'weakens' : 'goes on';
}

function summaryOf(
  node: DeclaredNode,
  action: NodeAction,
  effects: readonly Effect[],
  state: NodeState | undefined,
): string {
  if (state === 'paused') return `${node.name} is paused and answers nothing already: nothing changes.`;
  if (state !== 'running') return `${node.name} is not running: nothing changes.`;
  const until = untils[action];
  const broken = channelsOf(effects, 'breaks');
  const weaker = channelsOf(effects, 'weakens');
  if (broken.length > 0) {
    const what = node.role === 'orderer' ? 'commits on' : 'calls on';
    return `Without ${node.name}, ${what} ${listed(broken)} stop${until}.`;
  }
  if (weaker.length > 0)
    return `Without ${node.name}, ${listed(weaker)} ${weaker.length === 1 ? 'is' : 'are'} weaker${until}.`;
  return `Everything goes on without ${node.name}.`;
}

const untils: Record<NodeAction, string> = {
  stop: '',
  kill: '',
  remove: '',
  restart: ' until it is back',
  recreate: ' until it is back',
  pause: ' until it is resumed',
};

const channelsOf = (effects: readonly Effect[], wanted: Effect['effect']): string[] => [
  ...new Set(effects.filter(({ effect }) => effect === wanted).map(({ channel }) => channel)),
];

const listed = (names: readonly string[]): string =>
  names.length === 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
