import { generateKeyPairSync, sign, verify, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePem, encodePem, sanitizeCertificate } from './certificate-pem';
import { createAuthority } from './fixtures/authority';
import { readEcdsaSignature } from './low-s';
import { createSigner, isLowS, loadSigner, serializeIdentity, toLowS } from './signing';

const authority = createAuthority('ca.one.example');
const material = { mspId: 'OneMSP', ...authority.issue({ commonName: 'User1', units: ['client'] }) };

describe('low S', () => {
  it.each([
    ['prime256v1', 'P-256'],
    ['secp384r1', 'P-384'],
  ] as const)('normalizes %s signatures that still verify', (curve, namedCurve) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    let high = 0;
    for (let round = 0; round < 40; round++) {
      const message = Buffer.from(`message ${round}`);
      const signature = sign('sha256', message, privateKey);
      if (!isLowS(signature, curve)) high++;
      const low = toLowS(signature, curve);
      expect(isLowS(low, curve)).toBe(true);
      expect(verify('sha256', message, publicKey, low)).toBe(true);
      expect(toLowS(low, curve)).toBe(low);
    }
    expect(high).toBeGreaterThan(0);
  });

  it('is false for bytes that are no signature', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        let readable = true;
        try {
          readEcdsaSignature(bytes);
        } catch {
          readable = false;
        }
        if (!readable) expect(isLowS(bytes)).toBe(false);
      }),
    );
  });
});

describe('a signer', () => {
  it('signs with low S and serializes to the same bytes every time', () => {
    const signer = createSigner(material);
    const certificate = new X509Certificate(signer.certificatePem);
    for (let round = 0; round < 20; round++) {
      const message = Buffer.from(`message ${round}`);
      const signature = signer.sign(message);
      expect(isLowS(signature)).toBe(true);
      expect(verify('sha256', message, certificate.publicKey, signature)).toBe(true);
    }
    expect(Buffer.from(createSigner(material).creator)).toEqual(Buffer.from(signer.creator));
    expect(Buffer.from(signer.creator)).toEqual(
      Buffer.from(serializeIdentity('OneMSP', signer.certificatePem)),
    );
  });

  it('serializes the certificate as a genuine node does, whatever the PEM around it looks like', () => {
    const decoded = decodePem(material.certificatePem);
    const oneLine = `-----BEGIN CERTIFICATE-----\n${decoded?.der.toString('base64')}\n-----END CERTIFICATE-----`;
    const untidy = createSigner({ ...material, certificatePem: oneLine });
    expect(Buffer.from(untidy.creator)).toEqual(Buffer.from(createSigner(material).creator));
  });

  it('refuses the key of another certificate', () => {
    const other = authority.issue({ commonName: 'User2', units: ['client'] });
    expect(() => createSigner({ ...material, privateKeyPem: other.privateKeyPem })).toThrow(
      /private key does not belong to the certificate of .*CN=User1/,
    );
  });

  it('is loaded from an MSP folder, choosing the key that fits', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'msp-'));
    try {
      await mkdir(path.join(folder, 'signcerts'));
      await mkdir(path.join(folder, 'keystore'));
      await writeFile(path.join(folder, 'signcerts', 'cert.pem'), material.certificatePem);
      const other = authority.issue({ commonName: 'User2', units: ['client'] });
      await writeFile(path.join(folder, 'keystore', 'a_sk'), other.privateKeyPem);
      await expect(loadSigner('OneMSP', folder)).rejects.toThrow('keystore');
      await writeFile(path.join(folder, 'keystore', 'b_sk'), material.privateKeyPem);
      const signer = await loadSigner('OneMSP', folder);
      expect(signer.certificatePem).toBe(createSigner(material).certificatePem);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a certificate with a high S', () => {
  it('is rewritten to low S and still verifies', () => {
    const high = authority.issue({ commonName: 'User1', units: ['client'], highS: true });
    const parsed = new X509Certificate(high.certificatePem);
    const sanitized = sanitizeCertificate(parsed.raw);
    expect(Buffer.from(sanitized)).not.toEqual(parsed.raw);
    const certificate = new X509Certificate(encodePem(sanitized));
    expect(certificate.verify(new X509Certificate(authority.certificatePem).publicKey)).toBe(true);
    expect(sanitizeCertificate(sanitized)).toBe(sanitized);
  });
});
