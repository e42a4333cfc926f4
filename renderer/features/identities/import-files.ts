/** A PEM file of an identity has a few kilobytes; the service takes no more than this of either field. */
const LARGEST_BYTES = 100_000;

export interface ReadFiles {
  readonly certificatePem?: string;
  readonly privateKeyPem?: string;
  /** What was done with which file, or why nothing was; in words. */
  readonly notes: readonly string[];
}

/** Puts each file where it belongs by what is in it, whatever it is called. */
export async function readFiles(files: readonly File[]): Promise<ReadFiles> {
  const notes: string[] = [];
  const found: { certificatePem?: string; privateKeyPem?: string } = {};
  for (const file of files) {
    if (file.size > LARGEST_BYTES) {
      notes.push(`${file.name} is too large to be a certificate or key.`);
      continue;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const text = new TextDecoder(utf16(bytes) ?? 'utf-8').decode(bytes);
    const hasKey = text.includes('PRIVATE KEY-----');
    const hasCertificate = text.includes('-----BEGIN CERTIFICATE-----');
    if (!text.includes('-----BEGIN')) {
      notes.push(
        bytes[0] === 0x30
          ? `${file.name} is binary (DER). Convert it: openssl x509 -inform der -in ${file.name} -out cert.pem`
          : `${file.name} holds no PEM block.`,
      );
    } else if (hasKey && hasCertificate) {
      found.certificatePem = text;
      found.privateKeyPem = '';
      notes.push(`${file.name} holds certificate and key.`);
    } else if (hasKey) {
      found.privateKeyPem = text;
      notes.push(`${file.name} is the key.`);
    } else {
      found.certificatePem = text;
      notes.push(`${file.name} is the certificate.`);
    }
  }
  return { ...found, notes };
}

/** Editors of Windows save "Unicode" as UTF-16 with a byte order mark. */
function utf16(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}
