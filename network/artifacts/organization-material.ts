import path from 'node:path';
import { readdir } from 'node:fs/promises';
import type { Contract, Organization, Topology } from '../topology/schema';
import { contractHost } from '../topology/views';
import { enrollmentAttributes } from './attributes';
import { CertificateAuthority, type IssuedCertificate } from './authority';
import { readCertificate } from './certificate-check';
import { exists, writeFolder } from './folder';
import {
  ensureMember,
  ensureTlsServer,
  verifyingFiles,
  type LocalMember,
  type OrganizationAuthorities,
} from './identity-folders';
import { MaterialError } from './material-error';
import type {
  AuthorityPaths,
  ContractPaths,
  MaterialPaths,
  NodePaths,
  OrganizationPaths,
  UserPaths,
} from './paths';
import { settled } from './settled';

/**
 * Makes sure of an organization's CAs, verifying MSP, nodes and users, and of the TLS certificates of the contracts
 * it owns. What exists is checked and kept.
 * @returns folders that were created
 * @throws MaterialError
 */
export async function ensureOrganization(
  topology: Topology,
  organization: Organization,
  material: MaterialPaths,
  now: Date,
): Promise<string[]> {
  const paths = material.organization(organization.name);
  const { authorities, created } = await ensureAuthorities(paths, organization.domain, now);
  const members = [
    ...paths.nodes.map((node) => nodeMember(organization, node)),
    ...paths.users.map((user) => userMember(organization, user)),
  ];
  const contracts = topology.contracts.filter((contract) => contract.owner === organization.name);
  const issued = await settled([
    ensureVerifyingMsp(paths, authorities),
    ...members.map(async (member) => ((await ensureMember(member, authorities, now)) ? [member.folder] : [])),
    ...contracts.map(async (contract) => {
      const server = contractServer(topology, contract, material.contract(contract.name));
      return (await ensureTlsServer(server, authorities.tls, now)) ? [server.folder] : [];
    }),
  ]);
  return [...created, ...issued.flat()];
}

/**
 * Issues one more client identity from an organization's local CA, as `fabric-ca-client enroll` would; nothing is
 * written. The common name is `name@domain`, `hf.EnrollmentID` is `name`.
 * @throws MaterialError when the CA can't be used
 */
export async function issueIdentity(
  organization: Organization,
  paths: OrganizationPaths,
  request: {
    readonly name: string;
    readonly role?: 'client' | 'admin';
    readonly attributes?: Readonly<Record<string, string>>;
  },
  now = new Date(),
): Promise<IssuedCertificate & { readonly mspId: string }> {
  const authority = await CertificateAuthority.open(paths.authority, now);
  const role = request.role ?? 'client';
  const issued = await authority.issueIdentity(
    {
      commonName: `${request.name}@${organization.domain}`,
      role,
      attributes: enrollmentAttributes(request.name, role, request.attributes ?? {}),
    },
    now,
  );
  return { mspId: organization.mspId, ...issued };
}

async function ensureAuthorities(
  paths: OrganizationPaths,
  domain: string,
  now: Date,
): Promise<{ authorities: OrganizationAuthorities; created: string[] }> {
  const wanted = [paths.authority, paths.tlsAuthority];
  const absent = await missing(wanted);
  // A new CA under members of an old one would only make each of them foreign.
  if (absent[0] !== undefined && (await hasMembers(paths))) {
    const hint = 'Put the CA back from a backup, or purge the network to start a new one.';
    throw new MaterialError(
      'unreadable',
      absent[0].folder,
      'the CA is gone, but what it issued is there',
      hint,
    );
  }
  const [signing, tls] = await settled([
    CertificateAuthority.openOrCreate(paths.authority, domain, now),
    CertificateAuthority.openOrCreate(paths.tlsAuthority, domain, now),
  ]);
  return { authorities: { signing, tls }, created: absent.map(({ folder }) => folder) };
}

async function missing(authorities: readonly AuthorityPaths[]): Promise<AuthorityPaths[]> {
  const present = await Promise.all(authorities.map(({ folder }) => exists(folder)));
  return authorities.filter((_, index) => present[index] === false);
}

/** The verifying MSP and members are written after both CAs: a crash between the CAs leaves neither. */
async function hasMembers(paths: OrganizationPaths): Promise<boolean> {
  if (!(await exists(paths.folder))) return false;
  const own = new Set(
    [paths.authority.folder, paths.tlsAuthority.folder].map((folder) => path.basename(folder)),
  );
  const entries = await readdir(paths.folder);
  return entries.some((entry) => !own.has(entry) && !entry.endsWith('.partial'));
}

async function ensureVerifyingMsp(
  paths: OrganizationPaths,
  authorities: OrganizationAuthorities,
): Promise<string[]> {
  if (!(await exists(paths.mspFolder))) {
    await writeFolder(paths.mspFolder, verifyingFiles(authorities), ['admincerts']);
    return [paths.mspFolder];
  }
  const hint = `Delete ${paths.mspFolder} to have it written anew.`;
  for (const [folder, authority] of [
    ['cacerts', authorities.signing],
    ['tlscacerts', authorities.tls],
  ] as const) {
    const file = path.join(paths.mspFolder, folder, `${authority.name}-cert.pem`);
    const { certificate } = await readCertificate(file, hint);
    if (!certificate.raw.equals(authority.certificate.raw)) {
      throw new MaterialError(
        'foreign',
        file,
        `not the certificate of this network's ${authority.name}`,
        hint,
      );
    }
  }
  return [];
}

function nodeMember(organization: Organization, node: NodePaths): LocalMember {
  return {
    commonName: node.name,
    role: organization.kind,
    hosts: hostsOf(node.name),
    folder: node.folder,
    tls: node.tls,
    hint:
      organization.kind === 'orderer'
        ? 'Put it back from a backup, or purge the network: the channels know this orderer by its TLS certificate.'
        : reissueHint(node.folder),
  };
}

function userMember(organization: Organization, user: UserPaths): LocalMember {
  const named =
    organization.kind === 'peer' && organization.identities.some(({ name }) => name === user.name);
  return {
    commonName: `${user.name}@${organization.domain}`,
    role: user.role,
    ...(named ? { attributes: enrollmentAttributes(user.name, user.role, user.attributes) } : {}),
    hosts: [],
    folder: user.folder,
    tls: user.tls,
    hint: reissueHint(user.folder),
  };
}

function contractServer(
  topology: Topology,
  contract: Contract,
  paths: ContractPaths,
): Omit<LocalMember, 'role'> {
  const host = contractHost(topology, contract);
  return {
    commonName: host,
    hosts: hostsOf(host),
    folder: paths.folder,
    tls: paths.tls,
    hint: reissueHint(paths.folder),
  };
}

/** A node is reached by its host name, its short name, and on its own machine by localhost. */
function hostsOf(host: string): string[] {
  return [...new Set([host, host.split('.')[0] ?? host, 'localhost', '127.0.0.1'])];
}

function reissueHint(folder: string): string {
  return `Delete ${folder} to have it issued anew.`;
}
