import type { ChannelDetail, NetworkStatus, NodeStatus } from '../../api/models';
import type { ChannelConfiguration, ChannelReader, NodeReader } from '../ports/fabric';
import type { DeclaredNetwork, DeclaredNode, NetworkHost, NodeProcess } from '../ports/network-host';
import type { MetricsHistory } from '../ports/metrics';
import { problem, toProblem } from '../problem';
import { nodeAt } from './declared-nodes';
import type { StoreFaults } from '../store-faults';
import { judged, processCheck } from './node-health';
import type { JudgedNode, Look } from './node-health';
import { SettledFacts } from './settled-facts';

type Chain = NodeStatus['channels'][number];

/** Composes what the network is from what each node itself says. */
export class NetworkStatusService {
  readonly #definitions = new SettledFacts<Awaited<ReturnType<ChannelReader['definition']>>>();
  readonly #anchors = new SettledFacts<string[]>();
  /** Shown on while nobody answers. */
  readonly #lastAnchors = new Map<string, string[]>();
  /** Of each channel, as all peers said when they were asked together last: one node alone is measured by it. */
  #heights: ReadonlyMap<string, bigint> = new Map();

  constructor(
    private readonly host: NetworkHost,
    private readonly nodes: NodeReader,
    private readonly channels: ChannelReader,
    private readonly metrics: Pick<MetricsHistory, 'last'>,
    private readonly faults: Pick<StoreFaults, 'list'>,
  ) {}

