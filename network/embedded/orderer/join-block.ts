/** What a block must be for this orderer to join its channel (orderer/common/channelparticipation/validator.go). */
import { X509Certificate } from 'node:crypto';
import { common, orderer } from '@hyperledger/fabric-protos';
import { blockData, blockDataHash, blockHeader, configFromBlock, isConfigBlock } from '../../protocol/block';
import { ChannelConfig } from '../../protocol/channel-config';

/** Why the block can't be used to join. */
export class JoinBlockError extends Error {
  override readonly name = 'JoinBlockError';
}

/**
 * The configuration in a join block. The texts are for the client, which sees them after "invalid join block: ".
 * @throws JoinBlockError
 */
export function parseJoinBlock(bytes: Uint8Array): { block: common.Block; config: ChannelConfig } {
  let block: common.Block;
  let config: ChannelConfig;
  try {
    block = common.Block.deserializeBinary(bytes);
  } catch (error) {
    throw new JoinBlockError(`not a block: ${(error as Error).message}`);
  }
  if (!isConfigBlock(block)) throw new JoinBlockError('block is not a config block');
  try {
    config = ChannelConfig.fromBlock(block);
  } catch (error) {
    throw new JoinBlockError((error as Error).message);
  }
  const root = configFromBlock(block).getChannelGroup();
  if (root?.getGroupsMap().get('Application') === undefined) {
    throw new JoinBlockError('invalid config: must have at least one of application or consortiums');
  }
  if (!blockDataHash(blockData(block)).equals(blockHeader(block).getDataHash_asU8())) {
    throw new JoinBlockError('the data hash in the header is not that of the data');
  }
  return { block, config };
}

function consensusType(block: common.Block): orderer.ConsensusType {
  const group = configFromBlock(block).getChannelGroup()?.getGroupsMap().get('Orderer');
  const value = group?.getValuesMap().get('ConsensusType')?.getValue_asU8() ?? new Uint8Array();
  return orderer.ConsensusType.deserializeBinary(value);
}

/** Consenters are the same node when their certificates hold the same public key (common/crypto). */
function samePublicKey(a: Uint8Array, b: Uint8Array): boolean {
  try {
    return new X509Certificate(a).publicKey.equals(new X509Certificate(b).publicKey);
  } catch {
    return false;
  }
}

/**
 * Whether this orderer can order the channel: a genesis block, etcdraft, and this node its only consenter.
 * @param own certificates of this node, PEM
 * @throws JoinBlockError naming what is asked for and where it is to be had
 */
export function checkOrderable(channelId: string, block: common.Block, own: readonly Uint8Array[]): void {
  const number = blockHeader(block).getNumber();
  if (number !== 0) {
    throw new JoinBlockError(
      `block ${number} of channel ${channelId} is not its genesis block: this orderer does not replicate from others`,
    );
  }
  const type = consensusType(block);
  if (type.getType() !== 'etcdraft') {
    throw new JoinBlockError(
      `consensus type ${type.getType()} is not available on this orderer, only etcdraft is`,
    );
  }
  if (type.getState() !== orderer.ConsensusType.State.STATE_NORMAL) {
    throw new JoinBlockError(
      `channel ${channelId} is in maintenance mode, which is not available on this orderer`,
    );
  }
  const metadata = orderer.etcdraft.ConfigMetadata.deserializeBinary(type.getMetadata_asU8());
  const consenters = metadata.getConsentersList();
  const [only] = consenters;
  if (only === undefined || consenters.length > 1) {
    throw new JoinBlockError(
      `channel ${channelId} has ${consenters.length} consenters: this orderer orders alone; ` +
        'three or five orderers need genuine nodes (docker or native runtime)',
    );
  }
  const isOwn = own.some(
    (certificate) =>
      samePublicKey(certificate, only.getClientTlsCert_asU8()) ||
      samePublicKey(certificate, only.getServerTlsCert_asU8()),
  );
  if (!isOwn) {
    throw new JoinBlockError(
      `this orderer is not the consenter of channel ${channelId} (${only.getHost()}:${only.getPort()}): ` +
        'its TLS certificate is not in the configuration. The genesis block belongs to another orderer or another network',
    );
  }
}
