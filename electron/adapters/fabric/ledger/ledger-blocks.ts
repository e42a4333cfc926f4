import type { common } from '@hyperledger/fabric-protos';
import type { Configuration } from '../../../../network/protocol/inspection/configuration';
import { Undecodable } from '../../../../network/protocol/inspection/layer';
import { LedgerBlock } from '../../../../network/protocol/inspection/ledger-block';
import {
  PART_BYTES,
  type LedgerBlockModel,
  type LedgerPart,
  type LedgerPartRequest,
  type LedgerTransactionModel,
  type TransactionPlace,
} from '../../../api/ledger-models';
import { problem } from '../../../core/problem';
import type { LocalNetwork } from '../../runtime/local-network';
import { translated } from '../problems';
import { blockModel } from './block-model';
import { Contents } from './contents';
import { Explanations } from './explanations';
import {
  ASK_MS,
  BEHIND_THE_FIRST_MS,
  noPeerAnswers,
  type LedgerSource,
  type LedgerSources,
} from './ledger-sources';
import { withPreviousValues } from './previous-values';
import { partOf, transactionModel, type PlacedTransaction } from './transaction-model';

interface Found {
  readonly source: LedgerSource;
  readonly block: LedgerBlock;
}

type Ask = (source: LedgerSource) => Promise<common.Block | undefined>;

/** Single blocks and transactions whole, from the highest peer that has them. */
export class LedgerBlocks {
  readonly #explanations: Explanations;

  constructor(
    private readonly network: LocalNetwork,
    private readonly sources: LedgerSources,
  ) {
    this.#explanations = new Explanations(network);
  }

  /** @param wanted number, or header hash in hex */
  async block(channel: string, wanted: string): Promise<LedgerBlockModel> {
    return translated(this.network, async () => {
      const found = /^[0-9a-f]{64}$/i.test(wanted)
        ? await this.#byHash(channel, wanted.toLowerCase())
        : await this.#byNumber(channel, wanted);
      const { node, height } = found.source;
      return blockModel(channel, found.block, { name: node.name, height });
    });
  }

  async transaction(place: TransactionPlace): Promise<LedgerTransactionModel> {
    return translated(this.network, async () => {
      const { placed, source } = await this.#placed(place);
      const { channel, block, transaction } = placed;
      const earlier = (number: number) => blockAt(source, channel, number);
      const model = transactionModel(placed, new Contents());
      const [actions, explanation] = await Promise.all([
        withPreviousValues(model.actions, async (number) => {
          const found = number === block.number ? block.block : await earlier(number);
          return found && new LedgerBlock(found);
        }),
        this.#explanations.of(channel, block.block, transaction.position, model.contract, earlier),
      ]);
      return { ...model, actions, explanation };
    });
  }

  async part({ part, offset, ...place }: LedgerPartRequest): Promise<LedgerPart> {
    return translated(this.network, async () => {
      const { placed } = await this.#placed(place);
      const bytes = partOf(placed, part);
      if (bytes === undefined) {
        throw problem('BAD_REQUEST', {
          title: `Transaction ${place.position} of block ${place.block} has no part ${part}.`,
          hint: 'Ask for a part that `ledger.transaction` names.',
        });
      }
      const end = Math.min(offset + PART_BYTES, bytes.length);
      return { size: bytes.length, base64: Buffer.from(bytes.subarray(offset, end)).toString('base64') };
    });
  }

  async #placed(place: TransactionPlace): Promise<{ placed: PlacedTransaction; source: LedgerSource }> {
    const { channel } = place;
    const { source, block } = await ('transactionId' in place
      ? this.#byTransaction(channel, place.transactionId)
      : this.#byNumber(channel, place.block));
    const transaction =
      'transactionId' in place
        ? block.transactions.find(({ id }) => id === place.transactionId)
        : block.transactions[place.position];
    if (transaction === undefined) {
      const count = block.transactions.length;
      throw problem('TRANSACTION_NOT_FOUND', {
        title:
          'transactionId' in place
            ? `Block ${block.number} of ${channel} has no transaction ${place.transactionId}.`
            : `Block ${block.number} of ${channel} has no transaction ${place.position}.`,
        detail: `It has ${count}, numbered from 0.`,
        hint: `Look at the block: \`cityflow blocks ${channel} ${block.number}\`.`,
      });
    }
    const previous =
      transaction.content.kind === 'configuration' && block.number > 0
        ? await previousConfiguration(source, channel, block.number)
        : undefined;
    return { source, placed: { channel, block, transaction, previous, readFrom: source.node.name } };
  }

