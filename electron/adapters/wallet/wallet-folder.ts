import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { KeyProtector } from '../../core/ports/wallet';
import { problem } from '../../core/problem';
import { isMissing, replaceFile } from '../store/json-lines-file';

const entrySchema = z.object({
  organization: z.string(),
  mspId: z.string(),
  name: z.string(),
  source: z.enum(['issued', 'imported']),
  certificatePem: z.string(),
  /** As the KeyProtector sealed it, bound to the certificate. */
  sealedKey: z.string(),
});
export type WalletEntry = z.infer<typeof entrySchema>;

/** Identities on disk: one file each, certificate readable, key sealed. */
export class WalletFolder {
  constructor(
    private readonly folder: string,
    private readonly protector: KeyProtector,
  ) {}

  async list(): Promise<WalletEntry[]> {
    let names: string[];
    try {
      names = await readdir(this.folder);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
    const files = names.filter((name) => name.endsWith('.json')).sort();
    return Promise.all(files.map((name) => this.#read(path.join(this.folder, name))));
  }

  async add(entry: Omit<WalletEntry, 'sealedKey'>, privateKeyPem: string): Promise<WalletEntry> {
    const sealedKey = await this.protector.seal(Buffer.from(privateKeyPem, 'utf8'), contextOf(entry));
    const whole = { ...entry, sealedKey };
    await replaceFile(this.#file(entry), `${JSON.stringify(whole, undefined, 2)}\n`);
    return whole;
  }

  /** The private key as PEM. Throws KEY_UNUSABLE. */
  async privateKey(entry: WalletEntry): Promise<string> {
    const opened = await this.protector.open(entry.sealedKey, contextOf(entry));
    return Buffer.from(opened).toString('utf8');
  }

  async remove(entry: WalletEntry): Promise<void> {
    await rm(this.#file(entry));
  }

  async #read(file: string): Promise<WalletEntry> {
    try {
      return entrySchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      throw problem('HOME_UNUSABLE', {
        title: `${file} is no identity of the wallet.`,
        detail: error instanceof Error ? error.message : String(error),
        hint: 'Delete it, or put it back from a backup.',
        cause: error,
      });
    }
  }

  /** Names are checked when they are given: they hold no separators. */
  #file = ({ organization, name }: Pick<WalletEntry, 'organization' | 'name'>): string =>
    path.join(this.folder, `${organization}_${name}.json`);
}

const contextOf = ({ mspId, certificatePem }: Pick<WalletEntry, 'mspId' | 'certificatePem'>): string =>
  `${mspId}\n${certificatePem}`;
