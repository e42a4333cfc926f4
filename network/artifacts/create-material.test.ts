import { X509Certificate } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Msp } from '../protocol/msp';
import { rolePrincipal } from '../protocol/principal';
import { isLowS, loadSigner } from '../protocol/signing';
import { loadTopology } from '../topology/load';
import type { PeerOrganization, Topology } from '../topology/schema';
import { contractHost, ordererNodes, peerNodes, peerOrganizations } from '../topology/views';
import { certificateAttributes } from './attributes';
import { createMaterial } from './create-material';
import type { MaterialError } from './material-error';
import { issueIdentity } from './organization-material';
import { materialPaths, type MaterialPaths } from './paths';

const options = { addressing: 'localhost' } as const;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

let topology: Topology;
let scratch: string;
/** Material made once; tests that change something work on a copy. */
let original: string;
let paths: MaterialPaths;

beforeAll(async () => {
  topology = await loadTopology(path.join(import.meta.dirname, '..', 'cityflow.yaml'));
  scratch = await mkdtemp(path.join(os.tmpdir(), 'material-'));
  original = path.join(scratch, 'original');
  ({ paths } = await createMaterial(topology, original, options));
});
afterAll(() => rm(scratch, { recursive: true }));

/** All files under a folder with their contents, by relative path. */
async function contents(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (file) => [path.relative(folder, file), await readFile(file, 'base64')] as const),
    ),
  );
}

async function certificatesUnder(folder: string): Promise<X509Certificate[]> {
  const files = [...(await contents(folder))].filter(([file]) => /\.(pem|crt)$/.test(file));
  return files.map(([, content]) => new X509Certificate(Buffer.from(content, 'base64')));
}

function changed(change: (draft: Topology) => void): Topology {
  const draft = structuredClone(topology);
  change(draft);
  return draft;
}

function firstPeerOrganization(of: Topology): PeerOrganization {
  const [first] = peerOrganizations(of);
  if (first === undefined) throw new Error('the topology has a peer organization');
  return first;
}

