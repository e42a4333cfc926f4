import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { KeyProtector, Sealed } from '../../core/ports/wallet';
import { problem, ProblemError } from '../../core/problem';
import { isMissing, isTaken } from '../store/file-errors';
import { createFile } from '../store/replace-file';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM under a key in a file that only its owner may read. It keeps keys out of copies of the wallet and its
 * backups, not from whoever can read this file: the desktop shell's keychain does better.
 */
export class KeyFileProtector implements KeyProtector {
  #key: Promise<Buffer> | undefined;

  constructor(private readonly file: string) {}

  get place(): string {
    return this.file;
  }

  async seal(secret: Uint8Array, context: string): Promise<string> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', await this.#loaded('create'), nonce);
    cipher.setAAD(Buffer.from(context, 'utf8'));
    const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  async open(sealed: string, context: string): Promise<Uint8Array> {
    try {
      return deciphered(await this.#loaded('keep'), { sealed, context });
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      throw problem('KEY_UNUSABLE', {
        title: 'The private key of this identity cannot be decrypted.',
        detail: `It was encrypted with another key than the one in ${this.file}, or one of the two was changed.`,
        hint: 'Put the key file back from a backup, or remove the identity and import it again.',
        cause: error,
      });
    }
  }

  async verify(secrets: readonly Sealed[]): Promise<void> {
    const key = await this.#read().catch((error: unknown) => {
      throw isMissing(error) ? this.#unusable(`${this.file} is missing`, error) : error;
    });
    if (secrets.length === 0 || secrets.some((secret) => opens(key, secret))) return;
    throw this.#unusable(`${this.file} holds another key than the one they were encrypted with`);
  }

  #loaded(missing: 'create' | 'keep'): Promise<Buffer> {
    this.#key ??= this.#load(missing);
    this.#key.catch(() => (this.#key = undefined));
    return this.#key;
  }

  async #load(missing: 'create' | 'keep'): Promise<Buffer> {
    try {
      const key = await this.#read();
      await chmod(this.file, 0o600);
      return key;
    } catch (error) {
      if (!isMissing(error)) throw error;
      // Another key would make the lost one useless where it comes back.
      if (missing === 'keep' || (await this.#holdsIdentities())) {
        throw this.#unusable(`${this.file} is missing`, error);
      }
    }
    const key = randomBytes(KEY_BYTES);
    try {
      await createFile(this.file, key);
      return key;
    } catch (error) {
      // Never over another console's key, which was written meanwhile.
      if (isTaken(error)) return this.#load('keep');
      throw error;
    }
  }

  async #read(): Promise<Buffer> {
    const key = await readFile(this.file);
    if (key.length !== KEY_BYTES) throw this.#unusable(`${this.file} is damaged`);
    return key;
  }

  async #holdsIdentities(): Promise<boolean> {
    try {
      const names = await readdir(path.dirname(this.file), { recursive: true });
      return names.some((name) => name.endsWith('.json'));
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  #unusable = (what: string, cause?: unknown): ProblemError =>
    problem('KEY_UNUSABLE', {
      title: 'The key of the wallet cannot be used.',
      detail: `${what}: without it the private keys of all identities in the wallet stay encrypted.`,
      hint: 'Put it back from a backup. Without one, remove those identities, delete the file and import them again.',
      cause,
    });
}

function deciphered(key: Buffer, { sealed, context }: Sealed): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const rest = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(rest), decipher.final()]);
}

function opens(key: Buffer, secret: Sealed): boolean {
  try {
    deciphered(key, secret);
    return true;
  } catch {
    return false;
  }
}
