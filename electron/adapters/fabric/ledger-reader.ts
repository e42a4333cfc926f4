import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { common } from '@hyperledger/fabric-protos';
import type { NetworkClients } from '../../../network/admin/network-clients';
import type { NodeAddress } from '../../../network/admin/node-connection';
import { decodeEnvelope } from '../../../network/protocol/decode/envelope';
import { endorsementOf } from '../../../network/protocol/endorsement';
import type { Signer } from '../../../network/protocol/signing';
import { validationCodeName } from '../../../network/protocol/validation-code';
import { checkNames, methods } from '../../../network/protocol/verification/check';
import type { ChainReport as VerifiedChain } from '../../../network/protocol/verification/report';
import type { BlockSummary, ChainReport, TransactionDetail, Verification } from '../../api/models';
import type { LedgerReader } from '../../core/ports/fabric';
import { problem, toProblem } from '../../core/problem';
import type { TaskProgress } from '../../core/tasks';
import { blockSummary } from './block-summary';
import { ChainVerification } from './chain-verification';
import { GenesisPinFile } from './genesis-pin-file';
import type { LocalNetwork } from '../runtime/local-network';
import { fabricProblem, translated } from './problems';

const ASK_MS = 5_000;
/** How much later than the first a peer may answer that is asked for its height. */
const BEHIND_THE_FIRST_MS = 1_000;
const DEFAULT_BLOCKS = 10;
/** One answer holds at most this many blocks; more are asked for by range. */
const MAX_BLOCKS = 1000;
/** How long a peer that is behind may take to catch up with the others while they are compared. */
const CATCH_UP_MS = 20_000;

interface Source {
  readonly clients: NetworkClients;
  readonly node: NodeAddress;
  readonly admin: Signer;
  readonly height: number;
  /** Header hash of its last block. */
  readonly tipHash: Uint8Array;
}

/** Blocks as the peers hold them. */
export class FabricLedgerReader implements LedgerReader {
  constructor(private readonly network: LocalNetwork) {}

