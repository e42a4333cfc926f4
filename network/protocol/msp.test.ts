import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { msp } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { decodePem, encodePem } from './certificate-pem';
import { createAuthority, toHighS, type CertificateFields, type Issued } from './fixtures/authority';
import { mspConfig, type MspFields } from './fixtures/msp-config';
import { sha256 } from './hash';
import { Msp, MspError, MspManager, type Identity } from './msp';
import { rolePrincipal, type MspRole } from './principal';
import { createSigner, serializeIdentity } from './signing';

const authority = createAuthority('ca.one.example');
const plain = mspOf();

function mspOf(fields: Partial<MspFields> = {}): Msp {
  return new Msp(mspConfig('OneMSP', { roots: [authority.certificatePem], ...fields }));
}

function issue(
  fields: Partial<CertificateFields> = {},
  issuer: { issue(f: CertificateFields): Issued } = authority,
) {
  return issuer.issue({ commonName: 'User1', units: ['client'], ...fields });
}

function identityOf(issued: Issued, owner: Msp = plain): Identity {
  return owner.deserializeIdentity(serializeIdentity('OneMSP', issued.certificatePem));
}

describe('identities', () => {
  it('verify low-S signatures of their key only', () => {
    const issued = issue();
    const signer = createSigner({ mspId: 'OneMSP', ...issued });
    const identity = plain.deserializeIdentity(signer.creator);
    const signature = signer.sign(Buffer.from('message'));
    expect(identity.verify(Buffer.from('message'), signature)).toBe(true);
    expect(identity.verify(Buffer.from('message'), toHighS(signature))).toBe(false);
    expect(identity.verify(Buffer.from('another'), signature)).toBe(false);
    expect(identity.verify(Buffer.from('message'), Buffer.from('nonsense'))).toBe(false);
    expect(identityOf(issue()).verify(Buffer.from('message'), signature)).toBe(false);
  });

  it('are the same in any PEM layout and with either form of the authority signature', () => {
    const issued = issue({ highS: true });
    const identity = identityOf(issued);
    expect(identity.certificatePem).not.toBe(issued.certificatePem);
    const oneLine = `-----BEGIN CERTIFICATE-----\n${decodePem(identity.certificatePem)?.der.toString('base64')}\n-----END CERTIFICATE-----\n`;
    expect(identityOf({ ...issued, certificatePem: oneLine }).id).toBe(identity.id);
    expect(Buffer.from(identity.serialize())).toEqual(
      Buffer.from(createSigner({ mspId: 'OneMSP', ...issued }).creator),
    );
  });

  it('are remembered by their bytes', () => {
    const bytes = serializeIdentity('OneMSP', issue().certificatePem);
    expect(plain.deserializeIdentity(bytes)).toBe(plain.deserializeIdentity(Buffer.from(bytes)));
  });

  it.each([
    [
      'of another authority',
      () => createAuthority('ca.one.example').issue({ commonName: 'x', units: ['client'] }),
    ],
    ['without a certificate', () => ({ certificatePem: 'no pem', privateKeyPem: '' })],
    ['with a broken certificate', () => ({ certificatePem: encodePem(Buffer.from('x')), privateKeyPem: '' })],
  ])('%s are not deserialized', (_, make) => {
    expect(() => identityOf(make())).toThrow(MspError);
  });

  it('of another MSP are not deserialized', () => {
    expect(() => plain.deserializeIdentity(serializeIdentity('TwoMSP', issue().certificatePem))).toThrow(
      'expected MSP ID OneMSP, received TwoMSP',
    );
    expect(() => new MspManager([plain]).deserializeIdentity(serializeIdentity('TwoMSP', ''))).toThrow(
      'MSP TwoMSP is not defined on channel',
    );
    expect(() => new MspManager([plain]).deserializeIdentity(Buffer.from([0xff]))).toThrow(
      'could not deserialize a SerializedIdentity',
    );
  });

  it('expire only where it is asked for', () => {
    const past = issue({ notBefore: new Date('2024-02-01'), notAfter: new Date('2024-03-01') });
    const identity = identityOf(past);
    expect(() => {
      identity.validate();
    }).not.toThrow();
    expect(identity.expiresAt.toISOString()).toBe('2024-03-01T00:00:00.000Z');
    expect(() => {
      identity.validate(new Date('2024-02-15'));
    }).not.toThrow();
    expect(() => {
      identity.validate(new Date('2024-03-02'));
    }).toThrow('the identity CN=User1,OU=client of OneMSP expired at 2024-03-01T00:00:00.000Z');
  });

  it('issued before their authority was valid are refused', () => {
    const early = issue({ notBefore: new Date('2023-01-01') });
    expect(() => identityOf(early)).toThrow('certificate signed by unknown authority');
  });
});

