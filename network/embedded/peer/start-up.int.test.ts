import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMaterial } from '../../artifacts/create-material';
import { withFreePorts } from '../../topology/port-offset';
import { readConfiguration } from './configuration';
import { startPeer } from './peer';
import { CHANNEL, TestNetwork } from './testing/network';
import { twoOrganizations } from './testing/topology';

const PEER = 'peer0.quay.example';
let network: TestNetwork;
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'start-up-'));
  network = await TestNetwork.start();
  await network.joinAll();
  await network.stopPeer(PEER);
});

afterAll(async () => {
  await network?.close();
  await rm(scratch, { recursive: true, force: true });
});

/** Tries to start the peer with some variables changed; answers why it did not start. */
async function refusal(changes: Record<string, string>): Promise<string> {
  try {
    const running = await startPeer(readConfiguration({ ...network.environment(PEER), ...changes }));
    await running.close();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('the peer started');
}

async function listening(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('a peer that cannot start says why and what to do', () => {
  it('without its MSP folder', async () => {
    const missing = path.join(scratch, 'no-msp');
    expect(await refusal({ CORE_PEER_MSPCONFIGPATH: missing })).toContain(
      `CORE_PEER_MSPCONFIGPATH=${missing}: there is no such folder`,
    );
  });

  it('with a certificate of another CA', async () => {
    const mixed = path.join(scratch, 'mixed-msp');
    await cp(network.material.node(PEER).mspFolder, mixed, { recursive: true });
    await rm(path.join(mixed, 'cacerts'), { recursive: true });
    const foreign = network.material.node('peer0.crane.example').mspFolder;
    await cp(path.join(foreign, 'cacerts'), path.join(mixed, 'cacerts'), { recursive: true });
    const [authority = ''] = await readdir(path.join(mixed, 'cacerts'));
    const [own = ''] = await readdir(path.join(network.material.node(PEER).mspFolder, 'cacerts'));
    await cp(path.join(mixed, 'cacerts', authority), path.join(mixed, 'cacerts', own));
    expect(await refusal({ CORE_PEER_MSPCONFIGPATH: mixed })).toContain(
      'not valid under the authorities in cacerts',
    );
  });

  it('with expired certificates', async () => {
    const long = path.join(scratch, 'expired');
    const topology = twoOrganizations();
    const { paths } = await createMaterial(topology, long, {
      addressing: 'localhost',
      now: new Date('2001-01-01'),
    });
    const { mspFolder, tls } = paths.node(PEER);
    expect(await refusal({ CORE_PEER_MSPCONFIGPATH: mspFolder })).toMatch(
      /certificate in signcerts expired at/,
    );
    expect(
      await refusal({ CORE_PEER_TLS_CERT_FILE: tls.certificate, CORE_PEER_TLS_KEY_FILE: tls.key }),
    ).toMatch(/CORE_PEER_TLS_CERT_FILE=.*expired at/);
  });

  it("with another node's TLS key", async () => {
    const { key } = network.material.node('peer1.quay.example').tls;
    expect(await refusal({ CORE_PEER_TLS_KEY_FILE: key })).toContain('does not belong to the certificate');
  });

  it('when its port is taken, naming the process', async () => {
    const holder = await listening();
    const { port } = holder.address() as AddressInfo;
    try {
      const message = await refusal({ CORE_PEER_LISTENADDRESS: `127.0.0.1:${port}` });
      expect(message).toContain(String(port));
      expect(message).toContain(String(process.pid));
    } finally {
      holder.close();
    }
  });

  it('when it cannot write its data folder', async () => {
    const file = path.join(scratch, 'a-file');
    await writeFile(file, '');
    expect(await refusal({ CORE_PEER_FILESYSTEMPATH: path.join(file, 'data') })).toContain(
      "the peer can't write there",
    );
  });

  it('on the data of another network', async () => {
    const other = await withFreePorts(twoOrganizations());
    const { paths } = await createMaterial(other, path.join(scratch, 'other'), { addressing: 'localhost' });
    const message = await refusal({ CORE_PEER_MSPCONFIGPATH: paths.node(PEER).mspFolder });
    expect(message).toContain(`the ledger of ${CHANNEL}`);
    expect(message).toContain('belongs to another network');
  });

  it('when told to do what it does not offer', async () => {
    expect(await refusal({ CORE_LEDGER_STATE_STATEDATABASE: 'CouchDB' })).toContain('LevelDB');
    expect(await refusal({ CORE_PEER_LOCALMSPID: '' })).toContain('CORE_PEER_LOCALMSPID is not set');
  });

  it('and starts again when nothing is wrong', async () => {
    await network.startPeer(PEER);
    expect((await network.heights())[PEER]).toBe(1);
  });
});
