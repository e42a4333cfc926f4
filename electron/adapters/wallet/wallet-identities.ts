import { X509Certificate } from 'node:crypto';
import { MaterialError } from '../../../network/artifacts/material-error';
import { issueIdentity } from '../../../network/artifacts/organization-material';
import { parseCertificatePem } from '../../../network/protocol/certificate';
import type { Certificate } from '../../../network/protocol/certificate';
import { Msp } from '../../../network/protocol/msp';
import { createSigner } from '../../../network/protocol/signing';
import type { Signer } from '../../../network/protocol/signing';
import type { Organization } from '../../../network/topology/schema';
import type { Authority, IdentityDetail, ImportPreview } from '../../api/identity-models';
import type { Identity } from '../../api/models';
import type { IdentityStore } from '../../core/ports/fabric';
import type { ImportedIdentity, NewIdentity, Wallet } from '../../core/ports/wallet';
import { problem } from '../../core/problem';
import { requireIdentity } from '../../core/services/identities';
import type { LocalNetwork } from '../runtime/local-network';
import { runtimeProblem } from '../runtime/problems';
import { describeIdentity } from './describe-identity';
import { certificateFacts, oneLine } from './certificate-facts';
import type { Finding } from './finding';
import { checkImport } from './identity-check';
import type { CheckOutcome } from './identity-check';
import { refusedBy } from './issuer-check';
import type { KnownOrganization } from './issuer-check';
import { authorityProblem, describeAuthority } from './local-authorities';
import type { NetworkIdentities } from './network-identities';
import type { WalletEntry, WalletFolder } from './wallet-folder';

