import { credentials, status as Code, type ServiceError } from '@grpc/grpc-js';
import { common, discovery, orderer, peer } from '@hyperledger/fabric-protos';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEnvelope, type EnvelopeFields } from '../../protocol/envelope';
import type { Signer } from '../../protocol/signing';
import { CHANNEL, TestNetwork } from './testing/network';

const PEER = 'peer0.quay.example';
const { Status } = common;
let network: TestNetwork;
let client: peer.DeliverClient;
let member: Signer;

const channelCredentials = async () =>
  credentials.createSsl(await readFile(network.material.node(PEER).tls.rootCertificate));

beforeAll(async () => {
  network = await TestNetwork.start();
  await network.joinAll();
  client = new peer.DeliverClient(network.clients.directory.node(PEER).address, await channelCredentials());
  member = await network.clients.directory.signer('Crane', 'User1');
});

afterAll(async () => {
  client?.close();
  await network?.close();
});

function specified(number: number): orderer.SeekPosition {
  const position = new orderer.SeekPosition();
  const at = new orderer.SeekSpecified();
  at.setNumber(number);
  position.setSpecified(at);
  return position;
}

function seek(start: number, stop: number, failIfNotReady = false): Uint8Array {
  const info = new orderer.SeekInfo();
  info.setStart(specified(start));
  info.setStop(specified(stop));
  const { FAIL_IF_NOT_READY, BLOCK_UNTIL_READY } = orderer.SeekInfo.SeekBehavior;
  info.setBehavior(failIfNotReady ? FAIL_IF_NOT_READY : BLOCK_UNTIL_READY);
  return info.serializeBinary();
}

/** Sends one seek request; answers the numbers of the blocks received and the status that followed. */
function deliver(
  signer: Signer,
  data: Uint8Array,
  fields: Partial<EnvelopeFields> = {},
  through: peer.DeliverClient = client,
): Promise<{ blocks: number[]; status: number }> {
  const call = through.deliver();
  const blocks: number[] = [];
  return new Promise((resolve, reject) => {
    call.on('data', (response: peer.DeliverResponse) => {
      const block = response.getBlock();
      if (block === undefined) {
        resolve({ blocks, status: response.getStatus() });
        call.end();
      } else blocks.push(block.getHeader()?.getNumber() ?? -1);
    });
    call.on('error', reject);
    call.write(
      createEnvelope(signer, {
        type: common.HeaderType.DELIVER_SEEK_INFO,
        channelId: CHANNEL,
        data,
        ...fields,
      }),
    );
  });
}

describe('deliver', () => {
  it('sends the blocks asked for and then success', async () => {
    expect(await deliver(member, seek(0, 0))).toEqual({ blocks: [0], status: Status.SUCCESS });
  });

  it.each([
    ['a block that is not there yet', () => seek(1, 1, true), {}, Status.NOT_FOUND],
    ['a start far beyond the tip', () => seek(7, 8), {}, Status.NOT_FOUND],
    ['a stop before the start', () => seek(1, 0), {}, Status.BAD_REQUEST],
    ['no positions', () => new orderer.SeekInfo().serializeBinary(), {}, Status.BAD_REQUEST],
    [
      'a request of an hour ago',
      () => seek(0, 0),
      { timestamp: new Date(Date.now() - 3_600_000) },
      Status.BAD_REQUEST,
    ],
    ['a channel not joined here', () => seek(0, 0), { channelId: 'elsewhere' }, Status.NOT_FOUND],
  ])('refuses %s', async (_, data, fields, status) => {
    expect(await deliver(member, data(), fields)).toEqual({ blocks: [], status });
  });

  it('refuses who is no reader of the channel, and a signature by another key', async () => {
    const stranger = await network.clients.directory.admin('Pilots');
    expect((await deliver(stranger, seek(0, 0))).status).toBe(Status.FORBIDDEN);
    const forger = { ...member, sign: (message: Uint8Array) => stranger.sign(message) };
    expect((await deliver(forger, seek(0, 0))).status).toBe(Status.FORBIDDEN);
  });

  it('answers several requests on one stream', async () => {
    const call = client.deliver();
    const statuses: number[] = [];
    await new Promise<void>((resolve, reject) => {
      const ask = (): void => {
        const fields = { type: common.HeaderType.DELIVER_SEEK_INFO, channelId: CHANNEL, data: seek(0, 0) };
        call.write(createEnvelope(member, fields));
      };
      call.on('data', (response: peer.DeliverResponse) => {
        if (response.hasBlock()) return;
        statuses.push(response.getStatus());
        if (statuses.length === 1) ask();
        else call.end();
      });
      call.on('end', resolve);
      call.on('error', reject);
      ask();
    });
    expect(statuses).toEqual([Status.SUCCESS, Status.SUCCESS]);
  });
});

describe('services this peer does not offer', () => {
  it('are refused as a genuine peer refuses what is switched off', async () => {
    const { address } = network.clients.directory.node(PEER);
    const discoveryClient = new discovery.DiscoveryClient(address, await channelCredentials());
    const snapshots = new peer.SnapshotClient(address, await channelCredentials());
    try {
      const discover = await new Promise<ServiceError | null>((resolve) =>
        discoveryClient.discover(new discovery.SignedRequest(), (error) => resolve(error)),
      );
      expect(discover).toMatchObject({
        code: Code.UNIMPLEMENTED,
        details: 'unknown service discovery.Discovery',
      });
      const snapshot = await new Promise<ServiceError | null>((resolve) =>
        snapshots.generate(new peer.SignedSnapshotRequest(), (error) => resolve(error)),
      );
      expect(snapshot).toMatchObject({
        code: Code.UNIMPLEMENTED,
        details: 'unknown service protos.Snapshot',
      });
    } finally {
      discoveryClient.close();
      snapshots.close();
    }
  });
});

describe('concurrency limits', () => {
  it('refuse a call too many and let the next one in when one ends', async () => {
    const name = 'peer1.quay.example';
    await network.stopPeer(name);
    await network.startPeer(name, { CORE_PEER_LIMITS_CONCURRENCY_DELIVERSERVICE: '1' });
    const { address } = network.clients.directory.node(name);
    const limited = new peer.DeliverClient(address, await channelCredentials());
    try {
      const first = limited.deliver();
      first.write(
        createEnvelope(member, {
          type: common.HeaderType.DELIVER_SEEK_INFO,
          channelId: CHANNEL,
          data: seek(0, 100),
        }),
      );
      await new Promise((resolve) => first.once('data', resolve));
      const refused = await new Promise<ServiceError>((resolve) => limited.deliver().once('error', resolve));
      expect(refused.details).toBe('too many requests for /protos.Deliver, exceeding concurrency limit (1)');
      first.on('error', () => undefined);
      first.cancel();
      await expect
        .poll(() => deliver(member, seek(0, 0), {}, limited).catch(String))
        .toMatchObject({ blocks: [0] });
    } finally {
      limited.close();
    }
  });
});