  async #byNumber(channel: string, number: string): Promise<Found> {
    if (!/^\d{1,20}$/.test(number)) {
      throw problem('BAD_REQUEST', {
        title: `${number.slice(0, 80)} is no block.`,
        detail: 'A block is named by its number, or by the 64 hexadecimal digits of its header hash.',
        hint: `\`cityflow blocks ${channel}\` lists the newest ones with both.`,
      });
    }
    const { found, height } = await this.#ask(channel, (source) =>
      BigInt(number) < BigInt(source.height)
        ? blockAt(source, channel, Number(number))
        : Promise.resolve(undefined),
    );
    if (found) return found;
    const isThere = BigInt(number) < BigInt(height);
    throw problem('BLOCK_NOT_FOUND', {
      title: `${channel} has no block ${number}${isThere ? ' on the peers that answer' : ''}.`,
      detail: isThere
        ? 'They joined by a snapshot that was taken later: what was before it is not on them.'
        : `Its blocks are 0 to ${height - 1}.`,
      hint: isThere
        ? 'Start a peer that has the whole chain.'
        : 'Ask for one of them, or wait until it is cut.',
      retryable: !isThere,
    });
  }

  async #byHash(channel: string, hash: string): Promise<Found> {
    const { found } = await this.#ask(channel, ({ clients, node, admin }) =>
      clients.ledger.blockByHash(node, admin, channel, Buffer.from(hash, 'hex'), { timeoutMs: ASK_MS }),
    );
    if (found) return found;
    throw problem('BLOCK_NOT_FOUND', {
      title: `${channel} has no block with the header hash ${hash}.`,
      detail:
        'No peer that answers knows it. The hash of a block is that of its header; the data hash, the commit hash and transaction ids look alike and find no block.',
      hint: `Check channel and hash: \`cityflow blocks ${channel} --json\` shows headerHash.`,
    });
  }

  async #byTransaction(channel: string, transactionId: string): Promise<Found> {
    if (transactionId === '') {
      throw problem('BAD_REQUEST', {
        title: 'No transaction is named.',
        detail: 'One without an id, such as a configuration, is named by its block and its position there.',
        hint: `\`cityflow tx ${channel} BLOCK:POSITION\``,
      });
    }
    const { found, height } = await this.#ask(channel, ({ clients, node, admin }) =>
      clients.ledger.blockByTxId(node, admin, channel, transactionId, { timeoutMs: ASK_MS }),
    );
    if (found) return found;
    throw problem('TRANSACTION_NOT_FOUND', {
      title: `${channel} has no transaction ${transactionId.slice(0, 80)}.`,
      detail: `No peer that answers knows it; the highest has ${height} blocks.`,
      hint: 'Check the id and the channel. A transaction that was just submitted may not be committed yet.',
      retryable: true,
    });
  }

  /** The first answer of the peers, highest first. */
  async #ask(channel: string, ask: Ask): Promise<{ found: Found | undefined; height: number }> {
    const { sources, silent } = await this.sources.of(channel, BEHIND_THE_FIRST_MS);
    const [highest] = sources;
    if (!highest) throw noPeerAnswers(channel, silent);
    for (const source of sources) {
      const block = await ask(source);
      if (block) return { found: { source, block: new LedgerBlock(block) }, height: highest.height };
    }
    return { found: undefined, height: highest.height };
  }
}

const blockAt = ({ clients, node, admin }: LedgerSource, channel: string, number: number) =>
  clients.ledger.blockByNumber(node, admin, channel, number, { timeoutMs: ASK_MS });

/** The configuration that was in force before a block: orderers sign its number with each block. */
async function previousConfiguration(
  source: LedgerSource,
  channel: string,
  number: number,
): Promise<Configuration | undefined> {
  const before = await blockAt(source, channel, number - 1);
  if (before === undefined) return undefined;
  const { signed } = new LedgerBlock(before);
  const last = signed instanceof Undecodable ? undefined : signed.lastConfiguration;
  // Block 0 is signed by nobody, and is a configuration itself.
  const configured = await blockAt(source, channel, last ?? 0);
  const content = configured && new LedgerBlock(configured).transactions[0]?.content;
  if (content?.kind !== 'configuration' || content.configuration instanceof Undecodable) return undefined;
  return content.configuration;
}