describe('NodeOUs', () => {
  const roles: MspRole[] = ['member', 'admin', 'client', 'peer', 'orderer'];
  const rolesOf = (identity: Identity): string[] =>
    roles.filter((role) => identity.satisfies(rolePrincipal('OneMSP', role)));

  it.each(['admin', 'client', 'peer', 'orderer'])('give %s its role and membership', (unit) => {
    const identity = identityOf(issue({ units: [unit] }));
    expect(rolesOf(identity).sort()).toEqual(['member', unit].sort());
    expect(identity.principalName).toBe(`OneMSP.${unit}`);
  });

  it('allow further units beside the role', () => {
    expect(rolesOf(identityOf(issue({ units: ['finance', 'client'] })))).toEqual(['member', 'client']);
  });

  it('refuse an identity with no role or with two', () => {
    expect(() => {
      identityOf(issue({ units: ['finance'] })).validate();
    }).toThrow(
      "could not validate identity's OUs: the identity does not have an OU that resolves to client, peer, orderer, or admin role",
    );
    expect(() => {
      identityOf(issue({ units: ['client', 'admin'] })).validate();
    }).toThrow('not a combination of them');
    expect(rolesOf(identityOf(issue({ units: ['client', 'admin'] })))).toEqual([]);
  });

  it('count only when certified by the declared authority', () => {
    const below = authority.issueAuthority('ica.one.example');
    const strict = mspOf({
      intermediates: [below.certificatePem],
      nodeUnitCertificate: below.certificatePem,
    });
    expect(rolesOf(identityOf(issue({}, below), strict))).toEqual(['member', 'client']);
    const wholeTree = mspOf({ nodeUnitCertificate: authority.certificatePem });
    expect(rolesOf(identityOf(issue(), wholeTree))).toEqual(['member', 'client']);
    expect(() => mspOf({ nodeUnitCertificate: below.certificatePem })).toThrow('Failed adding OU');
  });

  it('when absent leave members and declared admins', () => {
    const admin = issue({ units: [] });
    const without = mspOf({ nodeUnits: {}, admins: [admin.certificatePem] });
    expect(rolesOf(identityOf(admin, without))).toEqual(['member', 'admin']);
    expect(rolesOf(identityOf(issue({ units: ['client'] }), without))).toEqual(['member']);
    expect(identityOf(admin, without).principalName).toBe('OneMSP.admin');
  });
});

describe('intermediate authorities', () => {
  const below = authority.issueAuthority('ica.one.example');
  const tree = mspOf({ intermediates: [below.certificatePem] });

  it('issue identities, and their parents no longer do', () => {
    expect(() => {
      identityOf(issue({}, below), tree).validate();
    }).not.toThrow();
    expect(() => {
      identityOf(issue(), tree).validate();
    }).toThrow('Parent certificate should be a leaf of the certification tree');
  });

  it('that are not declared are not trusted', () => {
    expect(() => identityOf(issue({}, below))).toThrow('certificate signed by unknown authority');
  });

  it('are no identities themselves', () => {
    expect(() => {
      identityOf(below, tree).validate();
    }).toThrow('cannot be used as an identity');
  });
});

describe('revocation lists', () => {
  it('refuse the certificates they name, when the issuer signed them', () => {
    const revoked = issue({ serial: 7 });
    const other = createAuthority('ca.one.example');
    const strict = mspOf({ revocationLists: [other.revoke([8]), authority.revoke([7, 9])] });
    expect(() => {
      identityOf(revoked, strict).validate();
    }).toThrow('could not validate identity against certification chain: The certificate has been revoked');
    expect(identityOf(revoked, strict).satisfies(rolePrincipal('OneMSP', 'member'))).toBe(false);
    expect(() => {
      identityOf(issue({ serial: 8 }), strict).validate();
    }).not.toThrow();
  });
});

