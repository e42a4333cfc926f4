import type { common } from '@hyperledger/fabric-protos';
import { blockHeader, blockHeaderHash, isConfigBlock } from '../block';
import { messageOf } from '../cause';
import { ChannelConfig } from '../channel-config';
import {
  checkChannel,
  checkDataHash,
  checkHeaderChain,
  checkNumber,
  checkOrdererSignatures,
} from './block-checks';
import { fails, holds, type Check } from './check';
import type { TrustedStart } from './verified';

/**
 * Verifies that the blocks of one channel are those its orderers made, in their order: numbers, hashes and signatures
 * under the configuration in force. What peers made of the transactions is for a `ChainVerifier`, which takes state.
 */
export class BlockVerifier {
  #nextNumber: number;
  #previousHash: Uint8Array;
  #config: ChannelConfig | string;

  constructor(
    private readonly channelId: string,
    start?: Pick<TrustedStart, 'nextNumber' | 'previousHash' | 'config'>,
  ) {
    this.#nextNumber = start?.nextNumber ?? 0;
    this.#previousHash = start?.previousHash ?? new Uint8Array();
    this.#config = start?.config ?? 'no configuration block was readable';
  }

  /** The configuration in force after the blocks verified so far. */
  get config(): ChannelConfig | undefined {
    return typeof this.#config === 'string' ? undefined : this.#config;
  }

  /** Later blocks are checked against this one even when it failed. Throws when it has no header. */
  verify(block: common.Block): Check[] {
    const header = blockHeader(block);
    const checks = [
      checkNumber(block, this.#nextNumber),
      checkChannel(block, this.channelId),
      checkHeaderChain(block, this.#previousHash),
      checkDataHash(block),
      checkOrdererSignatures(block, this.#config),
    ];
    if (isConfigBlock(block)) checks.push(this.#configure(block));
    this.#nextNumber = header.getNumber() + 1;
    this.#previousHash = blockHeaderHash(header);
    return checks;
  }

  #configure(block: common.Block): Check {
    try {
      const config = ChannelConfig.fromBlock(block);
      this.#config = config;
      return holds('configuration', `sequence ${config.sequence}`);
    } catch (error) {
      return fails('configuration', messageOf(error));
    }
  }
}
