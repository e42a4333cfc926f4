export interface PemBlock {
  /** As in its first line: `CERTIFICATE`, `EC PRIVATE KEY`. */
  readonly type: string;
  /** The whole block, line feeds only. */
  readonly pem: string;
}

export interface PemField {
  readonly isEmpty: boolean;
  readonly blocks: readonly PemBlock[];
  /** The type of a block that begins and does not end. */
  readonly cutOff: string | undefined;
  /** What was put right, in words: a byte order mark, line ends of Windows. */
  readonly putRight: readonly string[];
}

const BYTE_ORDER_MARK = '\uFEFF';

/** Reads what somebody pasted or took from a file, as it comes from editors, mails and JSON documents. */
export function readPemField(text: string): PemField {
  const putRight: string[] = [];
  let plain = text;
  const replace = (what: string, changed: string) => {
    if (changed === plain) return;
    plain = changed;
    putRight.push(what);
  };
  replace('a byte order mark', plain.replaceAll(BYTE_ORDER_MARK, ''));
  replace('line breaks written as \\n', plain.replaceAll(/(\\r)?\\n/g, '\n'));
  replace('Windows line endings', plain.replaceAll(/\r\n?/g, '\n'));
  replace('spaces around the lines', plain.replaceAll(/^[ \t]+|[ \t]+$/gm, ''));
  const blocks = [...plain.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----\n?[\s\S]*?-----END \1-----/g)].map(
    ([pem, type = '']): PemBlock => ({ type, pem: `${pem}\n` }),
  );
  const begun = [...plain.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, type = '']) => type);
  return {
    isEmpty: plain.trim() === '',
    blocks,
    cutOff: begun.length > blocks.length ? begun.at(-1) : undefined,
    putRight,
  };
}

export const isCertificate = ({ type }: PemBlock): boolean =>
  type === 'CERTIFICATE' || type === 'X509 CERTIFICATE';
export const isPrivateKey = ({ type }: PemBlock): boolean => type.endsWith('PRIVATE KEY');
