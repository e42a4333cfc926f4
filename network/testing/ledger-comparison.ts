import type { NetworkClients } from '../admin/network-clients';
import { untilCaughtUp } from '../runtime/ledger-heights';
import type { Acknowledged } from './city-load';
import { blockData, blockHeader, blockHeaderHash, commitHash, transactionsFilter } from '../protocol/block';
import { parseEnvelope } from '../protocol/envelope';
import { BlockVerifier } from '../protocol/verification/block-verifier';

/** One channel's chain as one peer tells it. */
export interface ReadChain {
  readonly peer: string;
  /** Per block: header hash, validation filter and commit hash, hex: what makes it the same block on two peers. */
  readonly blocks: readonly string[];
  /** Transaction id → validation code. */
  readonly codes: ReadonlyMap<string, number>;
  /** Failed verdicts of hash chain, data hashes and orderer signatures. */
  readonly failures: readonly string[];
}

/** What all peers of a network have, held against what clients were told. */
export interface ChainReport {
  readonly blocks: Readonly<Record<string, number>>;
  /** Acknowledged transactions that some peer lacks, or has with another code. Must be empty. */
  readonly lost: readonly string[];
  /** Where chains differ between peers, or don't verify. Must be empty. */
  readonly differences: readonly string[];
}

/** Waits until peers have what is ordered, then reads and compares the chains of all channels. */
export async function compareChains(
  clients: NetworkClients,
  acknowledged: readonly Acknowledged[],
): Promise<ChainReport> {
  const chains = new Map<string, ReadChain[]>();
  for (const { name } of clients.directory.topology.channels) {
    await untilCaughtUp(clients, name, clients.directory.peersOfChannel(name));
    chains.set(name, await readChains(clients, name));
  }
  return {
    blocks: Object.fromEntries([...chains].map(([name, [first]]) => [name, first?.blocks.length ?? 0])),
    lost: acknowledged.flatMap(({ channelId, transactionId, code }) =>
      (chains.get(channelId) ?? [])
        .filter(({ codes }) => codes.get(transactionId) !== code)
        .map(({ peer }) => `${transactionId} of ${channelId} on ${peer}`),
    ),
    differences: [...chains].flatMap(([name, read]) => differences(name, read)),
  };
}

function differences(channel: string, chains: readonly ReadChain[]): string[] {
  const [first, ...others] = chains;
  if (!first) return [`${channel} has no peers`];
  return [
    ...chains.flatMap(({ peer, failures }) => failures.map((failure) => `${channel} on ${peer}: ${failure}`)),
    ...others.flatMap(({ peer, blocks }) => {
      if (blocks.length !== first.blocks.length) {
        return [`${channel}: ${first.peer} has ${first.blocks.length} blocks, ${peer} has ${blocks.length}`];
      }
      const at = blocks.findIndex((block, index) => block !== first.blocks[index]);
      return at < 0 ? [] : [`${channel}: block ${at} differs between ${first.peer} and ${peer}`];
    }),
  ];
}

/** Reads and verifies a channel's whole chain from every one of its peers. */
export async function readChains(clients: NetworkClients, channelId: string): Promise<ReadChain[]> {
  return Promise.all(
    clients.directory.peersOfChannel(channelId).map(async (node): Promise<ReadChain> => {
      const admin = await clients.directory.adminOfNode(node.name);
      const { height } = await clients.channels.chainInfo(node, admin, channelId);
      const verifier = new BlockVerifier(channelId);
      const blocks: string[] = [];
      const codes = new Map<string, number>();
      const failures: string[] = [];
      for await (const block of clients.deliver.peerBlocks(node, admin, channelId, {
        from: 0,
        to: height - 1,
      })) {
        for (const { verdict, check, reason } of verifier.verify(block)) {
          if (verdict === 'fails') failures.push(`block ${blocks.length}, ${check}: ${reason}`);
        }
        const filter = transactionsFilter(block);
        blocks.push(
          [blockHeaderHash(blockHeader(block)), filter, commitHash(block)]
            .map((bytes) => Buffer.from(bytes).toString('hex'))
            .join(' '),
        );
        blockData(block).forEach((envelope, index) => {
          const { channelHeader } = parseEnvelope(envelope);
          codes.set(channelHeader.getTxId(), filter[index] ?? -1);
        });
      }
      return { peer: node.name, blocks, codes, failures };
    }),
  );
}

/** Money on all pages of the wallet contract, in cents. */
export async function readMoney(
  clients: NetworkClients,
): Promise<{ issued: number; balances: number; held: number; income: number }> {
  const registrar = await clients.directory.signer('UserService', 'registrar');
  const pages = async (functionName: string, ...leading: string[]) => {
    const records: Record<string, unknown>[] = [];
    for (let bookmark = ''; ;) {
      const { result } = await clients.transactions.evaluate(registrar, {
        channelId: 'wallet-channel',
        contract: 'wallet',
        functionName,
        args: [...leading, '200', bookmark],
      });
      const page = JSON.parse(Buffer.from(result).toString()) as {
        records: Record<string, unknown>[];
        bookmark: string;
      };
      records.push(...page.records);
      if (page.bookmark === '' || page.records.length === 0) return records;
      bookmark = page.bookmark;
    }
  };
  const sum = (records: readonly Record<string, unknown>[], field: string) =>
    records.reduce((total, record) => total + Number(record[field]), 0);
  const payments = await pages('ListPayments');
  return {
    issued: sum(await pages('ListEntries', 'issued'), 'amountCents'),
    balances: sum(await pages('ListWallets'), 'balanceCents'),
    held: sum(
      payments.filter(({ state }) => state === 'HELD'),
      'amountCents',
    ),
    income: sum(await pages('ListEntries', 'ParkingOperatorMSP'), 'amountCents'),
  };
}