const NO_ENVIRONMENT = 'They read its key from a file, and the wallet keeps it encrypted.';
const NOT_REMOVABLE = 'Only identities that were issued or imported here can be.';

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
        detail: NO_ENVIRONMENT,
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

  async check(identity: ImportedIdentity): Promise<ImportPreview> {
    const { findings, swapped, organization, name, certificate } = await this.#looked(identity);
    return {
      checks: findings.map(({ check, outcome, title, detail, hint }) => ({
        check,
        outcome,
        title,
        detail,
        hint,
      })),
      ready: findings.every(({ outcome }) => outcome === 'passed' || outcome === 'warning'),
      swapped,
      organization,
      name,
      certificate,
    };
  }

  async import(identity: ImportedIdentity): Promise<Identity> {
    const looked = await this.#looked(identity);
    const wrong =
      looked.findings.find(({ outcome }) => outcome === 'failed') ??
      looked.findings.find(({ outcome }) => outcome === 'skipped');
    if (wrong || !looked.material || !looked.knownOrganization || looked.name === null) {
      throw problem(wrong?.code ?? 'BAD_REQUEST', {
        title: wrong?.title ?? 'The identity is not complete.',
        detail: wrong?.detail ?? '',
        hint: wrong?.hint ?? 'Give certificate and private key.',
      });
    }
    const organization = this.#organization(looked.knownOrganization.name);
    if (!organization) throw this.#unknownOrganization(looked.knownOrganization.name);
    return this.#add(organization, looked.name, 'imported', looked.material);
  }

  async issue({ organization: wanted, name, role, attributes }: NewIdentity): Promise<Identity> {
    const organization = this.#organization(wanted);
    if (!organization) throw this.#unknownOrganization(wanted);
    const taken = await this.#nameFinding(organization.name, name, undefined);
    if (taken.outcome === 'failed') {
      const { code = 'BAD_REQUEST', title, detail, hint } = taken;
      throw problem(code, { title, detail, hint });
    }
    const paths = this.network.material.organization(organization.name);
    try {
      const issued = await issueIdentity(organization, paths, { name, role, attributes });
      return await this.#add(organization, name, 'issued', issued);
    } catch (error) {
      if (error instanceof MaterialError) throw authorityProblem(error, organization, paths.authority.key);
      throw runtimeProblem(error, this.network);
    }
  }

  authorities(): Promise<Authority[]> {
    return Promise.all(
      this.network.topology.organizations.map((organization) =>
        describeAuthority(this.network, organization),
      ),
    );
  }

  async show(identity: string): Promise<IdentityDetail> {
    const listed = await requireIdentity(this, identity);
    const entry = await this.#find(listed.id);
    const certificatePem = await this.certificate(listed.id);
    const organization = this.#organization(listed.organization);
    const certificate = parseCertificatePem(certificatePem);
    return {
      ...listed,
      certificate: certificateFacts(certificate),
      certificatePem,
      chain: organization
        ? await chainOf(certificate, this.#known(organization))
        : [oneLine(certificate.x509.subject)],
      keyAt: entry ? 'wallet' : 'network',
      noEnvironment: entry ? NO_ENVIRONMENT : null,
      notRemovable: entry ? null : NOT_REMOVABLE,
    };
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
        detail: NOT_REMOVABLE,
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

  async #looked(identity: ImportedIdentity): Promise<CheckOutcome> {
    const { organizations } = this.network.topology;
    const wanted = identity.organization;
    const organization = wanted === undefined ? undefined : this.#organization(wanted);
    const looked = await checkImport(
      {
        ...identity,
        organization: organization && this.#known(organization),
        ...(wanted !== undefined && !organization && { unknownOrganization: wanted }),
      },
      organizations.map((other) => this.#known(other)),
    );
    const name = await this.#nameFinding(looked.organization, looked.name, looked.certificate?.fingerprint);
    return { ...looked, findings: [...looked.findings, name] };
  }

  /** Whether it can have the name; `fingerprint`: that of the certificate, which may be here under another name. */
  async #nameFinding(
    organization: string | null,
    name: string | null,
    fingerprint: string | undefined,
  ): Promise<Finding> {
    const finding = { check: 'name', detail: '', hint: '' } as const;
    if (name === null) return { ...finding, outcome: 'skipped', title: 'What it is called here.' };
    if (!NAME.test(name)) {
      return {
        ...finding,
        outcome: 'failed',
        code: 'BAD_REQUEST',
        title: `${JSON.stringify(name)} cannot be a name.`,
        detail: 'Letters, digits, dots and hyphens, at most 64, a letter or digit first.',
        hint: 'Give another name.',
      };
    }
    if (organization === null) return { ...finding, outcome: 'skipped', title: `Called ${name}.` };
    const id = `${organization}/${name}`;
    const identities = await this.list();
    const same = identities.find((identity) => identity.fingerprint === fingerprint);
    if (identities.some((identity) => identity.id.toLowerCase() === id.toLowerCase())) {
      return {
        ...finding,
        outcome: 'failed',
        code: 'IDENTITY_EXISTS',
        title: `There is an identity ${id} already.`,
        detail: same ? `The same certificate is here as ${same.id}.` : '',
        hint: 'Give another name, or remove that one first.',
      };
    }
    if (same) {
      return {
        ...finding,
        outcome: 'warning',
        title: `The same certificate is here as ${same.id}.`,
        detail: `As ${id} it would stand here twice; to the network both are one.`,
        hint: 'Leave it, unless you want two names for it.',
      };
    }
    return { ...finding, outcome: 'passed', title: `It will be called ${id}.` };
  }

  /** By name or MSP id, in any case. */
  #organization(wanted: string): Organization | undefined {
    return this.network.topology.organizations.find(({ name, mspId }) =>
      [name, mspId].some((known) => known.toLowerCase() === wanted.toLowerCase()),
    );
  }

  #unknownOrganization(wanted: string) {
    const { organizations } = this.network.topology;
    return problem('UNKNOWN_ORGANIZATION', {
      title: `This network has no organization ${wanted}.`,
      hint: `Its organizations: ${organizations.map(({ name, mspId }) => `${name} (${mspId})`).join(', ')}.`,
    });
  }

  #known({ name, mspId }: Organization): KnownOrganization {
    return { name, mspId, mspFolder: this.network.material.organization(name).mspFolder };
  }
}

/** Subjects from the identity up to the root; just its own where the organization's MSP does not accept it. */
async function chainOf(certificate: Certificate, { mspId, mspFolder }: KnownOrganization): Promise<string[]> {
  try {
    const msp = await Msp.load(mspId, mspFolder);
    return msp.chainOf(certificate).map(({ x509 }) => oneLine(x509.subject));
  } catch {
    return [oneLine(certificate.x509.subject)];
  }
}
