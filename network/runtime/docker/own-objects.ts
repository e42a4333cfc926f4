import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { ForeignDataError } from '../data-origin';
import type { NodeState } from '../network-runtime';
import type { ContainerPlan } from './container-plan';
import { bridgeName } from './container-plan';
import { ForeignObjectError } from './docker-errors';
import { statusOf } from './engine-answer';
import {
  genesisOf,
  isOwn,
  NETWORK_LABEL,
  nodeOf,
  ownFilter,
  ownLabels,
  programOf,
  settingsOf,
} from './labels';
import type { DockerNetworkIdentity } from './labels';

type Labels = Readonly<Record<string, string>>;

/** What this network has in the engine. Objects of others are never touched, whatever their names. */
export class OwnObjects {
  constructor(
    private readonly docker: Docker,
    private readonly identity: DockerNetworkIdentity,
  ) {}

  /** @returns undefined where there is none. @throws ForeignObjectError */
  async container(name: string): Promise<ContainerInspectInfo | undefined> {
    const found = await unlessMissing(this.docker.getContainer(name).inspect());
    if (found) this.#assertOwn('container', name, found.Config.Labels);
    return found;
  }

  /**
   * The network's bridge.
   * @returns this machine's address in it; undefined where the engine does not tell
   * @throws ForeignObjectError
   */
  async ensureBridge(): Promise<string | undefined> {
    const name = bridgeName(this.identity);
    const bridge = this.docker.getNetwork(name);
    const found = await unlessMissing(bridge.inspect());
    if (found) this.#assertOwn('network', name, found.Labels);
    else await this.#createBridge(name);
    return (found ?? (await bridge.inspect())).IPAM?.Config?.[0]?.['Gateway'];
  }

