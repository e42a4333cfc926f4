import { common } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { blockData, configFromBlock } from '../block';
import { payloadOf, timestampOf } from '../envelope';
import { parkingBlocks, referenceBlock, referenceBlockBytes, referenceJson } from '../fixtures/blocks';
import { decodeBlock, decodeConfig } from './block';
import { decodeEnvelope } from './envelope';
import type { JsonObject } from './schema';

const references = [
  ...parkingBlocks.map((number) => ['parking-channel', number] as const),
  ['wallet-channel', 0] as const,
];

describe('decoding', () => {
  it.each(references)('shows block %s %i as configtxlator does', (channel, number) => {
    expect(decodeBlock(referenceBlockBytes(channel, number))).toEqual(referenceJson(channel, number));
  });

  it('shows the parts of a block as they stand in it', () => {
    const block = referenceBlock('parking-channel', 272);
    const json = referenceJson('parking-channel', 272) as { data: { data: unknown[] } };
    expect(blockData(block).map((bytes) => decodeEnvelope(bytes))).toEqual(json.data.data);
    const genesis = referenceBlock('wallet-channel', 0);
    const whole = referenceJson('wallet-channel', 0) as {
      data: { data: { payload: { data: { config: unknown } } }[] };
    };
    expect(decodeConfig(configFromBlock(genesis))).toEqual(whole.data.data[0]?.payload.data.config);
  });

  it('leaves bytes it does not know as base64', () => {
    const envelope = new common.Envelope();
    const payload = new common.Payload();
    const header = new common.Header();
    const channelHeader = new common.ChannelHeader();
    channelHeader.setType(common.HeaderType.DELIVER_SEEK_INFO);
    channelHeader.setExtension$(Buffer.from('ext'));
    header.setChannelHeader(channelHeader.serializeBinary());
    payload.setHeader(header);
    payload.setData(Buffer.from('data'));
    envelope.setPayload(payload.serializeBinary());
    expect(decodeEnvelope(envelope)).toMatchObject({
      payload: {
        data: Buffer.from('data').toString('base64'),
        header: { channel_header: { extension: Buffer.from('ext').toString('base64'), timestamp: null } },
      },
      signature: null,
    });
  });

  it('shows unknown configuration values and groups without failing', () => {
    const config = configFromBlock(referenceBlock('parking-channel', 0));
    const group = config.getChannelGroup();
    const value = new common.ConfigValue();
    value.setValue(Buffer.from('new'));
    group?.getValuesMap().set('Novelty', value);
    group?.getGroupsMap().set('Unheard', new common.ConfigGroup());
    const decoded = decodeConfig(config)['channel_group'] as Record<string, JsonObject>;
    expect(decoded['values']?.['Novelty']).toEqual({
      version: '0',
      mod_policy: '',
      value: Buffer.from('new').toString('base64'),
    });
    expect(Object.keys(decoded['groups'] ?? {})).toContain('Unheard');
  });

  it.each([
    ['cut short', Buffer.from([0x0a, 0x05, 0x01])],
    ['an endless number', Buffer.alloc(12, 0xff)],
    ['field 0', Buffer.from([0x00, 0x01])],
    ['a group', Buffer.from([0x0b])],
  ])('refuses bytes that are %s', (_, bytes) => {
    expect(() => decodeBlock(bytes)).toThrow('proto:');
  });

  it.each([
    [0, '2026-11-22T08:45:44Z'],
    [9_098_158, '2026-11-22T08:45:44.009098158Z'],
    [120_000_000, '2026-11-22T08:45:44.120Z'],
    [120_500_000, '2026-11-22T08:45:44.120500Z'],
  ])('shows %i nanoseconds as Go does', (nanos, text) => {
    const header = new common.ChannelHeader();
    const timestamp = timestampOf(new Date('2026-11-22T08:45:44Z'));
    timestamp.setNanos(nanos);
    header.setTimestamp(timestamp);
    const payload = payloadOf(header.serializeBinary(), new Uint8Array(), new Uint8Array());
    const envelope = new common.Envelope();
    envelope.setPayload(payload.serializeBinary());
    expect(decodeEnvelope(envelope)).toMatchObject({
      payload: { header: { channel_header: { timestamp: text } } },
    });
  });
});
