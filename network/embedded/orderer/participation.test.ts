import { common } from '@hyperledger/fabric-protos';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHANNEL, createTestNetwork, multipart, type FormPart } from './test-network';
import { CHANNELS_URL, useOrderer } from './test-orderer';

const test = useOrderer();

describe('channel participation', () => {
  it('joins, lists, shows and removes a channel', async () => {
    const none = await test.admin('GET', CHANNELS_URL);
    expect(none).toMatchObject({ status: 200, body: { systemChannel: null, channels: null } });

    const joined = await test.joinBlock(await test.network.genesis(CHANNEL));
    const shown = {
      name: CHANNEL,
      url: `${CHANNELS_URL}/${CHANNEL}`,
      consensusRelation: 'consenter',
      status: 'active',
      height: 1,
    };
    expect(joined).toMatchObject({ status: 201, body: shown, headers: { location: shown.url } });
    expect(await test.info()).toMatchObject({
      status: 200,
      body: shown,
      headers: { 'cache-control': 'no-store' },
    });
    const listed = await test.admin('GET', CHANNELS_URL);
    expect(listed.body).toEqual({ systemChannel: null, channels: [{ name: CHANNEL, url: shown.url }] });

    const removed = await test.admin('DELETE', `${CHANNELS_URL}/${CHANNEL}`);
    expect(removed.status).toBe(204);
    expect(await test.info()).toMatchObject({ status: 404, body: { error: 'channel does not exist' } });
    await expect(stat(path.join(test.ledger, 'chains', CHANNEL))).rejects.toThrow('ENOENT');
  });

  it('refuses a channel it has, also with the genesis block of another network', async () => {
    await test.joinChannel();
    const other = await createTestNetwork();
    const foreign = await other.genesis(CHANNEL);
    await other.remove();
    for (const genesis of [await test.network.genesis(CHANNEL), foreign]) {
      expect(await test.joinBlock(genesis)).toMatchObject({
        status: 405,
        body: { error: 'cannot join: channel already exists' },
        headers: { allow: 'GET, DELETE' },
      });
    }
    await test.admin('DELETE', `${CHANNELS_URL}/${CHANNEL}`);
    const reply = await test.joinBlock(foreign);
    expect(reply).toMatchObject({ status: 400 });
    expect(reply.body).toMatchObject({ error: expect.stringContaining('not the consenter') as string });
  });

  it('refuses a channel with several consenters and says where they are to be had', async () => {
    const three = await createTestNetwork({ orderers: 3 });
    const reply = await test.joinBlock(await three.genesis(CHANNEL));
    await three.remove();
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({
      error: expect.stringMatching(/3 consenters.*docker or native/) as string,
    });
  });

  it.each([
    ['no block', Buffer.from('nonsense'), /invalid join block/],
    ['an empty block', new common.Block().serializeBinary(), /block is not a config block/],
  ])('refuses %s', async (_what, block, error) => {
    const reply = await test.joinBlock(Buffer.from(block));
    expect(reply.status).toBe(400);
    expect((reply.body as { error: string }).error).toMatch(error);
  });

  it('refuses requests as a genuine orderer does', async () => {
    const post = (parts: readonly FormPart[]) => test.admin('POST', CHANNELS_URL, multipart(...parts));
    const content = Buffer.from('x');
    expect(await post([{ name: 'other', content }])).toMatchObject({
      status: 400,
      body: { error: 'form does not contains part key: config-block' },
    });
    expect(
      await post([
        { name: 'config-block', content },
        { name: 'more', file: false, content },
      ]),
    ).toMatchObject({ status: 400, body: { error: 'form contains too many parts' } });
    expect(await post([{ name: 'config-block', content: Buffer.alloc(2 * 1024 * 1024) }])).toMatchObject({
      status: 400,
      body: { error: 'cannot read form from request body: http: request body too large' },
    });
    const json = { headers: { 'Content-Type': 'application/json' } };
    expect(await test.admin('POST', CHANNELS_URL, json)).toMatchObject({
      status: 400,
      body: { error: 'unsupported Content-Type: [application/json]' },
    });
    expect(await test.admin('PUT', CHANNELS_URL)).toMatchObject({
      status: 405,
      headers: { allow: 'GET, POST' },
    });
    expect(await test.admin('GET', `${CHANNELS_URL}/Bad_Name`)).toMatchObject({
      status: 400,
      body: { error: "invalid channel ID: 'Bad_Name' contains illegal characters" },
    });
    const html = { headers: { Accept: 'text/html' } };
    expect((await test.admin('GET', CHANNELS_URL, html)).status).toBe(406);
    expect((await test.admin('DELETE', `${CHANNELS_URL}/absent`)).status).toBe(404);
  });

  it('turns away clients without a certificate', async () => {
    const request = test.admin('GET', CHANNELS_URL, { withoutCertificate: true });
    await expect(request).rejects.toThrow();
  });
});
