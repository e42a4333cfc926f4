import { setTimeout as delay } from 'node:timers/promises';
import type { NetworkClients } from '../../../../network/admin/network-clients';
import type { NodeAddress } from '../../../../network/admin/node-connection';
import type { Signer } from '../../../../network/protocol/signing';
import type { Problem } from '../../../api/problems';
import { problem, toProblem } from '../../../core/problem';
import type { LocalNetwork } from '../../runtime/local-network';
import { fabricProblem } from '../problems';

/** Per question to a peer. */
export const ASK_MS = 5_000;
/** How much later than the first a peer may answer that is asked for its height. */
export const BEHIND_THE_FIRST_MS = 1_000;

/** A peer of a channel that answers, with how far its ledger goes. */
export interface LedgerSource {
  readonly clients: NetworkClients;
  readonly node: NodeAddress;
  readonly admin: Signer;
  readonly height: number;
  /** Header hash of its last block. */
  readonly tipHash: Uint8Array;
}

export interface SilentPeer {
  readonly node: string;
  readonly detail: string;
  readonly code: Problem['code'];
}

/** The peers of a channel, each asked as an admin of its own organization. */
export class LedgerSources {
  constructor(private readonly network: LocalNetwork) {}

  /**
   * The highest of the peers that answer soon: one that hangs, as a paused one does, keeps nobody waiting. Throws
   * NODE_UNAVAILABLE or ACCESS_DENIED where no peer answers.
   */
  async highest(channel: string): Promise<LedgerSource> {
    const { sources, silent } = await this.of(channel, BEHIND_THE_FIRST_MS);
    const [highest] = sources;
    if (!highest) throw noPeerAnswers(channel, silent);
    return highest;
  }

  /**
   * Peers that answer, highest first, and those that don't with what they (or the connection) said.
   * @param patienceMs how long the others are waited for once one has answered; those are in neither list then
   */
  async of(
    channel: string,
    patienceMs: number = ASK_MS,
  ): Promise<{ sources: LedgerSource[]; silent: SilentPeer[] }> {
    const clients = await this.network.clients();
    const sources: LedgerSource[] = [];
    const silent: SilentPeer[] = [];
    const asked = clients.directory.peersOfChannel(channel).map(async (node) => {
      try {
        const admin = await clients.directory.adminOfNode(node.name);
        const info = await clients.channels.chainInfo(node, admin, channel, { timeoutMs: ASK_MS });
        sources.push({ clients, node, admin, height: info.height, tipHash: info.currentBlockHash });
      } catch (error) {
        const { code, title, detail } = toProblem(fabricProblem(error, this.network));
        silent.push({ node: node.name, code, detail: `${title} ${detail}`.trim() });
        throw error;
      }
    });
    const all = Promise.allSettled(asked);
    const soon = Promise.any(asked).then(() => delay(patienceMs, undefined, { ref: false }));
    await Promise.race([all, soon.catch(() => all)]);
    return { sources: sources.toSorted((a, b) => b.height - a.height), silent: [...silent] };
  }
}

export function noPeerAnswers(channel: string, silent: readonly SilentPeer[]) {
  const detail = silent.map(({ node, detail: said }) => `${node}: ${said}`).join('\n');
  if (silent.length > 0 && silent.every(({ code }) => code === 'ACCESS_DENIED')) {
    return problem('ACCESS_DENIED', {
      title: `You may not read the ledger of ${channel}.`,
      detail,
      hint: 'Its peers answer members of the channel only: `cityflow channels list` shows who they are.',
    });
  }
  return problem('NODE_UNAVAILABLE', {
    title: `No peer of ${channel} answers.`,
    detail,
    hint: 'Look at `cityflow status`.',
    retryable: true,
  });
}
