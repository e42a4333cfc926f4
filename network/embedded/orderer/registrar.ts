/** The channels of this orderer: found on disk at the start, joined and removed while it runs (multichannel.Registrar). */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { common } from '@hyperledger/fabric-protos';
import { lastConfigIndex } from '../../protocol/block';
import { ChannelConfig } from '../../protocol/channel-config';
import type { Signer } from '../../protocol/signing';
import { BlockFile, BlockFileCorruption } from '../node/block-file';
import { createLogger } from '../node/logging';
import { BlockStore } from './block-store';
import { BlockWriter } from './block-writer';
import { Chain } from './chain';
import type { ActiveChannel, ChannelResources, OrdererChannel } from './channel';
import { checkOrderable, parseJoinBlock } from './join-block';
import { CONSENSUS_RELATION, PARTICIPATION_STATUS, type OrdererMetrics } from './orderer-metrics';

const logger = createLogger('orderer.commmon.multichannel');

export interface ChannelInfo {
  readonly name: string;
  readonly consensusRelation: keyof typeof CONSENSUS_RELATION;
  readonly status: keyof typeof PARTICIPATION_STATUS;
  /** Number of blocks. */
  readonly height: number;
}

/** Reasons with a meaning of their own to clients (orderer/common/types/errors.go). */
export type ParticipationReason =
  'channel already exists' | 'channel does not exist' | 'channel pending removal';

export class ParticipationError extends Error {
  override readonly name = 'ParticipationError';

  constructor(readonly reason: ParticipationReason) {
    super(reason);
  }
}

export interface RegistrarOptions {
  /** Folder of the ledgers (FileLedger.Location). */
  readonly location: string;
  readonly signer: Signer;
  /** Certificates with which this node may stand in a consenter set, PEM. */
  readonly consenterCertificates: readonly Uint8Array[];
  readonly metrics: OrdererMetrics;
}

function resourcesOf(config: ChannelConfig): ChannelResources {
  const batch = config.batch();
  return {
    sequence: config.sequence,
    batch: () => batch,
    unsatisfied: (policy, signed) => {
      const { satisfied, message, reason } = config.policy(policy).evaluate([...signed]);
      if (satisfied) return undefined;
      logger.warn(`[channel: ${config.channelId}] policy ${policy} is not met: ${reason}`);
      return message;
    },
  };
}

export class Registrar {
  private readonly channels = new Map<string, OrdererChannel>();
  /** Channels being joined or removed just now. */
  private readonly busy = new Map<string, 'joining' | 'removing'>();

  private constructor(private readonly options: RegistrarOptions) {}

  /** Opens every channel on disk. One whose ledger is damaged is listed as failed; the others are served. */
  static async open(options: RegistrarOptions): Promise<Registrar> {
    const registrar = new Registrar(options);
    await rm(registrar.removedFolder, { recursive: true, force: true });
    await mkdir(registrar.chainsFolder, { recursive: true });
    const entries = await readdir(registrar.chainsFolder, { withFileTypes: true });
    for (const entry of entries.filter((each) => each.isDirectory())) await registrar.restore(entry.name);
    return registrar;
  }

  channel(channelId: string): OrdererChannel | undefined {
    return this.busy.get(channelId) === 'removing' ? undefined : this.channels.get(channelId);
  }

  list(): string[] {
    return [...this.channels.keys()];
  }

  /** @throws ParticipationError */
  info(channelId: string): ChannelInfo {
    const channel = this.channels.get(channelId);
    if (channel === undefined) throw new ParticipationError('channel does not exist');
    return {
      name: channelId,
      consensusRelation: 'consenter',
      status: channel.state,
      height: channel.state === 'active' ? channel.store.height : channel.height,
    };
  }

  /** Why blocks of channels can't be written or trusted, by channel: for the health check. */
  problems(): ReadonlyMap<string, string> {
    const problems = new Map<string, string>();
    for (const [channelId, channel] of this.channels) {
      if (channel.state === 'failed') problems.set(channelId, channel.reason);
      else if (channel.chain.writeFailure) problems.set(channelId, channel.chain.writeFailure.message);
    }
    return problems;
  }

  /**
   * Creates a channel from its genesis block; it is on disk when this resolves.
   * @throws JoinBlockError, ParticipationError, BlockWriteError
   */
  async join(bytes: Uint8Array): Promise<ChannelInfo> {
    const { block, config } = parseJoinBlock(bytes);
    const { channelId } = config;
    if (this.busy.get(channelId) === 'removing') throw new ParticipationError('channel pending removal');
    if (this.channels.has(channelId) || this.busy.has(channelId)) {
      throw new ParticipationError('channel already exists');
    }
    checkOrderable(channelId, block, this.options.consenterCertificates);
    this.busy.set(channelId, 'joining');
    const folder = this.folder(channelId);
    try {
      const store = new BlockStore(await BlockFile.open(folder));
      await store.append(bytes);
      this.activate(channelId, config, block, store);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    } finally {
      this.busy.delete(channelId);
    }
    const info = this.info(channelId);
    logger.info(`Joining channel: ${channelId}`, { ...info });
    return info;
  }

