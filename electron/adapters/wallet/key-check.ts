import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Certificate } from '../../../network/protocol/certificate';
import { curveOf } from '../../../network/protocol/low-s';
import { keyTypeOf, oneLine } from './certificate-facts';
import { failed, passed, skipped } from './finding';
import type { Finding } from './finding';
import { isCertificate, isPrivateKey } from './pem-field';
import type { PemField } from './pem-field';

const NEW_KEY =
  'Have the CA issue a certificate for an ECDSA key on P-256 (`fabric-ca-client enroll --csr.keyrequest.algo ecdsa --csr.keyrequest.size 256`), or issue a new identity here.';

/** The private key of a field. `missing`: nothing was given yet, in either field. */
export function readKey(
  field: PemField,
  missing: boolean,
): { readonly key: KeyObject | undefined; readonly finding: Finding } {
  const refuse = (title: string, detail: string, hint: string) => ({
    key: undefined,
    finding: failed('key', 'KEY_UNUSABLE', title, detail, hint),
  });
  if (missing || field.isEmpty) {
    return { key: undefined, finding: skipped('key', 'No private key has been given yet.') };
  }
  const block = field.blocks.find(isPrivateKey);
  if (!block) return refuse(...notAKey(field));
  if (block.type.startsWith('ENCRYPTED') || /^Proc-Type: 4,ENCRYPTED/m.test(block.pem)) {
    return refuse(
      'The private key is encrypted with a password.',
      'The console does not ask for passwords of keys.',
      'Decrypt it first: `openssl pkcs8 -in key.pem -out plain.pem`. The wallet encrypts it again; delete plain.pem afterwards.',
    );
  }
  if (block.type === 'OPENSSH PRIVATE KEY') {
    return refuse(
      'That is a key of SSH.',
      'Fabric’s keys are PKCS#8 or SEC 1.',
      'Choose the key from the folder `keystore` beside the certificate’s `signcerts`.',
    );
  }
  try {
    const key = createPrivateKey(block.pem);
    const right = field.putRight.length === 0 ? '' : `Put right: ${field.putRight.join(', ')}.`;
    return { key, finding: passed('key', 'The private key can be read.', right) };
  } catch (error) {
    return refuse(
      'That is no private key.',
      `Between its lines stands something else or only a part: ${error instanceof Error ? error.message : String(error)}`,
      'Copy the file anew, whole.',
    );
  }
}

function notAKey(field: PemField): [title: string, detail: string, hint: string] {
  const [block] = field.blocks;
  const beside = 'Choose the key from the folder `keystore` beside the certificate’s `signcerts`.';
  if (block && isCertificate(block)) {
    return [
      'That is a certificate, not a private key.',
      '',
      `Give the certificate in its own field. ${beside}`,
    ];
  }
  if (block?.type.endsWith('PUBLIC KEY')) {
    return ['That is a public key, not a private one.', 'Nobody can sign with it.', beside];
  }
  return [
    'That is no private key.',
    field.cutOff
      ? `It is cut off: the line -----END ${field.cutOff}----- is missing.`
      : block
        ? `It is a ${block.type}.`
        : 'It holds no PEM block.',
    'A PEM file begins with -----BEGIN PRIVATE KEY----- or -----BEGIN EC PRIVATE KEY-----; copy both lines and all between.',
  ];
}

/** Whether Fabric signs with it: the key's own kind, and the certificate's where there is no key yet. */
export function checkKeyType(key: KeyObject | undefined, certificate: Certificate | undefined): Finding {
  const looked = key ?? certificate?.x509.publicKey;
  if (!looked) return skipped('keyType', 'Whether Fabric signs with it.');
  const type = keyTypeOf(looked);
  if (looked.asymmetricKeyType === 'ec' && curveOf(looked) !== undefined) {
    return passed('keyType', `${type}: Fabric signs with it.`);
  }
  const detail =
    looked.asymmetricKeyType === 'ed25519'
      ? 'It is Ed25519, which nodes of Fabric 2.5 do not know.'
      : looked.asymmetricKeyType === 'ec'
        ? `It is an elliptic-curve key on ${looked.asymmetricKeyDetails?.namedCurve ?? 'an unnamed curve'}; Fabric knows P-256 and P-384.`
        : `It is ${type}; Fabric signs with ECDSA on P-256 or P-384 only.`;
  return failed('keyType', 'KEY_UNUSABLE', 'Fabric does not sign with this kind of key.', detail, NEW_KEY);
}

export function belongs(key: KeyObject | undefined, certificate: Certificate | undefined): Finding {
  if (!key || !certificate) return skipped('match', 'Whether key and certificate belong together.');
  if (createPublicKey(key).equals(certificate.x509.publicKey)) {
    return passed('match', 'The key belongs to the certificate.');
  }
  return failed(
    'match',
    'KEY_UNUSABLE',
    'The private key does not belong to the certificate.',
    `The certificate is that of ${oneLine(certificate.x509.subject)}.`,
    'Choose the key from the `keystore` folder beside the certificate’s `signcerts`.',
  );
}
