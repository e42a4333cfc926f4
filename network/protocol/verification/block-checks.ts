import { common } from '@hyperledger/fabric-protos';
import {
  blockData,
  blockDataHash,
  blockHeader,
  blockMetadata,
  channelIdOfBlock,
  commitHash,
  lastConfigIndex,
  signaturesMetadata,
} from '../block';
import { messageOf } from '../cause';
import type { ChannelConfig } from '../channel-config';
import { validIdentities } from '../policy';
import { BLOCK_VALIDATION, blockSignatures } from '../block-signatures';
import { decodeMessage } from '../wire';
import { compared, fails, holds, notCheckable, type Check } from './check';

const { SIGNATURES, LAST_CONFIG, ORDERER, COMMIT_HASH } = common.BlockMetadataIndex;

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Whether the bytes hold the block and nothing else, down to the metadata no hash covers. */
export function checkEncoding(bytes: Uint8Array, block: common.Block): Check {
  if (Buffer.compare(block.serializeBinary(), bytes) !== 0) {
    return fails('encoding', 'the bytes hold something beside header, transactions and metadata');
  }
  for (const [name, index] of [
    ['signatures', SIGNATURES],
    ['commit hash', COMMIT_HASH],
  ] as const) {
    const entry = blockMetadata(block, index);
    try {
      const again = decodeMessage(common.Metadata, entry, 'Metadata').serializeBinary();
      if (Buffer.compare(again, entry) === 0) continue;
    } catch {
      return fails('encoding', `the metadata entry of the ${name} cannot be read`);
    }
    return fails('encoding', `the metadata entry of the ${name} holds something beside it`);
  }
  return holds('encoding', `${bytes.length} bytes, all of them read`);
}

export function checkNumber(block: common.Block, expected: number): Check {
  const number = blockHeader(block).getNumber();
  return compared('number', String(expected), String(number), `expected ${expected}, found ${number}`);
}

export function checkChannel(block: common.Block, channelId: string): Check {
  try {
    const found = channelIdOfBlock(block);
    return compared('channel', channelId, found, `expected ${channelId}, found ${found}`);
  } catch (error) {
    return fails('channel', messageOf(error));
  }
}

/** @param previousHash header hash of the block before; a text says why it is not known. */
export function checkHeaderChain(block: common.Block, previousHash: Uint8Array | string): Check {
  if (typeof previousHash === 'string') return notCheckable('header chain', previousHash);
  const claimed = hex(blockHeader(block).getPreviousHash_asU8());
  const expected = hex(previousHash);
  if (claimed === expected) return holds('header chain', expected || 'block 0 follows nothing');
  return fails(
    'header chain',
    `previous hash is ${claimed || 'empty'}, the block before hashes to ${expected || 'nothing (this is block 0)'}`,
  );
}

export function checkDataHash(block: common.Block): Check {
  const claimed = hex(blockHeader(block).getDataHash_asU8());
  const found = hex(blockDataHash(blockData(block)));
  return compared('data hash', claimed, found, `the header says ${claimed}, the data hash to ${found}`);
}

/** The block validation policy must be met, and every signature that stands there must verify. */
export function checkOrdererSignatures(block: common.Block, config: ChannelConfig | string): Check {
  if (blockHeader(block).getNumber() === 0) {
    return notCheckable('orderer signatures', 'block 0 is not signed: its hash is the trust anchor');
  }
  if (typeof config === 'string') {
    return notCheckable('orderer signatures', `there is no policy to check against: ${config}`);
  }
  try {
    const signatures = blockSignatures(block);
    const { satisfied, reason } = config.policy(BLOCK_VALIDATION).evaluate(signatures);
    if (!satisfied) return fails('orderer signatures', reason);
    const { identities, rejected } = validIdentities(signatures, config.msps);
    if (rejected.length > 0) {
      return fails('orderer signatures', `the policy is met, but ${rejected.join('; ')}`);
    }
    return holds(
      'orderer signatures',
      `signed by ${identities.map(({ principalName }) => principalName).join(', ')}`,
    );
  } catch (error) {
    return fails('orderer signatures', messageOf(error));
  }
}

/** @param expected number of the last configuration block, this one included; undefined where it is not known. */
export function checkLastConfiguration(block: common.Block, expected: number | undefined): Check {
  let found: number;
  try {
    found = lastConfigIndex(block);
  } catch (error) {
    return fails('last configuration', messageOf(error));
  }
  if (expected === undefined) {
    return notCheckable(
      'last configuration',
      `it names block ${found}; whether that was the last one the blocks here do not tell`,
    );
  }
  return compared(
    'last configuration',
    String(expected),
    String(found),
    `it names block ${found}, the last configuration came with block ${expected}`,
  );
}

export function checkUnsignedMetadata(block: common.Block): Check {
  const check = 'unsigned metadata';
  const lastConfig = blockMetadata(block, LAST_CONFIG);
  const consenter = blockMetadata(block, ORDERER);
  if (lastConfig.length === 0 && consenter.length === 0) return holds(check, 'there is none');
  try {
    const value = signaturesMetadata(block).getValue_asU8();
    const signed = decodeMessage(common.OrdererBlockMetadata, value, 'OrdererBlockMetadata');
    const repeated = (entry: Uint8Array): Uint8Array =>
      decodeMessage(common.Metadata, entry, 'Metadata').getValue_asU8();
    if (lastConfig.length > 0) {
      const again = decodeMessage(common.LastConfig, repeated(lastConfig), 'LastConfig').getIndex();
      const index = signed.getLastConfig()?.getIndex() ?? 0;
      if (again !== index)
        return fails(check, `last configuration: signed is ${index}, beside it stands ${again}`);
    }
    const consented = signed.getConsenterMetadata_asU8();
    if (
      consenter.length > 0 &&
      ![hex(consented), hex(repeated(consented))].includes(hex(repeated(consenter)))
    ) {
      return fails(check, 'the consenter metadata differ from those that were signed');
    }
    return holds(check, 'it repeats what was signed');
  } catch (error) {
    return fails(check, messageOf(error));
  }
}

/** The commit hash a peer wrote; empty where there is none, undefined where it cannot be read. */
export function commitHashOf(block: common.Block): Uint8Array | undefined {
  try {
    return commitHash(block);
  } catch {
    return undefined;
  }
}
