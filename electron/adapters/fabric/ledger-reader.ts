import path from 'node:path';
import type { common } from '@hyperledger/fabric-protos';
import { checkNames, methods } from '../../../network/protocol/verification/check';
import type { ChainReport as VerifiedChain } from '../../../network/protocol/verification/report';
import type {
  LedgerBlockModel,
  LedgerPart,
  LedgerPartRequest,
  LedgerTransactionModel,
  TransactionPlace,
} from '../../api/ledger-models';
import type { BlockSummary, ChainReport, Verification } from '../../api/models';
import type { LedgerReader } from '../../core/ports/fabric';
import { problem } from '../../core/problem';
import type { TaskProgress } from '../../core/tasks';
import { blockSummary } from './block-summary';
import { ChainVerification } from './chain-verification';
import { GenesisPinFile } from './genesis-pin-file';
import { LedgerBlocks } from './ledger/ledger-blocks';
import { LedgerSources, noPeerAnswers, type LedgerSource } from './ledger/ledger-sources';
import type { LocalNetwork } from '../runtime/local-network';
import { translated } from './problems';

const DEFAULT_BLOCKS = 10;
/** One answer holds at most this many blocks; more are asked for by range. */
const MAX_BLOCKS = 1000;
/** How long the next block may be waited for: a peer that is behind catches up while its ledger is compared. */
const CATCH_UP_MS = 20_000;

/** Blocks as the peers hold them. */
export class FabricLedgerReader implements LedgerReader {
  readonly #sources: LedgerSources;
  readonly #blocks: LedgerBlocks;

  constructor(private readonly network: LocalNetwork) {
    this.#sources = new LedgerSources(network);
    this.#blocks = new LedgerBlocks(network, this.#sources);
  }

  async blocks(channel: string, from: string | undefined, to: string | undefined): Promise<BlockSummary[]> {
    const source = await this.#sources.highest(channel);
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

  block(channel: string, block: string): Promise<LedgerBlockModel> {
    return this.#blocks.block(channel, block);
  }

  transaction(place: TransactionPlace): Promise<LedgerTransactionModel> {
    return this.#blocks.transaction(place);
  }

  part(request: LedgerPartRequest): Promise<LedgerPart> {
    return this.#blocks.part(request);
  }

  async verify(channel: string, progress: TaskProgress, signal: AbortSignal): Promise<Verification> {
    const { sources, silent } = await progress.step(`Ask the peers of ${channel} for their heights`, () =>
      this.#sources.of(channel),
    );
    const [reference] = sources;
    if (!reference) throw noPeerAnswers(channel, silent);
    const pins = new GenesisPinFile(path.join(this.network.folder.root, 'trust-anchors.json'));
    const verification = new ChainVerification(channel, this.network, pins);
    for (const { node, detail } of silent) verification.report(0, 'peer answers', `${node}: ${detail}`);
    const tip = reference.height - 1;
    const late = new AbortController();
    const patience = setTimeout(() => late.abort(), CATCH_UP_MS);
    const limited = AbortSignal.any([signal, late.signal]);
    const streams = sources.map((source) => ({
      name: source.node.name,
      blocks: this.#read(source, channel, 0, tip, limited),
    }));
    await progress
      .step(`Check ${reference.height} blocks on ${sources.length} peers`, () =>
        verification.run(streams, tip, (number) => {
          // However long deciding a block takes: only peers are hurried.
          patience.refresh();
          if (number > 0 && number % 500 === 0)
            progress.log(`${number} of ${reference.height} blocks checked`);
        }),
      )
      .finally(() => clearTimeout(patience));
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
    { clients, node, admin }: LedgerSource,
    channel: string,
    from: number,
    to: number,
    signal?: AbortSignal,
  ): AsyncGenerator<common.Block> {
    return clients.deliver.peerBlocks(node, admin, channel, { from, to }, signal ? { signal } : {});
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
