import type { Identity, NetworkStatus, NodeStatus } from '../../electron/api/models';
import { formatAge, formatDate, formatNumber, inWords, plural } from '../ui/format';
import { LAG_BLOCKS, lagsOf, nodeTitle, peersOf } from './membership';

/** Of an identity only what can expire. */
type Expiring = Pick<Identity, 'id' | 'expires'>;

export interface Attention {
  readonly id: string;
  readonly tone: 'danger' | 'warn';
  /** What is wrong, naming it. */
  readonly title: string;
  /** What it means: what still works, what does not. */
  readonly detail: string;
  /** Where to look. */
  readonly channel?: string;
  readonly node?: string;
  readonly identity?: string;
  /** Set where it is about what the console keeps on disk. */
  readonly kept?: true;
  /** Set where it is about several containers that the topology has otherwise. */
  readonly drifted?: true;
}

const EXPIRY_DAYS = 30;
/** As many differing settings as there is room for. */
const DRIFT_SHOWN = 2;
const DAY_MS = 86_400_000;

/** What somebody has to look at, worst first. While the whole network is stopped on purpose, none of its nodes. */
export function attentionOf(
  status: NetworkStatus,
  identities: readonly Expiring[],
  now: number,
): readonly Attention[] {
  const found = [...expiring(identities, now), ...badlyKept(status)];
  if (status.state !== 'stopped') {
    // What a node lacks on a channel is said there, and not once more as its bad health.
    const onChannels = [...missingJoins(status), ...lagging(status)];
    const said = new Set(onChannels.map(({ node }) => node));
    found.push(...downNodes(status), ...unhealthyNodes(status).filter(({ node }) => !said.has(node)));
    found.push(...onChannels, ...missingContracts(status), ...drifted(status));
  }
  return found.toSorted((a, b) => rank(a) - rank(b));
}

const rank = ({ tone }: Attention): number => (tone === 'danger' ? 0 : 1);

/** Stores that fail mostly do so for one reason, as a full disk: they are one thing to look at. */
function badlyKept({ storeFaults }: NetworkStatus): Attention[] {
  const failing = storeFaults.filter(({ kind }) => kind === 'failing');
  const [only, ...more] = failing;
  const kept = (id: string, tone: Attention['tone'], title: string, detail: string): Attention => ({
    id: `kept ${id}`,
    kept: true,
    tone,
    title: title.replace(/\.$/, ''),
    detail,
  });
  return [
    ...(only === undefined
      ? []
      : more.length === 0
        ? [kept(only.file, 'danger', only.title, `${only.detail} ${only.hint}`)]
        : [
            kept(
              'stores',
              'danger',
              `${formatNumber(failing.length)} of the console’s files cannot be written`,
              [...failing.map(({ title }) => title), only.hint].join(' '),
            ),
          ]),
    ...storeFaults
      .filter(({ kind }) => kind === 'damaged')
      .map(({ file, title, detail, hint }) => kept(file, 'warn', title, `${detail} ${hint}`)),
  ];
}

function downNodes(status: NetworkStatus): Attention[] {
  return status.nodes
    .filter((node) => node.state !== 'running' && node.state !== 'starting')
    .map((node) => ({
      id: `down ${node.name}`,
      tone: 'danger' as const,
      title: `${nodeTitle(node.name)} is ${stateWords[node.state]}`,
      detail: meaning(status, node),
      node: node.name,
    }));
}

const stateWords: Record<NodeStatus['state'], string> = {
  stopped: 'stopped',
  starting: 'starting',
  running: 'running',
  paused: 'paused',
  exited: 'gone: it ended by itself',
  killed: 'gone: it was killed from here',
  unknown: 'in an unknown state',
};

/** What is lost with a node, and what goes on. */
function meaning(status: NetworkStatus, node: NodeStatus): string {
  const running = (other: NodeStatus) => other.name !== node.name && other.state === 'running';
  switch (node.role) {
    case 'orderer': {
      const others = status.nodes.filter((other) => other.role === 'orderer' && running(other));
      return others.length > 0
        ? `${plural(others.length, 'other orderer')} ${others.length === 1 ? 'runs' : 'run'}.`
        : `It is the only one: commits stop on ${status.channels.length === 1 ? 'its channel' : `all ${inWords(status.channels.length)} channels`}, reading goes on.`;
    }
    case 'peer': {
      const others = status.nodes.filter(
        (other) => other.role === 'peer' && other.organization === node.organization && running(other),
      );
      const [first] = others;
      return first
        ? `${others.map((other) => nodeTitle(other.name)).join(', ')} still endorses for ${node.organization}.`
        : `No peer of ${node.organization} runs: nobody endorses for it.`;
    }
    case 'contract':
      return 'Transactions of this contract fail until it runs again.';
  }
}

