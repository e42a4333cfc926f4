import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { beforeAll, expect, it } from 'vitest';
import { loadTopology } from '../topology/load';
import type { Contract, Topology } from '../topology/schema';
import { createChaincodePackage } from './chaincode-package';

const rootCertificate = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';

let topology: Topology;
let contract: Contract;
beforeAll(async () => {
  topology = await loadTopology(path.join(import.meta.dirname, '..', 'cityflow.yaml'));
  const [first] = topology.contracts;
  if (first === undefined) throw new Error('the topology has a contract');
  contract = first;
});

async function entries(tarGz: Uint8Array): Promise<{ header: Header; content: Buffer }[]> {
  const archive = extract();
  archive.end(gunzipSync(tarGz));
  const found: { header: Header; content: Buffer }[] = [];
  for await (const entry of archive) found.push({ header: entry.header, content: await buffer(entry) });
  return found;
}

it('holds metadata and the connection to the contract', async () => {
  const { bytes, label } = await createChaincodePackage(topology, contract, rootCertificate, 'localhost');
  const [metadata, code] = await entries(bytes);
  expect(label).toBe(`${contract.name}_${contract.version}`);
  expect(metadata?.header.name).toBe('metadata.json');
  expect(JSON.parse(String(metadata?.content))).toEqual({ path: '', type: 'ccaas', label });
  expect(code?.header.name).toBe('code.tar.gz');
  const [connection] = await entries(code?.content ?? new Uint8Array());
  expect(connection?.header.name).toBe('connection.json');
  expect(JSON.parse(String(connection?.content))).toEqual({
    address: `localhost:${contract.port}`,
    dial_timeout: '10s',
    tls_required: true,
    client_auth_required: false,
    root_cert: rootCertificate,
  });
});

it('is named by label and SHA-256', async () => {
  const { bytes, label, packageId } = await createChaincodePackage(
    topology,
    contract,
    rootCertificate,
    'localhost',
  );
  expect(packageId).toBe(`${label}:${createHash('sha256').update(bytes).digest('hex')}`);
});

it('is the same for everyone: nothing of the moment or the machine is in it', async () => {
  const { bytes } = await createChaincodePackage(topology, contract, rootCertificate, 'hostnames');
  const again = await createChaincodePackage(topology, contract, rootCertificate, 'hostnames');
  expect(again.bytes.equals(bytes)).toBe(true);
  for (const { header } of await entries(bytes)) {
    expect(header).toMatchObject({ uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(0), mode: 0o644 });
  }
  // gzip header: no name, no time, unknown operating system
  expect([...bytes.subarray(3, 8), bytes[9]]).toEqual([0, 0, 0, 0, 0, 255]);
});

it('changes with the address, the version and the CA', async () => {
  const packages = await Promise.all([
    createChaincodePackage(topology, contract, rootCertificate, 'localhost'),
    createChaincodePackage(topology, contract, rootCertificate, 'hostnames'),
    createChaincodePackage(topology, { ...contract, version: '1.1' }, rootCertificate, 'localhost'),
    createChaincodePackage(topology, contract, rootCertificate.replace('MII', 'MIJ'), 'localhost'),
  ]);
  expect(new Set(packages.map(({ packageId }) => packageId)).size).toBe(packages.length);
});
