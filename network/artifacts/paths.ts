import path from 'node:path';
import type { Contract, Organization, Topology } from '../topology/schema';
import {
  channelByName,
  contractByName,
  contractHost,
  nodeByName,
  organizationByName,
  packageLabel,
  peerOrganization,
  UnknownNameError,
} from '../topology/views';

/** Key, certificate and CA certificate of one end of a TLS connection (PEM files). */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  /** Certificate of the TLS CA that signed it. */
  readonly rootCertificate: string;
}

/** Folder and files of a node, as cryptogen lays them out. */
export interface NodePaths {
  readonly name: string;
  readonly mspId: string;
  readonly folder: string;
  readonly mspFolder: string;
  readonly tls: TlsFiles;
}

export type UserRole = 'admin' | 'client';

/** Folder and files of a user. */
export interface UserPaths {
  /** Name without the domain, such as `Admin`. */
  readonly name: string;
  readonly organization: string;
  readonly mspId: string;
  readonly role: UserRole;
  /** Attributes in the certificate; none for Admin and User1. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly mspFolder: string;
  readonly certificate: string;
  readonly key: string;
  /** Client certificate for mutual TLS. */
  readonly tls: TlsFiles;
}

/** Files of a CA. */
export interface AuthorityPaths {
  /** Common name of the CA, such as `tlsca.cityflow.com`. */
  readonly name: string;
  readonly folder: string;
  readonly certificate: string;
  readonly key: string;
}

export interface OrganizationPaths {
  readonly name: string;
  readonly mspId: string;
  readonly folder: string;
  /** The organization's verifying MSP: certificates only, no keys. */
  readonly mspFolder: string;
  readonly authority: AuthorityPaths;
  readonly tlsAuthority: AuthorityPaths;
  readonly nodes: readonly NodePaths[];
  readonly users: readonly UserPaths[];
}

export interface ContractPaths {
  readonly name: string;
  /** `label` of the package; the package id is `label:` and the SHA-256 of the file in hex. */
  readonly label: string;
  readonly packageFile: string;
  readonly folder: string;
  /** Server certificate of the contract's process. */
  readonly tls: TlsFiles;
}

/** Where everything of a network's material is. Lookups throw UnknownNameError for names the topology lacks. */
export interface MaterialPaths {
  readonly folder: string;
  readonly organizations: readonly OrganizationPaths[];
  readonly contracts: readonly ContractPaths[];
  organization(name: string): OrganizationPaths;
  node(name: string): NodePaths;
  /** `organization` and `name` in any case, as users type them. */
  user(organization: string, name: string): UserPaths;
  contract(name: string): ContractPaths;
  /** Genesis block of a channel. */
  genesisFile(channel: string): string;
}

/** Paths of a network's material under `folder`; reads nothing, creates nothing. */
export function materialPaths(topology: Topology, folder: string): MaterialPaths {
  const organizations = topology.organizations.map((organization) => organizationPaths(organization, folder));
  const contracts = topology.contracts.map((contract) => contractPaths(topology, contract, folder));
  const organization = (name: string): OrganizationPaths => {
    const known = organizationByName(topology, name).name;
    return found(
      organizations.find((entry) => entry.name === known),
      'organization',
      name,
    );
  };
  return {
    folder,
    organizations,
    contracts,
    organization,
    node: (name) => {
      const owner = organization(nodeByName(topology, name).organization);
      return found(
        owner.nodes.find((node) => node.name === name),
        'node',
        name,
      );
    },
    user: (organizationName, name) => {
      const { users, name: owner } = organization(organizationName);
      const user = users.find((entry) => entry.name.toLowerCase() === name.toLowerCase());
      if (user !== undefined) return user;
      throw new UnknownNameError(
        `identity of ${owner}`,
        name,
        users.map((entry) => entry.name),
      );
    },
    contract: (name) => {
      const known = contractByName(topology, name).name;
      return found(
        contracts.find((entry) => entry.name === known),
        'contract',
        name,
      );
    },
    genesisFile: (channel) => path.join(folder, 'genesis', `${channelByName(topology, channel).name}.block`),
  };
}

function found<T>(value: T | undefined, kind: string, name: string): T {
  if (value === undefined) throw new UnknownNameError(kind, name, []);
  return value;
}

function organizationFolder(organization: Organization, folder: string): string {
  const kind = organization.kind === 'orderer' ? 'ordererOrganizations' : 'peerOrganizations';
  return path.join(folder, 'organizations', kind, organization.domain);
}

function organizationPaths(organization: Organization, networkFolder: string): OrganizationPaths {
  const { name, mspId, domain } = organization;
  const folder = organizationFolder(organization, networkFolder);
  const nodesFolder = path.join(folder, organization.kind === 'orderer' ? 'orderers' : 'peers');
  const user = (
    userName: string,
    role: UserRole,
    attributes: Readonly<Record<string, string>> = {},
  ): UserPaths => {
    const userFolder = path.join(folder, 'users', `${userName}@${domain}`);
    const mspFolder = path.join(userFolder, 'msp');
    return {
      name: userName,
      organization: name,
      mspId,
      role,
      attributes,
      folder: userFolder,
      mspFolder,
      certificate: path.join(mspFolder, 'signcerts', `${userName}@${domain}-cert.pem`),
      key: path.join(mspFolder, 'keystore', 'priv_sk'),
      tls: tlsFiles(path.join(userFolder, 'tls'), 'client'),
    };
  };
  return {
    name,
    mspId,
    folder,
    mspFolder: path.join(folder, 'msp'),
    authority: authorityPaths(path.join(folder, 'ca'), `ca.${domain}`),
    tlsAuthority: authorityPaths(path.join(folder, 'tlsca'), `tlsca.${domain}`),
    nodes: organization.nodes.map((node) => {
      const nodeFolder = path.join(nodesFolder, node.name);
      return {
        name: node.name,
        mspId,
        folder: nodeFolder,
        mspFolder: path.join(nodeFolder, 'msp'),
        tls: tlsFiles(path.join(nodeFolder, 'tls'), 'server'),
      };
    }),
    users: [
      user('Admin', 'admin'),
      ...(organization.kind === 'orderer'
        ? []
        : [
            user('User1', 'client'),
            ...organization.identities.map((identity) => user(identity.name, 'client', identity.attributes)),
          ]),
    ],
  };
}

function authorityPaths(folder: string, name: string): AuthorityPaths {
  return {
    name,
    folder,
    certificate: path.join(folder, `${name}-cert.pem`),
    key: path.join(folder, 'priv_sk'),
  };
}

function contractPaths(topology: Topology, contract: Contract, networkFolder: string): ContractPaths {
  const owner = peerOrganization(topology, contract.owner);
  const label = packageLabel(contract);
  const folder = path.join(
    organizationFolder(owner, networkFolder),
    'contracts',
    contractHost(topology, contract),
  );
  return {
    name: contract.name,
    label,
    packageFile: path.join(networkFolder, 'packages', `${label}.tar.gz`),
    folder,
    tls: tlsFiles(path.join(folder, 'tls'), 'server'),
  };
}

function tlsFiles(folder: string, prefix: 'server' | 'client'): TlsFiles {
  return {
    certificate: path.join(folder, `${prefix}.crt`),
    key: path.join(folder, `${prefix}.key`),
    rootCertificate: path.join(folder, 'ca.crt'),
  };
}