function unhealthyNodes(status: NetworkStatus): Attention[] {
  return status.nodes
    .filter((node) => node.state === 'running' && ['degraded', 'failed'].includes(node.health.status))
    .map((node) => ({
      id: `health ${node.name}`,
      tone: node.health.status === 'failed' ? ('danger' as const) : ('warn' as const),
      title: `${nodeTitle(node.name)} runs but is not well`,
      detail: node.health.reasons.join(' '),
      node: node.name,
    }));
}

function missingJoins(status: NetworkStatus): Attention[] {
  return status.channels.flatMap((channel) => {
    const peers = peersOf(status, channel);
    return peers
      .filter(
        (peer) =>
          peer.state === 'running' &&
          (peer.health.status === 'ok' || peer.health.status === 'degraded') &&
          !peer.channels.some(({ name }) => name === channel.name),
      )
      .map((peer) => ({
        id: `join ${peer.name} ${channel.name}`,
        tone: 'warn' as const,
        title: `${nodeTitle(peer.name)} has not joined ${channel.name}`,
        detail: `${peer.organization} is a member of it; ${formatNumber(
          peers.filter((other) => other.channels.some(({ name }) => name === channel.name)).length,
        )} of ${formatNumber(peers.length)} peers are in.`,
        channel: channel.name,
        node: peer.name,
      }));
  });
}

function lagging(status: NetworkStatus): Attention[] {
  return lagsOf(status)
    .filter(({ blocks }) => blocks >= LAG_BLOCKS)
    .map(({ node, channel, blocks }) => ({
      id: `lag ${node.name} ${channel}`,
      tone: 'warn' as const,
      title: `${nodeTitle(node.name)} is ${formatNumber(blocks)} blocks behind on ${channel}`,
      detail: 'What is read from it may be old until it has caught up.',
      channel,
      node: node.name,
    }));
}

function missingContracts(status: NetworkStatus): Attention[] {
  return status.channels
    .filter((channel) => channel.height !== null && channel.contract === null)
    .map((channel) => ({
      id: `contract ${channel.name}`,
      tone: 'warn' as const,
      title: `No contract is committed on ${channel.name}`,
      detail: 'Nothing can be called there yet.',
      channel: channel.name,
    }));
}

/** A change of the topology mostly concerns many containers: they are one thing to look at. */
function drifted(status: NetworkStatus): Attention[] {
  const found = status.nodes.filter(({ drift }) => drift !== null && drift.length > 0);
  const [only, ...more] = found;
  if (only === undefined) return [];
  const about = { id: 'drift', tone: 'warn' as const };
  return more.length === 0
    ? [
        {
          ...about,
          node: only.name,
          title: `${nodeTitle(only.name)} is not as the topology has it`,
          detail: `${settingsIn(only.drift ?? [])} What it was made with holds until it is made anew.`,
        },
      ]
    : [
        {
          ...about,
          drifted: true,
          title: `${formatNumber(found.length)} containers are not as the topology has them`,
          detail: 'Each says on its page in what. What they were made with holds until they are made anew.',
        },
      ];
}

function settingsIn(drift: readonly string[]): string {
  if (drift.length > DRIFT_SHOWN) return `${formatNumber(drift.length)} settings differ.`;
  return drift.map((setting) => `${setting.charAt(0).toUpperCase()}${setting.slice(1)}.`).join(' ');
}

function expiring(identities: readonly Expiring[], now: number): Attention[] {
  return identities
    .filter(({ expires }) => Date.parse(expires) - now < EXPIRY_DAYS * DAY_MS)
    .map(({ id, expires }) => {
      const left = Date.parse(expires) - now;
      return {
        id: `expiry ${id}`,
        identity: id,
        tone: left <= 0 ? ('danger' as const) : ('warn' as const),
        title: left <= 0 ? `The certificate of ${id} has expired` : `The certificate of ${id} expires soon`,
        detail:
          left <= 0
            ? `It was valid until ${formatDate(expires)}: no peer accepts what it signs.`
            : `It is valid until ${formatDate(expires)}, for ${formatAge(left)}.`,
      };
    });
}
