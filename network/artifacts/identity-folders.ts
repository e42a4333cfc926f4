import path from 'node:path';
import { stringify } from 'yaml';
import type { Attributes } from './attributes';
import type { CertificateAuthority, IssuedCertificate, NodeOu } from './authority';
import { checkCertificate } from './certificate-check';
import { exists, writeFolder, type FolderFile } from './folder';
import type { TlsFiles } from './paths';

/** The two CAs of an organization. */
export interface OrganizationAuthorities {
  readonly signing: CertificateAuthority;
  readonly tls: CertificateAuthority;
}

/** A node or user to have a folder of its own with MSP and TLS material. */
export interface LocalMember {
  readonly commonName: string;
  readonly role: NodeOu;
  readonly attributes?: Attributes;
  /** Names and addresses its TLS certificate is valid for; users need none. */
  readonly hosts: readonly string[];
  readonly folder: string;
  readonly tls: TlsFiles;
  /** What the user can do when the material on disk is unusable. */
  readonly hint: string;
}

const ROLES: readonly NodeOu[] = ['client', 'peer', 'admin', 'orderer'];

/**
 * Makes sure of a member's folder: what is there is checked and kept, what is not is issued.
 * @returns whether it was issued
 * @throws MaterialError when what is there can't be used
 */
export async function ensureMember(
  member: LocalMember,
  authorities: OrganizationAuthorities,
  now: Date,
): Promise<boolean> {
  if (await exists(member.folder)) {
    await checkMember(member, authorities, now);
    return false;
  }
  const [identity, tls] = await Promise.all([
    authorities.signing.issueIdentity(member, now),
    authorities.tls.issueTls(member.commonName, member.hosts, now),
  ]);
  await writeFolder(
    member.folder,
    [
      ...inFolder('msp', [
        { path: path.join('signcerts', `${member.commonName}-cert.pem`), content: identity.certificatePem },
        { path: path.join('keystore', 'priv_sk'), content: identity.privateKeyPem },
        ...verifyingFiles(authorities),
      ]),
      ...tlsFolderFiles(member, tls, authorities.tls),
    ],
    [path.join('msp', 'admincerts')],
  );
  return true;
}

/** As {@link ensureMember}, for a program that has TLS material only. */
export async function ensureTlsServer(
  member: Omit<LocalMember, 'role'>,
  authority: CertificateAuthority,
  now: Date,
): Promise<boolean> {
  if (await exists(member.folder)) {
    await checkTls(member, authority, now);
    return false;
  }
  const issued = await authority.issueTls(member.commonName, member.hosts, now);
  await writeFolder(member.folder, tlsFolderFiles(member, issued, authority));
  return true;
}

/** Files of an MSP folder that are the same for everyone in the organization. */
export function verifyingFiles({ signing, tls }: OrganizationAuthorities): FolderFile[] {
  return [
    { path: path.join('cacerts', `${signing.name}-cert.pem`), content: signing.certificatePem },
    { path: path.join('tlscacerts', `${tls.name}-cert.pem`), content: tls.certificatePem },
    { path: 'config.yaml', content: nodeOuConfig(signing.name) },
  ];
}

/** NodeOUs: the organizational unit of a certificate of this CA tells its role (msp/configbuilder.go). */
function nodeOuConfig(authorityName: string): string {
  const Certificate = `cacerts/${authorityName}-cert.pem`;
  const identifiers = ROLES.map((role): [string, object] => [
    `${role.charAt(0).toUpperCase()}${role.slice(1)}OUIdentifier`,
    { Certificate, OrganizationalUnitIdentifier: role },
  ]);
  return stringify({ NodeOUs: { Enable: true, ...Object.fromEntries<object>(identifiers) } });
}

async function checkMember(
  member: LocalMember,
  authorities: OrganizationAuthorities,
  now: Date,
): Promise<void> {
  const msp = path.join(member.folder, 'msp');
  await checkCertificate(
    {
      certificateFile: path.join(msp, 'signcerts', `${member.commonName}-cert.pem`),
      keyFile: path.join(msp, 'keystore', 'priv_sk'),
      authority: authorities.signing,
      commonName: member.commonName,
      organizationalUnit: member.role,
      ...(member.attributes === undefined ? {} : { attributes: member.attributes }),
      hint: member.hint,
    },
    now,
  );
  await checkTls(member, authorities.tls, now);
}

function checkTls(
  member: Omit<LocalMember, 'role'>,
  authority: CertificateAuthority,
  now: Date,
): Promise<void> {
  return checkCertificate(
    {
      certificateFile: member.tls.certificate,
      keyFile: member.tls.key,
      authority,
      commonName: member.commonName,
      hosts: member.hosts,
      hint: member.hint,
    },
    now,
  );
}

function tlsFolderFiles(
  { folder, tls }: Pick<LocalMember, 'folder' | 'tls'>,
  issued: IssuedCertificate,
  authority: CertificateAuthority,
): FolderFile[] {
  const inside = (file: string): string => path.relative(folder, file);
  return [
    { path: inside(tls.certificate), content: issued.certificatePem },
    { path: inside(tls.key), content: issued.privateKeyPem },
    { path: inside(tls.rootCertificate), content: authority.certificatePem },
  ];
}

function inFolder(folder: string, files: readonly FolderFile[]): FolderFile[] {
  return files.map((file) => ({ ...file, path: path.join(folder, file.path) }));
}