describe('the folder', () => {
  it('is laid out as cryptogen lays it out', async () => {
    const organization = firstPeerOrganization(topology);
    const { domain } = organization;
    const folder = path.join(original, 'organizations', 'peerOrganizations', domain);
    const [node] = organization.nodes;
    const files = [...(await contents(folder)).keys()];
    expect(files).toEqual(
      expect.arrayContaining([
        `ca/ca.${domain}-cert.pem`,
        'ca/priv_sk',
        `tlsca/tlsca.${domain}-cert.pem`,
        'tlsca/priv_sk',
        'msp/config.yaml',
        `msp/cacerts/ca.${domain}-cert.pem`,
        `msp/tlscacerts/tlsca.${domain}-cert.pem`,
        ...[`peers/${node?.name}`, `users/Admin@${domain}`, `users/User1@${domain}`].flatMap((member) => [
          `${member}/msp/config.yaml`,
          `${member}/msp/keystore/priv_sk`,
          `${member}/msp/signcerts/${path.basename(member)}-cert.pem`,
          `${member}/msp/cacerts/ca.${domain}-cert.pem`,
          `${member}/msp/tlscacerts/tlsca.${domain}-cert.pem`,
          `${member}/tls/ca.crt`,
        ]),
        `peers/${node?.name}/tls/server.crt`,
        `peers/${node?.name}/tls/server.key`,
        `users/Admin@${domain}/tls/client.crt`,
        `users/Admin@${domain}/tls/client.key`,
      ]),
    );
  });

  it('has everything its paths name', async () => {
    const files = [
      ...paths.organizations.flatMap(({ authority, tlsAuthority, nodes, users }) => [
        authority.certificate,
        authority.key,
        tlsAuthority.certificate,
        tlsAuthority.key,
        ...nodes.flatMap(({ tls, mspFolder }) => [...Object.values<string>({ ...tls }), mspFolder]),
        ...users.flatMap(({ tls, certificate, key }) => [
          ...Object.values<string>({ ...tls }),
          certificate,
          key,
        ]),
      ]),
      ...paths.contracts.flatMap(({ tls, packageFile }) => [
        ...Object.values<string>({ ...tls }),
        packageFile,
      ]),
      ...topology.channels.map(({ name }) => paths.genesisFile(name)),
    ];
    for (const file of files) await expect(stat(file), file).resolves.toBeDefined();
  });

  it.skipIf(process.platform === 'win32')('keeps others out: folders 0700, keys 0600', async () => {
    expect((await stat(original)).mode & 0o777).toBe(0o700);
    for (const entry of await readdir(original, { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(path.join(entry.parentPath, entry.name));
      if (entry.isDirectory()) expect(mode & 0o777, entry.name).toBe(0o700);
      else if (/priv_sk$|\.key$/.test(entry.name)) expect(mode & 0o777, entry.name).toBe(0o600);
    }
  });
});

describe('certificates', () => {
  it('all carry low-S signatures', async () => {
    const certificates = await certificatesUnder(original);
    expect(certificates.length).toBeGreaterThan(50);
    for (const certificate of certificates) expect(isLowS(signatureOf(certificate))).toBe(true);
  });

  it('of nodes are for host, short host, localhost and 127.0.0.1', async () => {
    for (const node of [...ordererNodes(topology), ...peerNodes(topology)]) {
      const certificate = new X509Certificate(await readFile(paths.node(node.name).tls.certificate));
      for (const host of [node.name, node.name.split('.')[0] ?? '', 'localhost']) {
        expect(certificate.checkHost(host), host).toBe(host);
      }
      expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
      expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    }
  });

  it('carry the role of their owner as organizational unit', async () => {
    for (const organization of paths.organizations) {
      for (const user of organization.users) {
        const certificate = new X509Certificate(await readFile(user.certificate));
        expect(certificate.subject).toContain(`OU=${user.role}\n`);
      }
    }
  });

  it('of contracts are signed by their owner', async () => {
    for (const contract of topology.contracts) {
      const { tls } = paths.contract(contract.name);
      const certificate = new X509Certificate(await readFile(tls.certificate));
      const authority = new X509Certificate(
        await readFile(paths.organization(contract.owner).tlsAuthority.certificate),
      );
      expect(certificate.verify(authority.publicKey)).toBe(true);
      expect(certificate.checkHost(contractHost(topology, contract))).toBeDefined();
    }
  });

  it('of named identities carry their attributes as fabric-ca writes them', async () => {
    for (const organization of peerOrganizations(topology)) {
      for (const { name, attributes } of organization.identities) {
        const pem = await readFile(paths.user(organization.name, name).certificate, 'utf8');
        expect(certificateAttributes(pem)).toEqual({
          'hf.Affiliation': '',
          'hf.EnrollmentID': name,
          'hf.Type': 'client',
          ...attributes,
        });
      }
    }
  });

  it('are valid in the MSP of their organization, in their role and no other', async () => {
    for (const organization of topology.organizations) {
      const { mspId, mspFolder, nodes, users } = paths.organization(organization.name);
      const own = await Msp.load(mspId, mspFolder);
      const members = [
        ...nodes.map((node) => ({ folder: node.mspFolder, role: organization.kind })),
        ...users.map((user) => ({ folder: user.mspFolder, role: user.role })),
      ];
      for (const { folder, role } of members) {
        const identity = own.deserializeIdentity((await loadSigner(mspId, folder)).creator);
        expect(() => identity.validate(new Date())).not.toThrow();
        const roles = (['client', 'peer', 'admin', 'orderer'] as const).filter((candidate) =>
          identity.satisfies(rolePrincipal(mspId, candidate)),
        );
        expect(roles, folder).toEqual([role]);
      }
    }
  });

  it('give working signers', async () => {
    const { mspId, mspFolder } = paths.user(firstPeerOrganization(topology).name, 'admin');
    expect((await loadSigner(mspId, mspFolder)).mspId).toBe(mspId);
  });
});

describe('a second time', () => {
  let folder: string;
  let copies = 0;
  beforeEach(async () => {
    folder = path.join(scratch, `copy-${(copies += 1)}`);
    await cp(original, folder, { recursive: true });
  });
  const again = (of: Topology = topology, now = new Date()) =>
    createMaterial(of, folder, { ...options, now });
  const problem = (found: MaterialError['problem'], detail: RegExp): unknown =>
    expect.objectContaining({
      name: 'MaterialError',
      problem: found,
      message: expect.stringMatching(detail) as string,
    });

  it('changes nothing', async () => {
    const result = await again();
    expect(result).toMatchObject({ created: [], notes: [] });
    expect(await contents(folder)).toEqual(await contents(original));
  });

  it('issues a new peer and a new identity from the existing CA, and keeps the rest', async () => {
    const extended = changed((draft) => {
      const organization = firstPeerOrganization(draft);
      organization.nodes.push({
        name: `peer9.${organization.domain}`,
        ports: { grpc: 1, chaincode: 2, operations: 3 },
      });
      organization.identities.push({ name: 'inspector', attributes: { role: 'inspector' } });
    });
    const { created, notes, paths: extendedPaths } = await again(extended);
    const { name, domain } = firstPeerOrganization(extended);
    const peer = extendedPaths.node(`peer9.${domain}`);
    expect(created.toSorted()).toEqual(
      [peer.folder, extendedPaths.user(name, 'inspector').folder].toSorted(),
    );
    expect(notes.join('\n')).toContain('new peers become anchor peers by a configuration update');
    const before = await contents(original);
    const after = await contents(folder);
    for (const [file, content] of before) expect(after.get(file), file).toBe(content);
    const authority = new X509Certificate(await readFile(paths.organization(name).tlsAuthority.certificate));
    expect(new X509Certificate(await readFile(peer.tls.certificate)).verify(authority.publicKey)).toBe(true);
  });

  it('adds a new organization with a channel of its own', async () => {
    const extended = changed((draft) => {
      draft.organizations.push({
        name: 'Newcomer',
        mspId: 'NewcomerMSP',
        domain: 'newcomer.example.com',
        kind: 'peer',
        nodes: [{ name: 'peer0.newcomer.example.com', ports: { grpc: 1, chaincode: 2, operations: 3 } }],
        identities: [],
      });
      draft.channels.push({ name: 'newcomer-channel', members: ['Newcomer'] });
    });
    const { created, paths: extendedPaths } = await again(extended);
    expect(created).toContain(extendedPaths.genesisFile('newcomer-channel'));
    expect(created).toContain(extendedPaths.organization('newcomer').mspFolder);
  });

  it('writes a package anew when its contract has moved', async () => {
    const moved = changed((draft) => draft.contracts.forEach((contract) => (contract.port += 1)));
    const { created } = await again(moved);
    expect(created).toEqual(
      topology.contracts.map(({ name }) => materialPaths(topology, folder).contract(name).packageFile),
    );
  });

  it('notes that block cutting of existing channels stays', async () => {
    const { notes } = await again(changed((draft) => (draft.ordering.batchTimeout = '200ms')));
    expect(notes).toHaveLength(topology.channels.length);
    expect(notes[0]).toMatch(/created with a batch of 2s.*a batch of 200ms.*configuration update/);
  });

  it('finishes what was interrupted', async () => {
    const own = materialPaths(topology, folder);
    const [node] = peerNodes(topology);
    const interrupted = own.node(node?.name ?? '').folder;
    await rename(interrupted, `${interrupted}.partial`);
    expect((await again()).created).toEqual([interrupted]);
  });

  it('reports expired certificates, with the CA first', async () => {
    await expect(again(topology, new Date(Date.now() + 11 * YEAR_MS))).rejects.toEqual(
      problem('expired', /ca\..*-cert\.pem: the certificate expired on .*20\d\d.*purge the network/),
    );
  });

  it('reports a clock before the certificates', async () => {
    await expect(again(topology, new Date(Date.now() - YEAR_MS))).rejects.toEqual(
      problem('expired', /valid from .* clock/),
    );
  });

  it("reports a node certificate of another network's CA", async () => {
    const other = path.join(scratch, `other-${copies}`);
    await createMaterial(topology, other, options);
    const name = peerNodes(topology)[0]?.name ?? '';
    const own = materialPaths(topology, folder).node(name).folder;
    await rm(own, { recursive: true });
    await cp(materialPaths(topology, other).node(name).folder, own, { recursive: true });
    await expect(again()).rejects.toEqual(
      problem('foreign', /not signed by this network's ca\..*Delete .* issued anew/),
    );
  });

  it("reports another network's genesis block", async () => {
    const other = path.join(scratch, `other-${copies}`);
    await createMaterial(topology, other, options);
    const channel = topology.channels[0]?.name ?? '';
    await cp(
      materialPaths(topology, other).genesisFile(channel),
      materialPaths(topology, folder).genesisFile(channel),
    );
    await expect(again()).rejects.toEqual(problem('foreign', /another network's genesis block/));
  });

  it('reports a genesis block that is cut off', async () => {
    const file = materialPaths(topology, folder).genesisFile(topology.channels[0]?.name ?? '');
    await writeFile(file, (await readFile(file)).subarray(0, 1000));
    await expect(again()).rejects.toEqual(problem('unreadable', /not a genesis block/));
  });

  it('reports a network made for another addressing', async () => {
    await expect(createMaterial(topology, folder, { addressing: 'hostnames' })).rejects.toEqual(
      problem('mismatch', /was created with the orderers localhost:\d+; now it would be/),
    );
  });

  it('reports a member added to a channel that exists', async () => {
    const wider = changed((draft) => {
      const channel = draft.channels.find(({ members }) => members.length < peerOrganizations(draft).length);
      if (channel !== undefined) channel.members = peerOrganizations(draft).map(({ name }) => name);
    });
    await expect(again(wider)).rejects.toEqual(problem('mismatch', /was created with the members/));
  });

  it('reports attributes that changed', async () => {
    const renamed = changed((draft) => {
      for (const identity of firstPeerOrganization(draft).identities) identity.attributes = { role: 'owner' };
    });
    await expect(again(renamed)).rejects.toEqual(
      problem('mismatch', /other attributes than the topology says/),
    );
  });

  it('reports a key that belongs to another certificate', async () => {
    const own = materialPaths(topology, folder);
    const [first, second] = own.organization(firstPeerOrganization(topology).name).users;
    await cp(first?.key ?? '', second?.key ?? '');
    await expect(again()).rejects.toEqual(problem('mismatch', /not the key of the certificate/));
  });

  it('never makes a new CA under what an old one issued', async () => {
    const { authority } = materialPaths(topology, folder).organization(firstPeerOrganization(topology).name);
    await rm(authority.folder, { recursive: true });
    await expect(again()).rejects.toEqual(problem('unreadable', /the CA is gone/));
    await expect(stat(authority.folder)).rejects.toThrow('ENOENT');
  });

  it('starts without the key of the CA, but issues nothing', async () => {
    const organization = firstPeerOrganization(topology);
    const own = materialPaths(topology, folder).organization(organization.name);
    await rm(own.authority.key);
    await expect(again()).resolves.toMatchObject({ created: [] });
    await expect(issueIdentity(organization, own, { name: 'late' })).rejects.toEqual(
      problem('unreadable', /Nothing new can be issued/),
    );
  });
});

it('issues further identities from the local CA without writing anything', async () => {
  const organization = firstPeerOrganization(topology);
  const own = paths.organization(organization.name);
  const before = await contents(original);
  const issued = await issueIdentity(organization, own, { name: 'visitor', attributes: { role: 'viewer' } });
  const authority = new X509Certificate(await readFile(own.authority.certificate));
  const certificate = new X509Certificate(issued.certificatePem);
  expect(certificate.verify(authority.publicKey)).toBe(true);
  expect(certificate.subject).toContain(`CN=visitor@${organization.domain}`);
  expect(certificateAttributes(issued.certificatePem)).toMatchObject({
    role: 'viewer',
    'hf.EnrollmentID': 'visitor',
  });
  expect(issued.mspId).toBe(organization.mspId);
  expect(await contents(original)).toEqual(before);
});

/** The signature is the last element of a certificate: a BIT STRING whose contents are a DER sequence. */
function signatureOf(certificate: X509Certificate): Uint8Array {
  const { raw } = certificate;
  for (let length = 68; length <= 72; length += 1) {
    const start = raw.length - length;
    if (raw[start] === 0x30 && raw[start + 1] === length - 2 && raw[start - 1] === 0)
      return raw.subarray(start);
  }
  throw new Error('no P-256 signature at the end of the certificate');
}
