import { X509Certificate } from 'node:crypto';
import { issueIdentity } from '../../../network/artifacts/organization-material';
import { createSigner } from '../../../network/protocol/signing';
import type { Signer } from '../../../network/protocol/signing';
import type { Organization } from '../../../network/topology/schema';
import type { Identity } from '../../api/models';
import type { IdentityStore } from '../../core/ports/fabric';
import type { ImportedIdentity, NewIdentity, Wallet } from '../../core/ports/wallet';
import { problem } from '../../core/problem';
import type { LocalNetwork } from '../runtime/local-network';
import { runtimeProblem } from '../runtime/problems';
import { describeIdentity } from './describe-identity';
import { checkIdentity, refusedBy } from './identity-check';
import type { KnownOrganization } from './identity-check';
import type { NetworkIdentities } from './network-identities';
import type { WalletEntry, WalletFolder } from './wallet-folder';

/** A name becomes part of a common name and of a file name. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/;

/** The identities of the network and those that were added to them. */
export class WalletIdentities implements IdentityStore, Wallet {
  readonly #signers = new Map<string, Promise<Signer>>();

  constructor(
    private readonly network: LocalNetwork,
    private readonly issuedWithNetwork: NetworkIdentities,
    private readonly folder: WalletFolder,
  ) {}

  async list(): Promise<Identity[]> {
    const [own, added] = await Promise.all([this.issuedWithNetwork.list(), this.folder.list()]);
    return [...own, ...(await Promise.all(added.map((entry) => this.#describe(entry))))];
  }

  async environment(identity: string): Promise<Record<string, string>> {
    if (await this.#find(identity)) {
      throw problem('BAD_REQUEST', {
        title: `${identity} cannot be used by the genuine commands.`,
        detail: 'They read its key from a file, and the wallet keeps it encrypted.',
        hint: 'Use an identity that was made with the network.',
      });
    }
    return this.issuedWithNetwork.environment(identity);
  }

  profile = (organization: string) => this.issuedWithNetwork.profile(organization);

  /** Who signs as this identity; read once. */
  async signer(identity: string): Promise<Signer> {
    const [organization = '', name = ''] = identity.split('/');
    const entry = await this.#find(identity);
    if (!entry) return (await this.network.clients()).directory.signer(organization, name);
    const known = this.#signers.get(entry.certificatePem);
    if (known) return known;
    const signer = this.folder
      .privateKey(entry)
      .then((privateKeyPem) =>
        createSigner({ mspId: entry.mspId, certificatePem: entry.certificatePem, privateKeyPem }),
      );
    this.#signers.set(entry.certificatePem, signer);
    signer.catch(() => this.#signers.delete(entry.certificatePem));
    return signer;
  }

  async import(identity: ImportedIdentity): Promise<Identity> {
    const organization = this.#organization(identity.organization);
    const checked = await checkIdentity(
      identity.certificatePem,
      identity.privateKeyPem,
      this.#known(organization),
      this.network.topology.organizations.map((other) => this.#known(other)),
    );
    const name = identity.name ?? commonName(checked.certificate).replace(/@.*$/, '');
    await this.#requireFree(organization, name);
    return this.#add(organization, name, 'imported', checked);
  }

  async issue({ organization: wanted, name, role, attributes }: NewIdentity): Promise<Identity> {
    const organization = this.#organization(wanted);
    await this.#requireFree(organization, name);
    try {
      const paths = this.network.material.organization(organization.name);
      const issued = await issueIdentity(organization, paths, { name, role, attributes });
      return await this.#add(organization, name, 'issued', issued);
    } catch (error) {
      throw runtimeProblem(error);
    }
  }

  async certificate(identity: string): Promise<string> {
    const entry = await this.#find(identity);
    return entry?.certificatePem ?? this.issuedWithNetwork.certificate(identity);
  }

  async remove(identity: string): Promise<void> {
    const entry = await this.#find(identity);
    if (!entry) {
      throw problem('BAD_REQUEST', {
        title: `${identity} belongs to the network and cannot be removed.`,
        detail: 'Only identities that were issued or imported here can be.',
        hint: 'It goes with the network: `cityflow down --purge`.',
      });
    }
    await this.folder.remove(entry);
    this.#signers.delete(entry.certificatePem);
  }

  async #add(
    organization: Organization,
    name: string,
    source: WalletEntry['source'],
    material: { readonly certificatePem: string; readonly privateKeyPem: string },
  ): Promise<Identity> {
    const { mspId } = organization;
    const { certificatePem, privateKeyPem } = material;
    const entry = await this.folder.add(
      { organization: organization.name, mspId, name, source, certificatePem },
      privateKeyPem,
    );
    return this.#describe(entry);
  }

  async #describe(entry: WalletEntry): Promise<Identity> {
    const identity = describeIdentity(this.network.topology, entry, entry.certificatePem);
    const organization = this.network.topology.organizations.find(({ mspId }) => mspId === entry.mspId);
    if (identity.problem !== null) return identity;
    const refusal = organization
      ? await refusedBy(new X509Certificate(entry.certificatePem), this.#known(organization))
      : 'this network has no such organization';
    return refusal === undefined
      ? identity
      : { ...identity, problem: `This network’s ${entry.mspId} does not accept it: ${refusal}` };
  }

  async #find(identity: string): Promise<WalletEntry | undefined> {
    const wanted = identity.toLowerCase();
    return (await this.folder.list()).find(
      ({ organization, name }) => `${organization}/${name}`.toLowerCase() === wanted,
    );
  }

  async #requireFree(organization: Organization, name: string): Promise<void> {
    if (!NAME.test(name)) {
      throw problem('BAD_REQUEST', {
        title: `${JSON.stringify(name)} cannot be a name.`,
        detail: 'Letters, digits, dots and hyphens, at most 64, a letter or digit first.',
        hint: 'Give another name.',
      });
    }
    const id = `${organization.name}/${name}`;
    const taken = (await this.list()).some((identity) => identity.id.toLowerCase() === id.toLowerCase());
    if (!taken) return;
    throw problem('IDENTITY_EXISTS', {
      title: `There is an identity ${id} already.`,
      hint: 'Give another name, or remove that one first.',
    });
  }

  #organization(wanted: string): Organization {
    const { organizations } = this.network.topology;
    const found = organizations.find(({ name, mspId }) =>
      [name, mspId].some((known) => known.toLowerCase() === wanted.toLowerCase()),
    );
    if (found) return found;
    throw problem('UNKNOWN_ORGANIZATION', {
      title: `This network has no organization ${wanted}.`,
      hint: `Its organizations: ${organizations.map(({ name, mspId }) => `${name} (${mspId})`).join(', ')}.`,
    });
  }

  #known({ name, mspId }: Organization): KnownOrganization {
    return { name, mspId, mspFolder: this.network.material.organization(name).mspFolder };
  }
}

const commonName = (certificate: X509Certificate): string =>
  certificate.subject
    .split('\n')
    .find((part) => part.startsWith('CN='))
    ?.slice(3) ?? '';
