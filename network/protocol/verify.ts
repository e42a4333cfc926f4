import { common } from '@hyperledger/fabric-protos';
import {
  blockData,
  blockDataHash,
  blockHeader,
  blockHeaderBytes,
  blockHeaderHash,
  channelIdOfBlock,
  isConfigBlock,
  signaturesMetadata,
} from './block';
import { ChannelConfig } from './channel-config';
import type { PolicyResult, SignedData } from './policy';
import { decodeMessage } from './wire';

/** Policy an orderer's block signatures must satisfy. */
export const BLOCK_VALIDATION = '/Channel/Orderer/BlockValidation';

/** One thing checked of a block. */
export interface Verdict {
  readonly check:
    'number' | 'channel' | 'header chain' | 'data hash' | 'orderer signatures' | 'configuration';
  readonly ok: boolean;
  /** What was found; when `ok` is false, also what was expected. */
  readonly detail: string;
}

/** The orderers' signatures over a block as policies evaluate them (internal/pkg/peer mcs.VerifyBlock). */
export function blockSignatures(block: common.Block): SignedData[] {
  const metadata = signaturesMetadata(block);
  const header = blockHeaderBytes(blockHeader(block));
  return metadata.getSignaturesList().map((signature) => {
    const signatureHeader = signature.getSignatureHeader_asU8();
    return {
      identity: decodeMessage(common.SignatureHeader, signatureHeader, 'SignatureHeader').getCreator_asU8(),
      data: Buffer.concat([metadata.getValue_asU8(), signatureHeader, header]),
      signature: signature.getSignature_asU8(),
    };
  });
}

/** Whether the block's signatures satisfy the channel's BlockValidation policy. Block 0 carries none. */
export function verifyBlockSignatures(block: common.Block, channel: ChannelConfig): PolicyResult {
  return channel.policy(BLOCK_VALIDATION).evaluate(blockSignatures(block));
}

/** Whether data_hash covers the block's data. */
export function verifyDataHash(block: common.Block): Verdict {
  const claimed = hex(blockHeader(block).getDataHash_asU8());
  const computed = hex(blockDataHash(blockData(block)));
  return verdict(
    'data hash',
    claimed === computed,
    claimed === computed ? computed : `the header says ${claimed}, the data hash to ${computed}`,
  );
}

/** What a verifier that does not begin at block 0 must be told. */
export interface TrustedState {
  /** Header hash of the block before the first one verified. */
  readonly previousHash: Uint8Array;
  readonly nextNumber: number;
  /** Configuration in force at the first block verified. */
  readonly config: ChannelConfig;
}

/**
 * Verifies the blocks of one channel in order: each must follow the one before it, its data must match its header
 * and its orderers' signatures must satisfy the configuration in force. Block 0 is not signed: whoever needs more
 * than a consistent chain compares its hash with one remembered.
 */
export class BlockVerifier {
  readonly #channelId: string;
  #nextNumber: number;
  #previousHash: Uint8Array | undefined;
  #config: ChannelConfig | undefined;

  constructor(channelId: string, trusted?: TrustedState) {
    this.#channelId = channelId;
    this.#nextNumber = trusted?.nextNumber ?? 0;
    this.#previousHash = trusted?.previousHash;
    this.#config = trusted?.config;
  }

  /** The configuration in force after the blocks verified so far. */
  get config(): ChannelConfig | undefined {
    return this.#config;
  }

  /** One verdict for each check. Later blocks are checked against this one even when it failed. */
  verify(block: common.Block): Verdict[] {
    const header = blockHeader(block);
    const verdicts = [
      this.#number(header),
      this.#channel(block),
      this.#chain(header),
      verifyDataHash(block),
      this.#signatures(block, header),
    ];
    if (isConfigBlock(block)) verdicts.push(this.#configure(block));
    this.#nextNumber = header.getNumber() + 1;
    this.#previousHash = blockHeaderHash(header);
    return verdicts;
  }

  #number(header: common.BlockHeader): Verdict {
    const number = header.getNumber();
    const ok = number === this.#nextNumber;
    return verdict('number', ok, ok ? String(number) : `expected ${this.#nextNumber}, found ${number}`);
  }

  #channel(block: common.Block): Verdict {
    try {
      const channelId = channelIdOfBlock(block);
      const ok = channelId === this.#channelId;
      return verdict('channel', ok, ok ? channelId : `expected ${this.#channelId}, found ${channelId}`);
    } catch (error) {
      return verdict('channel', false, messageOf(error));
    }
  }

  #chain(header: common.BlockHeader): Verdict {
    const claimed = hex(header.getPreviousHash_asU8());
    const expected = hex(this.#previousHash ?? new Uint8Array());
    return verdict(
      'header chain',
      claimed === expected,
      claimed === expected
        ? expected
        : `previous_hash is ${claimed || 'empty'}, the block before hashes to ${expected || 'nothing (this is block 0)'}`,
    );
  }

  #signatures(block: common.Block, header: common.BlockHeader): Verdict {
    if (header.getNumber() === 0) return verdict('orderer signatures', true, 'block 0 is not signed');
    if (this.#config === undefined) {
      return verdict(
        'orderer signatures',
        false,
        'no configuration block was readable: no policy to check against',
      );
    }
    try {
      const { satisfied, reason } = verifyBlockSignatures(block, this.#config);
      return verdict('orderer signatures', satisfied, satisfied ? 'BlockValidation is satisfied' : reason);
    } catch (error) {
      return verdict('orderer signatures', false, messageOf(error));
    }
  }

  #configure(block: common.Block): Verdict {
    try {
      this.#config = ChannelConfig.fromBlock(block);
      return verdict('configuration', true, `sequence ${this.#config.sequence}`);
    } catch (error) {
      return verdict('configuration', false, messageOf(error));
    }
  }
}

function verdict(check: Verdict['check'], ok: boolean, detail: string): Verdict {
  return { check, ok, detail };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