  async #createBridge(name: string): Promise<void> {
    await this.docker
      .createNetwork({ Name: name, Labels: ownLabels(this.identity), CheckDuplicate: true })
      // Another start was faster.
      .catch((error: unknown) => {
        if (statusOf(error) !== 409) throw error;
      });
  }

  /**
   * A node's volume, made for these genesis blocks or of old.
   * @param genesis channel → header hash of its genesis block, hex
   * @throws ForeignObjectError; ForeignDataError where its ledger begins with other blocks or was written by others
   */
  async ensureVolume(
    { node, volume: name, program }: Pick<ContainerPlan, 'node' | 'volume' | 'program'>,
    genesis: Labels,
  ): Promise<void> {
    if (name === undefined) return;
    const found = await unlessMissing(this.docker.getVolume(name).inspect());
    if (!found) {
      await this.docker.createVolume({
        Name: name,
        Labels: ownLabels(this.identity, { node, genesis, program }),
      });
      return;
    }
    this.#assertOwn('volume', name, found.Labels);
    const writer = programOf(found.Labels);
    if (writer !== undefined && writer !== program) {
      throw new ForeignDataError(
        node,
        `volume ${name}`,
        `its ledger was written by the ${writer} program, which the ${program} one can't read`,
        `Put \`images: ${writer}\` back into the topology, or delete the ledgers with \`cityflow down --purge\` and begin anew.`,
      );
    }
    const made = genesisOf(found.Labels);
    const other = Object.keys(genesis).find(
      (channel) => made[channel] !== undefined && made[channel] !== genesis[channel],
    );
    if (other === undefined) return;
    throw new ForeignDataError(
      node,
      `volume ${name}`,
      `its ledger of ${other} begins with another network's genesis block`,
      'Put back the certificates and genesis blocks it was made with, or delete the ledgers with `cityflow down --purge` and begin anew.',
    );
  }

  /** Removes a container and what the engine made for it alone; its ledger stays. */
  async removeContainer(name: string): Promise<void> {
    if (!(await this.container(name))) return;
    await unlessMissing(this.docker.getContainer(name).remove({ force: true, v: true }));
  }

  /** Everything there is of this network, in words and in the order in which it can go. */
  async list(): Promise<{ readonly name: string; remove(): Promise<void> }[]> {
    const filters = ownFilter(this.identity);
    const [containers, { Volumes }, networks] = await Promise.all([
      this.docker.listContainers({ all: true, filters }),
      this.docker.listVolumes({ filters }),
      this.docker.listNetworks({ filters }),
    ]);
    return [
      ...inOrder(
        containers.map(({ Id, Names }) => ({
          name: `container ${Names[0]?.slice(1) ?? Id}`,
          remove: async () => {
            await unlessMissing(this.docker.getContainer(Id).remove({ force: true, v: true }));
          },
        })),
      ),
      ...inOrder(
        (Volumes ?? []).map(({ Name }) => ({
          name: `volume ${Name}`,
          remove: async () => {
            await unlessMissing(this.docker.getVolume(Name).remove());
          },
        })),
      ),
      ...networks.map(({ Id, Name }) => ({
        name: `network ${Name}`,
        remove: async () => {
          await unlessMissing(this.docker.getNetwork(Id).remove());
        },
      })),
    ];
  }

  /** Deletes everything there is of this network; answers what it was. */
  async purge(): Promise<string[]> {
    const all = await this.list();
    for (const one of all) await one.remove();
    return all.map(({ name }) => name);
  }

  /** State of each node's container, by node. */
  async states(): Promise<Map<string, { state: NodeState; pid: null; reason: string }>> {
    const containers = await this.docker.listContainers({ all: true, filters: ownFilter(this.identity) });
    return new Map(
      containers.flatMap(({ Labels, State, Status }) => {
        const node = nodeOf(Labels);
        const state = stateOf(State);
        return node === undefined
          ? []
          : [[node, { state, pid: null, reason: state === 'exited' ? Status : '' }]];
      }),
    );
  }

  /** Stops all containers that run; answers how many did. */
  async stopAll(): Promise<number> {
    const containers = await this.docker.listContainers({ filters: ownFilter(this.identity) });
    await Promise.all(containers.map(({ Id }) => this.docker.getContainer(Id).stop()));
    return containers.length;
  }

  /** Settings in which a container differs from its plan, in words; none where it fits. */
  async drift(plan: ContainerPlan, found: ContainerInspectInfo): Promise<string[]> {
    const made = settingsOf(found.Config.Labels);
    const names = [...new Set([...Object.keys(made), ...Object.keys(plan.settings)])].sort();
    const differing = names
      .filter((name) => made[name] !== plan.settings[name])
      .map(
        (name) => `${name}: ${made[name] ?? 'not set'}, in the topology ${plan.settings[name] ?? 'not set'}`,
      );
    const image = await unlessMissing(this.docker.getImage(plan.settings['image'] ?? '').inspect());
    if (image && image.Id !== found.Image && differing.length === 0) {
      differing.push(`image: ${plan.settings['image'] ?? ''} was replaced since by another of the same name`);
    }
    if (!found.NetworkSettings.Networks[bridgeName(this.identity)]) {
      differing.push(`network: none, in the topology ${bridgeName(this.identity)}`);
    }
    return differing;
  }

  #assertOwn(
    kind: 'container' | 'volume' | 'network',
    name: string,
    labels: Labels | null | undefined,
  ): void {
    if (isOwn(this.identity, labels)) return;
    const network = labels?.[NETWORK_LABEL];
    const owner =
      network === undefined
        ? 'not of this console'
        : `of the network ${network} that another folder or user of this machine made`;
    throw new ForeignObjectError(kind, name, owner);
  }
}

function stateOf(state: string): NodeState {
  if (state === 'running' || state === 'paused') return state;
  return state === 'restarting' || state === 'dead' ? 'exited' : 'stopped';
}

const inOrder = <T extends { readonly name: string }>(named: T[]): T[] =>
  named.sort((a, b) => a.name.localeCompare(b.name));

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