describe('principals', () => {
  const principal = (classification: 0 | 1 | 2 | 3 | 4, bytes: Uint8Array): msp.MSPPrincipal => {
    const message = new msp.MSPPrincipal();
    message.setPrincipalClassification(classification);
    message.setPrincipal(bytes);
    return message;
  };
  const issued = issue({ units: ['client', 'finance'] });
  const identity = identityOf(issued);

  it('of a unit name it and its certification path', () => {
    const unit = new msp.OrganizationUnit();
    unit.setMspIdentifier('OneMSP');
    unit.setOrganizationalUnitIdentifier('finance');
    unit.setCertifiersIdentifier(sha256(decodePem(authority.certificatePem)?.der ?? Buffer.alloc(0)));
    expect(identity.satisfies(principal(1, unit.serializeBinary()))).toBe(true);
    expect(identityOf(issue()).satisfies(principal(1, unit.serializeBinary()))).toBe(false);
    unit.setCertifiersIdentifier(Buffer.alloc(32));
    expect(identity.satisfies(principal(1, unit.serializeBinary()))).toBe(false);
  });

  it('of one identity are satisfied by it alone', () => {
    const self = principal(2, serializeIdentity('OneMSP', issued.certificatePem));
    expect(identity.satisfies(self)).toBe(true);
    expect(identityOf(issue()).satisfies(self)).toBe(false);
  });

  it('may be combined, anonymous or unknown', () => {
    const combined = new msp.CombinedPrincipal();
    combined.setPrincipalsList([rolePrincipal('OneMSP', 'member'), rolePrincipal('OneMSP', 'client')]);
    expect(identity.satisfies(principal(4, combined.serializeBinary()))).toBe(true);
    combined.addPrincipals(rolePrincipal('OneMSP', 'peer'));
    expect(identity.satisfies(principal(4, combined.serializeBinary()))).toBe(false);
    expect(identity.satisfies(principal(4, new Uint8Array()))).toBe(false);
    expect(identity.satisfies(principal(3, new Uint8Array()))).toBe(true);
    expect(identity.satisfies(principal(0, Buffer.from([0xff])))).toBe(false);
  });

  it('of another MSP say whose identity it is', () => {
    expect(() => {
      identity.checkPrincipal(rolePrincipal('TwoMSP', 'member'));
    }).toThrow('the identity is a member of a different MSP (expected TwoMSP, got OneMSP)');
    expect(() => {
      identity.checkPrincipal(rolePrincipal('OneMSP', 'peer'));
    }).toThrow('The identity is not a [PEER] under this MSP [OneMSP]');
  });
});

describe('MSP configurations no node would accept', () => {
  it.each<[string, Partial<MspFields>, string]>([
    ['without authorities', { roots: [] }, 'expected at least one CA certificate'],
    ['with a user as authority', { roots: [issue().certificatePem] }, 'CA attribute'],
    [
      'without admins or an admin unit',
      { nodeUnits: { client: 'client', peer: 'peer' } },
      'administrators must be declared when no admin ou classification is set',
    ],
    [
      'with an admin who is a peer',
      { admins: [issue({ units: ['peer'] }).certificatePem] },
      'admin 0 is invalid',
    ],
  ])('%s', (_, fields, problem) => {
    expect(() => mspOf(fields)).toThrow(problem);
  });

  it('of another type', () => {
    const idemix = mspConfig('OneMSP', { roots: [authority.certificatePem] });
    idemix.setType(1);
    expect(() => new Msp(idemix)).toThrow('MSP type 1 is not supported');
  });
});

describe('MSP folders', () => {
  it('are read with config.yaml', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'msp-'));
    try {
      await expect(Msp.load('OneMSP', folder)).rejects.toThrow(path.join(folder, 'cacerts'));
      await mkdir(path.join(folder, 'cacerts'));
      await mkdir(path.join(folder, 'tlscacerts'));
      await writeFile(path.join(folder, 'cacerts', 'ca.pem'), authority.certificatePem);
      await writeFile(path.join(folder, 'tlscacerts', 'ca.pem'), authority.certificatePem);
      await expect(Msp.load('OneMSP', folder)).rejects.toThrow('administrators must be declared');
      await writeFile(
        path.join(folder, 'config.yaml'),
        `NodeOUs:\n  Enable: true\n${['Client', 'Peer', 'Admin', 'Orderer']
          .map(
            (role) =>
              `  ${role}OUIdentifier:\n    Certificate: cacerts/ca.pem\n    OrganizationalUnitIdentifier: ${role.toLowerCase()}\n`,
          )
          .join('')}`,
      );
      const loaded = await Msp.load('OneMSP', folder);
      expect(loaded.tlsAuthoritiesPem).toEqual([authority.certificatePem]);
      expect(
        identityOf(issue({ units: ['admin'] }), loaded).satisfies(rolePrincipal('OneMSP', 'admin')),
      ).toBe(true);
      await writeFile(path.join(folder, 'config.yaml'), 'NodeOUs: [1]\n');
      await expect(Msp.load('OneMSP', folder)).rejects.toThrow(
        `failed unmarshalling configuration file at [${path.join(folder, 'config.yaml')}]`,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
