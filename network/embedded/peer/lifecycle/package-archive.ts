import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { messageOf, withMessage } from '../../../protocol/cause';

const inflate = promisify(gunzip);
const LABEL = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/;

/** Most bytes an archive may unpack to: a peer must not be filled by a small package that inflates without end. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

export interface ChaincodePackage {
  readonly label: string;
  /** As metadata.json names it: `ccaas` for chaincode-as-a-service. */
  readonly type: string;
  /** The inner archive, code.tar.gz. */
  readonly code: Uint8Array;
}

/** Opens a chaincode install package. Throws with the texts of core/chaincode/persistence/chaincode_package.go. */
export async function parsePackage(bytes: Uint8Array): Promise<ChaincodePackage> {
  const files = await untar(bytes);
  const code = files.get('code.tar.gz');
  if (code === undefined) throw new Error('did not find a code package inside the package');
  const metadata = files.get('metadata.json');
  if (metadata === undefined) {
    throw new Error('did not find any package metadata (missing metadata.json)');
  }
  const { label, type } = parseMetadata(metadata);
  if (!LABEL.test(label)) {
    throw new Error(
      `invalid label '${label}'. Label must be non-empty, can only consist of alphanumerics, symbols from '.+-_', and can only begin with alphanumerics`,
    );
  }
  return { label, type, code };
}

/** Regular files of a gzipped tar archive, by name. */
export async function untar(archive: Uint8Array): Promise<Map<string, Buffer>> {
  let tar: Buffer;
  try {
    tar = await inflate(archive, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (cause) {
    throw withMessage(`gzip: invalid header (${messageOf(cause)})`, 'error reading as gzip stream');
  }
  const files = new Map<string, Buffer>();
  const entries = Readable.from([tar]).pipe(extract());
  try {
    for await (const entry of entries) {
      if (entry.header.type === 'directory') {
        throw new Error(`tar entry ${entry.header.name} is not a regular file, type 53`);
      }
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      files.set(entry.header.name, Buffer.concat(chunks));
    }
  } catch (cause) {
    if (messageOf(cause).startsWith('tar entry')) throw cause;
    throw withMessage(cause, 'error inspecting next tar header');
  }
  return files;
}

function parseMetadata(bytes: Buffer): { label: string; type: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw withMessage(cause, 'could not unmarshal metadata.json as json');
  }
  const fields = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { label: text(fields.label), type: text(fields.type) };
}