  /** Halts a channel and deletes its ledger. @throws ParticipationError */
  async remove(channelId: string): Promise<void> {
    if (this.busy.has(channelId)) throw new ParticipationError('channel pending removal');
    const channel = this.channels.get(channelId);
    if (channel === undefined) throw new ParticipationError('channel does not exist');
    this.busy.set(channelId, 'removing');
    try {
      if (channel.state === 'active') await channel.chain.close();
      // Renamed first: a folder half deleted must not be taken for a damaged ledger at the next start.
      await mkdir(this.removedFolder, { recursive: true });
      const removed = path.join(this.removedFolder, `${channelId}-${Date.now()}`);
      await rename(this.folder(channelId), removed);
      await rm(removed, { recursive: true, force: true });
      this.channels.delete(channelId);
    } finally {
      this.busy.delete(channelId);
    }
    this.forgetMetrics(channelId);
    logger.info(`Removed channel: ${channelId}`);
  }

  async close(): Promise<void> {
    const active = [...this.channels.values()].filter((channel) => channel.state === 'active');
    await Promise.all(active.map((channel) => channel.chain.close()));
  }

  private get chainsFolder(): string {
    return path.join(this.options.location, 'chains');
  }

  private get removedFolder(): string {
    return path.join(this.options.location, 'removed');
  }

  private folder(channelId: string): string {
    return path.join(this.chainsFolder, channelId);
  }

  private async restore(channelId: string): Promise<void> {
    let file: BlockFile;
    try {
      file = await BlockFile.open(this.folder(channelId));
    } catch (error) {
      if (!(error instanceof BlockFileCorruption)) throw error;
      this.markFailed(channelId, error.message, error.blockNumber);
      return;
    }
    if (file.height === 0 && file.acknowledgedHeight === 0) {
      // The process died before the join was answered.
      await file.close();
      await rm(this.folder(channelId), { recursive: true, force: true });
      return;
    }
    if (file.height < file.acknowledgedHeight) {
      const lost = `${file.height} to ${file.acknowledgedHeight - 1}`;
      this.markFailed(
        channelId,
        `blocks ${lost} were delivered and are missing from ${file.file}: ordering on would fork the channel. ` +
          'Restore the file from a copy',
        file.height,
      );
      await file.close();
      return;
    }
    const store = new BlockStore(file);
    try {
      const last = await readBlock(store, store.height - 1);
      const config = ChannelConfig.fromBlock(await readBlock(store, lastConfigIndex(last)));
      if (config.channelId !== channelId) throw new Error(`the ledger holds channel ${config.channelId}`);
      this.activate(channelId, config, last, store);
    } catch (error) {
      this.markFailed(channelId, (error as Error).message, store.height);
      await store.close();
    }
  }

  private activate(channelId: string, config: ChannelConfig, last: common.Block, store: BlockStore): void {
    const resources = resourcesOf(config);
    const writer = new BlockWriter(this.options.signer, last);
    const { metrics } = this.options;
    const chain = new Chain({ channelId, store, writer, batch: () => resources.batch(), metrics });
    const channel: ActiveChannel = { state: 'active', channelId, resources, store, chain };
    this.channels.set(channelId, channel);
    metrics.participation.status.set({ channel: channelId }, PARTICIPATION_STATUS.active);
    metrics.participation.consensusRelation.set({ channel: channelId }, CONSENSUS_RELATION.consenter);
    logger.info(`Start accepting requests as Raft leader at block [${store.height - 1}]`, {
      channel: channelId,
    });
  }

  private markFailed(channelId: string, reason: string, height: number): void {
    this.channels.set(channelId, { state: 'failed', channelId, reason, height });
    const { participation } = this.options.metrics;
    participation.status.set({ channel: channelId }, PARTICIPATION_STATUS.failed);
    participation.consensusRelation.set({ channel: channelId }, CONSENSUS_RELATION.consenter);
    logger.error(`channel ${channelId} is not served: ${reason}`);
  }

  private forgetMetrics(channelId: string): void {
    const { participation, raft, ledger } = this.options.metrics;
    const channel = { channel: channelId };
    for (const gauge of [
      participation.status,
      participation.consensusRelation,
      raft.isLeader,
      raft.activeNodes,
    ]) {
      gauge.remove(channel);
    }
    for (const gauge of [raft.clusterSize, raft.committedBlockNumber, ledger.blockchainHeight])
      gauge.remove(channel);
  }
}

async function readBlock(store: BlockStore, number: number): Promise<common.Block> {
  const bytes = await store.read(number);
  if (bytes === undefined) throw new Error(`block ${number} is missing from the ledger`);
  return common.Block.deserializeBinary(bytes);
}
