import type { common } from '@hyperledger/fabric-protos';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { channelIdOfBlock } from '../../../protocol/block';
import { createLogger } from '../../node/logging';
import type { PeerChannel } from '../channel';
import { withMessage } from '../../../protocol/cause';
import type { LevelChannelLedger } from '../ledger/channel-ledger';

const logger = createLogger('peer');

/** common/configtx ValidateChannelID; it also keeps a channel's folder where it belongs. */
const CHANNEL_ID = /^[a-z][a-z0-9.-]{0,248}$/;

/** A channel this peer keeps a ledger of and follows. */
export interface OpenChannel extends PeerChannel {
  readonly ledger: LevelChannelLedger;
  /** Begins to pull blocks from the channel's orderers. */
  follow(): void;
  /** Ends pulling, waits for a commit under way and closes the ledger. */
  close(): Promise<void>;
}

export interface ChannelFactory {
  /** Opens the ledger in a folder; undefined when it holds no block: joining it was never finished. */
  open(folder: string, channelId: string): Promise<OpenChannel | undefined>;
  /** Makes a ledger in an empty folder and commits the genesis block. */
  create(folder: string, genesis: common.Block): Promise<OpenChannel>;
}

/** The channels of this peer. Joined means: the genesis block is committed in the channel's folder. */
export class JoinedChannels {
  readonly #channels = new Map<string, OpenChannel>();
  readonly #joining = new Set<string>();
  #following = false;

  private constructor(
    private readonly folder: string,
    private readonly factory: ChannelFactory,
  ) {}

  /** Opens every channel found in the folder. Throws, naming the channel, when a ledger can't be used. */
  static async open(folder: string, factory: ChannelFactory): Promise<JoinedChannels> {
    const joined = new JoinedChannels(folder, factory);
    await mkdir(folder, { recursive: true, mode: 0o750 });
    try {
      for (const entry of (await readdir(folder, { withFileTypes: true })).sort(byName)) {
        if (entry.isDirectory() && CHANNEL_ID.test(entry.name)) await joined.#open(entry.name);
      }
    } catch (error) {
      await joined.close();
      throw error;
    }
    return joined;
  }

  list(): readonly OpenChannel[] {
    return [...this.#channels.values()];
  }

  get(channelId: string): OpenChannel | undefined {
    return this.#channels.get(channelId);
  }

  /** Follows the orderers of every channel, also of those joined later. */
  follow(): void {
    this.#following = true;
    for (const channel of this.#channels.values()) channel.follow();
  }

  /**
   * Joins a channel by its genesis block; resolves when the channel survives a crash. Throws the texts of genuine cscc
   * when it is joined already or the block is not usable.
   */
  async join(genesis: common.Block): Promise<OpenChannel> {
    const channelId = channelIdOfBlock(genesis);
    if (!CHANNEL_ID.test(channelId)) throw new Error(`'${channelId}' contains illegal characters`);
    if (this.#channels.has(channelId) || this.#joining.has(channelId)) {
      throw new Error(
        `cannot create ledger from genesis block: ledger [${channelId}] already exists with state [ACTIVE]`,
      );
    }
    this.#joining.add(channelId);
    const folder = path.join(this.folder, channelId);
    try {
      await mkdir(folder, { recursive: true, mode: 0o750 });
      const channel = await this.factory.create(folder, genesis);
      this.#channels.set(channelId, channel);
      if (this.#following) channel.follow();
      logger.info('Joined channel', { channel: channelId });
      return channel;
    } catch (cause) {
      await rm(folder, { recursive: true, force: true });
      throw withMessage(cause, 'cannot create ledger from genesis block');
    } finally {
      this.#joining.delete(channelId);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#channels.values()].map((channel) => channel.close()));
    this.#channels.clear();
  }

  async #open(channelId: string): Promise<void> {
    const folder = path.join(this.folder, channelId);
    let channel: OpenChannel | undefined;
    try {
      channel = await this.factory.open(folder, channelId);
    } catch (cause) {
      throw withMessage(cause, `cannot open the ledger of ${channelId} in ${folder}`);
    }
    if (channel === undefined) {
      logger.warn('removing what is left of a channel that was never fully joined', { channel: channelId });
      await rm(folder, { recursive: true, force: true });
      return;
    }
    this.#channels.set(channelId, channel);
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