  async blocks(channel: string, from: string | undefined, to: string | undefined): Promise<BlockSummary[]> {
    const source = await this.#highest(channel);
    const last = Math.min(to === undefined ? source.height - 1 : Number(to), source.height - 1);
    const first = from === undefined ? Math.max(0, last - DEFAULT_BLOCKS + 1) : Number(from);
    if (first > last) {
      throw problem('BLOCK_NOT_FOUND', {
        title: `${channel} has no block ${first}.`,
        detail: `Its blocks are 0 to ${source.height - 1}.`,
        hint: 'Ask for a range that exists.',
      });
    }
    if (last - first >= MAX_BLOCKS) {
      throw problem('BAD_REQUEST', {
        title: `At most ${MAX_BLOCKS} blocks at a time.`,
        detail: `${first} to ${last} are ${last - first + 1}.`,
        hint: 'Ask for a smaller range with --from and --to.',
      });
    }
    return translated(this.network, async () => {
      const summaries: BlockSummary[] = [];
      for await (const block of this.#read(source, channel, first, last)) summaries.push(blockSummary(block));
      return summaries;
    });
  }

  async transaction(channel: string, transactionId: string): Promise<TransactionDetail> {
    const source = await this.#highest(channel);
    return translated(this.network, async () => {
      const { clients, node, admin } = source;
      const limits = { timeoutMs: ASK_MS };
      const [processed, block] = await Promise.all([
        clients.ledger.transaction(node, admin, channel, transactionId, limits),
        clients.ledger.blockByTxId(node, admin, channel, transactionId, limits),
      ]);
      const envelope = processed?.getTransactionenvelope();
      if (!processed || !envelope || !block) {
        throw problem('TRANSACTION_NOT_FOUND', {
          title: `${channel} has no transaction ${transactionId}.`,
          detail: `${node.name} with ${source.height} blocks does not know it.`,
          hint: 'Check the id and the channel. A transaction that was just submitted may not be committed yet.',
          retryable: true,
        });
      }
      const code = processed.getValidationcode();
      const endorsement = endorsementOf(envelope);
      return {
        transactionId,
        channel,
        blockNumber: String(block.getHeader()?.getNumber() ?? 0),
        status: validationCodeName(code),
        code,
        endorsement: endorsement ? { ...endorsement, endorsers: [...endorsement.endorsers] } : null,
        envelope: decodeEnvelope(envelope),
      };
    });
  }

  async verify(channel: string, progress: TaskProgress, signal: AbortSignal): Promise<Verification> {
    const { sources, silent } = await progress.step(`Ask the peers of ${channel} for their heights`, () =>
      this.#sources(channel),
    );
    const [reference] = sources;
    if (!reference) throw noPeerAnswers(channel, silent);
    const pins = new GenesisPinFile(path.join(this.network.folder.root, 'trust-anchors.json'));
    const verification = new ChainVerification(channel, this.network, pins);
    for (const { node, detail } of silent) verification.report(0, 'peer answers', `${node}: ${detail}`);
    const tip = reference.height - 1;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(CATCH_UP_MS + reference.height * 20)]);
    const streams = sources.map((source) => ({
      name: source.node.name,
      blocks: this.#read(source, channel, 0, tip, limited),
    }));
    await progress.step(`Check ${reference.height} blocks on ${sources.length} peers`, () =>
      verification.run(streams, tip, (number) => {
        if (number > 0 && number % 500 === 0) progress.log(`${number} of ${reference.height} blocks checked`);
      }),
    );
    signal.throwIfAborted();
    const report = verification.chainReport({ height: reference.height, hash: reference.tipHash });
    return {
      channel,
      blocks: String(verification.blocks),
      ok: verification.problems.length === 0,
      peers: [
        ...sources.map(({ node, height }) => ({ node: node.name, height: String(height) })),
        ...silent.map(({ node }) => ({ node, height: null })),
      ],
      problems: verification.problems.map(({ block, check, detail }) => ({
        block: String(block),
        check,
        detail,
      })),
      report: reportOf(reference.node.name, report),
    };
  }

  #read(
    { clients, node, admin }: Source,
    channel: string,
    from: number,
    to: number,
    signal?: AbortSignal,
  ): AsyncGenerator<common.Block> {
    return clients.deliver.peerBlocks(node, admin, channel, { from, to }, signal ? { signal } : {});
  }

  /** The highest of the peers that answer soon: one that hangs, as a paused one does, keeps nobody waiting. */
  async #highest(channel: string): Promise<Source> {
    const { sources, silent } = await this.#sources(channel, BEHIND_THE_FIRST_MS);
    const [highest] = sources;
    if (!highest) throw noPeerAnswers(channel, silent);
    return highest;
  }

  /**
   * Peers that answer, highest first, and those that don't with what they (or the connection) said.
   * @param patienceMs how long the others are waited for once one has answered; those are in neither list then
   */
  async #sources(
    channel: string,
    patienceMs: number = ASK_MS,
  ): Promise<{ sources: Source[]; silent: { node: string; detail: string }[] }> {
    const clients = await this.network.clients();
    const sources: Source[] = [];
    const silent: { node: string; detail: string }[] = [];
    const asked = clients.directory.peersOfChannel(channel).map(async (node) => {
      try {
        const admin = await clients.directory.adminOfNode(node.name);
        const info = await clients.channels.chainInfo(node, admin, channel, { timeoutMs: ASK_MS });
        sources.push({ clients, node, admin, height: info.height, tipHash: info.currentBlockHash });
      } catch (error) {
        const { title, detail } = toProblem(fabricProblem(error, this.network));
        silent.push({ node: node.name, detail: `${title} ${detail}`.trim() });
        throw error;
      }
    });
    const all = Promise.allSettled(asked);
    const soon = Promise.any(asked).then(() => delay(patienceMs, undefined, { ref: false }));
    await Promise.race([all, soon.catch(() => all)]);
    return { sources: sources.toSorted((a, b) => b.height - a.height), silent: [...silent] };
  }
}

function reportOf(node: string, report: VerifiedChain): ChainReport {
  const { blocks, transactions, codes, genesisHash, tipHash, commitHash, totals, unchecked } = report;
  return {
    node,
    blocks: String(blocks),
    transactions: String(transactions),
    codes: { ...codes },
    genesisHash,
    tipHash,
    commitHash,
    checks: checkNames.flatMap((check) => {
      const found = totals[check];
      if (!found) return [];
      return [
        {
          check,
          method: methods[check],
          holds: found.holds,
          fails: found.fails,
          notCheckable: found['not checkable'],
        },
      ];
    }),
    unchecked: unchecked.map(({ firstBlock, ...one }) => ({ ...one, firstBlock: String(firstBlock) })),
  };
}

function noPeerAnswers(channel: string, silent: readonly { node: string; detail: string }[]) {
  return problem('NODE_UNAVAILABLE', {
    title: `No peer of ${channel} answers.`,
    detail: silent.map(({ node, detail }) => `${node}: ${detail}`).join('\n'),
    hint: 'Look at `cityflow status`.',
    retryable: true,
  });
}