  async status(): Promise<NetworkStatus> {
    const declared = this.host.declared();
    const processes = await this.host.processes();
    const looks = await Promise.all(declared.nodes.map((node) => this.#look(node, processes)));
    this.#heights = highestOf(looks);
    const frame = await this.metrics.last();
    const nodes = looks.map((look) => judged(declared, look, this.#heights, frame).status);
    const channels = await Promise.all(
      declared.channels.map(async ({ name, members }) => ({
        name,
        members: [...members],
        height: this.#heights.get(name)?.toString() ?? null,
        contract: await this.#committedContract(declared, name, nodes),
        anchorPeers: await this.#anchorPeers(declared, name, nodes),
      })),
    );
    return {
      network: declared.name,
      runtime: await this.host.runtime(),
      state: networkState(nodes),
      folder: declared.folder,
      nodes,
      channels,
      storeFaults: await this.faults.list(),
    };
  }

  async node(name: string): Promise<NodeStatus> {
    return (await this.judgedNode(name)).status;
  }

  /** With what its health is made of. */
  async judgedNode(name: string): Promise<JudgedNode> {
    const declared = this.host.declared();
    const look = await this.#look(requireNode(declared, name), await this.host.processes());
    return judged(declared, look, highestOf([look], this.#heights), await this.metrics.last());
  }

  async channel(name: string): Promise<ChannelDetail> {
    const declared = this.host.declared();
    const channel = requireChannel(declared, name);
    const peers = declared.nodes.filter(
      (node) => node.role === 'peer' && channel.members.includes(node.organization),
    );
    const rows = await Promise.all(peers.map((peer) => this.#peerRow(peer, name)));
    const heights = rows.flatMap((row) => (row.height === null ? [] : [BigInt(row.height)]));
    const contract = declared.contracts.find((candidate) => candidate.channel === name);
    const [configuration, committed] = await Promise.all([
      this.channels.configuration(name),
      contract ? this.channels.definition(name, contract.name) : null,
    ]);
    return {
      name,
      members: [...channel.members],
      height: heights.length === 0 ? null : maximum(heights).toString(),
      contract:
        contract && committed
          ? { name: contract.name, version: committed.version, sequence: committed.sequence }
          : null,
      anchorPeers: anchorsOf(declared, configuration),
      peers: rows,
      ...configuration,
    };
  }

  async #peerRow(peer: DeclaredNode, channel: string): Promise<ChannelDetail['peers'][number]> {
    const row = { node: peer.name, mspId: peer.mspId };
    try {
      const chain = (await this.nodes.channels(peer.name)).find((candidate) => candidate.name === channel);
      return {
        ...row,
        joined: chain !== undefined,
        height: chain?.height ?? null,
        tipHash: chain?.tipHash ?? null,
        problem: null,
      };
    } catch (error) {
      return { ...row, joined: null, height: null, tipHash: null, problem: toProblem(error).title };
    }
  }

  async #look(node: DeclaredNode, processes: readonly NodeProcess[]): Promise<Look> {
    const declared = this.host.declared();
    const process = processes.find((candidate) => candidate.name === node.name);
    const state = process?.state ?? 'stopped';
    const running = state === 'running';
    const [checks, channels] = await Promise.all([
      running ? this.nodes.checks(node.name) : [],
      running && node.role !== 'contract' ? this.#chains(node.name) : [],
    ]);
    const status = {
      name: node.name,
      role: node.role,
      organization: node.organization,
      mspId: node.mspId,
      program: process?.program ?? (node.role === 'contract' ? ('contract' as const) : ('embedded' as const)),
      state,
      address: node.address,
      operations: node.operations,
      pid: process?.pid ?? null,
      cpuPercent: process?.cpuPercent ?? null,
      residentBytes: process?.residentBytes ?? null,
      drift: process?.drift ? [...process.drift] : null,
      channels: [...channels],
      contract: contractOf(declared, node),
    };
    return { status, checks: [processCheck(state, process), ...checks] };
  }

  /** A node that does not answer has said so in its health already. */
  async #chains(node: string): Promise<Chain[]> {
    try {
      return await this.nodes.channels(node);
    } catch {
      return [];
    }
  }

  async #anchorPeers(
    declared: DeclaredNetwork,
    channel: string,
    nodes: readonly NodeStatus[],
  ): Promise<string[] | null> {
    if (!answersFor(nodes, channel)) return this.#lastAnchors.get(channel) ?? null;
    try {
      const names = await this.#anchors.of(channel, nodes, async () =>
        anchorsOf(declared, await this.channels.configuration(channel)),
      );
      this.#lastAnchors.set(channel, names);
      return names;
    } catch {
      return this.#lastAnchors.get(channel) ?? null;
    }
  }

  async #committedContract(
    declared: DeclaredNetwork,
    channel: string,
    nodes: readonly NodeStatus[],
  ): Promise<NetworkStatus['channels'][number]['contract']> {
    const contract = declared.contracts.find((candidate) => candidate.channel === channel);
    if (!contract || !answersFor(nodes, channel)) return null;
    const committed = await this.#definitions
      .of(channel, nodes, () => this.channels.definition(channel, contract.name))
      .catch(() => null);
    return committed && { name: contract.name, version: committed.version, sequence: committed.sequence };
  }
}

const answersFor = (nodes: readonly NodeStatus[], channel: string): boolean =>
  nodes.some((node) => node.role === 'peer' && node.channels.some((chain) => chain.name === channel));

/** The configuration names them by host and port. */
function anchorsOf(declared: DeclaredNetwork, { organizations }: ChannelConfiguration): string[] {
  const anchors = organizations.flatMap(({ anchorPeers }) => anchorPeers);
  const named = new Set(anchors.map((address) => nodeAt(declared, address)?.name));
  return declared.nodes
    .filter(({ name, role }) => role === 'peer' && named.has(name))
    .map(({ name }) => name);
}

function contractOf(declared: DeclaredNetwork, node: DeclaredNode): NodeStatus['contract'] {
  if (node.role !== 'contract') return null;
  const contract = declared.contracts.find(({ address }) => address === node.address);
  return contract ? { name: contract.name, channel: contract.channel } : null;
}

export function requireChannel(declared: DeclaredNetwork, name: string): DeclaredNetwork['channels'][number] {
  const channel = declared.channels.find((candidate) => candidate.name === name);
  if (channel) return channel;
  throw problem('UNKNOWN_CHANNEL', {
    title: `There is no channel ${name} in ${declared.name}.`,
    hint: `Its channels: ${declared.channels.map((candidate) => candidate.name).join(', ')}.`,
  });
}

export function requireNode(declared: DeclaredNetwork, name: string): DeclaredNode {
  const exact = declared.nodes.find((node) => node.name === name);
  if (exact) return exact;
  const short = declared.nodes.filter((node) => node.name.startsWith(`${name}.`));
  const [only] = short;
  if (only && short.length === 1) return only;
  throw problem('UNKNOWN_NODE', {
    title: `There is no node ${name} in ${declared.name}.`,
    detail:
      short.length > 1
        ? `It could be any of ${short.map((node) => node.name).join(', ')}.`
        : 'A node is named whole, or by the beginning of its name up to a dot.',
    hint: `Its nodes: ${declared.nodes.map((node) => node.name).join(', ')}.`,
  });
}

function highestOf(
  looks: readonly Look[],
  known: ReadonlyMap<string, bigint> = new Map(),
): ReadonlyMap<string, bigint> {
  const heights = new Map(known);
  for (const { status } of looks) {
    if (status.role !== 'peer') continue;
    for (const { name, height } of status.channels) {
      heights.set(name, maximum([BigInt(height), heights.get(name) ?? 0n]));
    }
  }
  return heights;
}

const maximum = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));

function networkState(nodes: readonly NodeStatus[]): NetworkStatus['state'] {
  if (nodes.every((node) => node.state === 'running' && node.health.status === 'ok')) return 'running';
  if (nodes.every((node) => ['stopped', 'exited', 'killed'].includes(node.state))) return 'stopped';
  if (nodes.some((node) => node.state === 'starting')) return 'starting';
  return 'degraded';
}
