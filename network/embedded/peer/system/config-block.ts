import { common } from '@hyperledger/fabric-protos';
import { withMessage } from '../../../protocol/cause';
import { decodeMessage } from '../../../protocol/wire';

/** Channel of a genesis block. Throws with the texts of protoutil GetChannelIDFromBlock. */
export function genesisChannelId(block: common.Block): string {
  const bytes = block.getData()?.getDataList_asU8()[0];
  if (bytes === undefined) throw new Error('failed to retrieve channel id - block is empty');
  const header = payloadOf(bytes).getHeader();
  if (header === undefined) throw new Error('failed to retrieve channel id - payload header is empty');
  return decodeMessage(common.ChannelHeader, header.getChannelHeader_asU8(), 'ChannelHeader').getChannelId();
}

/** Throws unless the block carries an application channel's configuration (core/scc/cscc validateConfigBlock). */
export function validateConfigBlock(block: common.Block): void {
  const bytes = block.getData()?.getDataList_asU8()[0];
  if (bytes === undefined) throw new Error('Failed to block data is nil');
  const payload = payloadOf(bytes);
  let config: common.Config | undefined;
  try {
    const header = payload.getHeader();
    if (header === undefined) throw new Error('envelope must have a Header');
    const type = decodeMessage(
      common.ChannelHeader,
      header.getChannelHeader_asU8(),
      'ChannelHeader',
    ).getType();
    if (type !== common.HeaderType.CONFIG) {
      const name = Object.entries(common.HeaderType).find(([, value]) => Number(value) === type)?.[0];
      throw new Error(`invalid type ${name ?? type}, expected CONFIG`);
    }
    config = decodeMessage(common.ConfigEnvelope, payload.getData_asU8(), 'ConfigEnvelope').getConfig();
  } catch (cause) {
    throw withMessage(cause, 'Bad configuration envelope');
  }
  if (config === undefined) throw new Error('Nil config envelope Config');
  const group = config.getChannelGroup();
  if (group === undefined) throw new Error('Nil channel group');
  if (group.getGroupsMap().getLength() === 0)
    throw new Error('No channel configuration groups are available');
  if (!group.getGroupsMap().has('Application')) {
    throw new Error('Invalid configuration block, missing Application configuration group');
  }
}

function payloadOf(envelope: Uint8Array): common.Payload {
  const decoded = decodeMessage(common.Envelope, envelope, 'Envelope');
  return decodeMessage(common.Payload, decoded.getPayload_asU8(), 'Payload');
}
