import { peer } from '@hyperledger/fabric-protos';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../protocol/hash';
import { installPackage, tarGz } from './fixtures/package';
import { PackageStore } from './package-store';

describe('installed packages', () => {
  let folder: string;
  beforeEach(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'packages-')), 'lifecycle', 'chaincodes');
  });
  afterEach(async () => {
    await rm(path.join(folder, '../..'), { recursive: true, force: true });
  });

  it('lie under the genuine file name and are there after a restart', async () => {
    const bytes = await installPackage({ address: 'localhost:9999', dial_timeout: '10s' });
    const { packageId } = await (await PackageStore.open(folder)).install(bytes);
    const hash = sha256(bytes).toString('hex');
    expect(packageId).toBe(`demo_1:${hash}`);
    expect(await readdir(folder)).toEqual([`demo_1.${hash}.tar.gz`]);

    const reopened = await PackageStore.open(folder);
    expect(reopened.list()).toMatchObject([
      {
        packageId,
        label: 'demo_1',
        address: { address: 'localhost:9999', dialTimeoutMs: 10_000, tls: undefined },
      },
    ]);
    expect(await reopened.load(packageId)).toEqual(bytes);
    await expect(reopened.install(bytes)).rejects.toThrow(
      `chaincode already successfully installed (package ID '${packageId}')`,
    );
  });

  it('are found by the hash of the approval that names them', async () => {
    const store = await PackageStore.open(folder);
    const { packageId } = await store.install(await installPackage({ address: 'localhost:1' }));
    const stored = new peer.lifecycle.StateData();
    stored.setString(packageId);
    expect(store.findByStateHash(sha256(stored.serializeBinary()))?.packageId).toBe(packageId);
  });

  it('are installed whole or not at all: what a crash left behind does not count', async () => {
    await PackageStore.open(folder);
    await writeFile(path.join(folder, `demo_1.${'0'.repeat(64)}.tar.gz.tmp`), 'half');
    expect((await PackageStore.open(folder)).list()).toEqual([]);
  });

  it('name the package that cannot be read', async () => {
    await PackageStore.open(folder);
    await writeFile(path.join(folder, `demo_1.${'0'.repeat(64)}.tar.gz`), 'rubbish');
    await expect(PackageStore.open(folder)).rejects.toThrow(
      `could not parse chaincode with package ID 'demo_1:${'0'.repeat(64)}'`,
    );
  });

  it('take values of the connection from the builder configuration', async () => {
    const store = await PackageStore.open(folder, '{"host":"contract.local"}');
    const { address } = await store.install(await installPackage({ address: '{{.host}}:9999' }));
    expect(address.address).toBe('contract.local:9999');
    await expect(store.install(await installPackage({ address: '{{.port}}' }))).rejects.toThrow(
      'map has no entry for key "port"',
    );
  });

  it.each([
    ['no address', {}, 'chaincode address not provided'],
    ['TLS without a root', { address: 'a:1', tls_required: true }, 'chaincode tls root cert not provided'],
    [
      'a client key that is missing',
      { address: 'a:1', tls_required: true, client_auth_required: true, root_cert: 'x' },
      'chaincode tls key not provided',
    ],
    ['an unreadable time', { address: 'a:1', dial_timeout: 'soon' }, "invalid dial_timeout 'soon'"],
  ])('are refused with %s', async (_, connection, reason) => {
    const store = await PackageStore.open(folder);
    await expect(store.install(await installPackage(connection))).rejects.toThrow(reason);
    expect(await readdir(folder)).toEqual([]);
  });

  it('are refused when this peer would have to build them', async () => {
    const store = await PackageStore.open(folder);
    const golang = await installPackage({ address: 'a:1' }, { type: 'golang', label: 'demo_1' });
    await expect(store.install(golang)).rejects.toThrow(
      'could not build chaincode: error building image: no DockerBuilder, cannot build',
    );
  });

  it('are refused when parts are missing or the label is bad', async () => {
    const store = await PackageStore.open(folder);
    const because = 'could not parse as a chaincode install package: ';
    await expect(store.install(await tarGz({ 'metadata.json': '{}' }))).rejects.toThrow(
      `${because}did not find a code package inside the package`,
    );
    await expect(store.install(await tarGz({ 'code.tar.gz': '' }))).rejects.toThrow(
      `${because}did not find any package metadata (missing metadata.json)`,
    );
    await expect(store.install(await installPackage({}, { type: 'ccaas', label: '../x' }))).rejects.toThrow(
      `${because}invalid label '../x'`,
    );
    expect(await readdir(folder)).toEqual([]);
  });
});
