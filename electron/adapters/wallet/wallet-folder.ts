import { X509Certificate } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { KeyProtector } from '../../core/ports/wallet';
import { problem } from '../../core/problem';
import type { StoreReport } from '../../core/store-faults';
import { isMissing, isTaken } from '../store/file-errors';
import { createFile } from '../store/replace-file';

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
  #damaged = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly protector: KeyProtector,
    private readonly report: StoreReport,
  ) {}

  /** Those that can be read; each other file is reported and left where it is. */
  async list(): Promise<WalletEntry[]> {
    const files = (await this.#names())
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => path.join(this.folder, name));
    const read = await Promise.all(files.map((file) => this.#read(file)));
    for (const gone of [...this.#damaged].filter((file) => !files.includes(file))) this.#sound(gone);
    const entries = read.flatMap((entry) => entry ?? []);
    await this.#reportKey(entries);
    return entries;
  }

  /** Before somebody acts as one of them: that none can be used. */
  async #reportKey(entries: readonly WalletEntry[]): Promise<void> {
    try {
      if (entries.length > 0) {
        await this.protector.verify(
          entries.map((entry) => ({ sealed: entry.sealedKey, context: contextOf(entry) })),
        );
      }
      this.report.sound(this.protector.place);
    } catch (error) {
      this.report.unusable(this.protector.place, error);
    }
  }

  /** Throws IDENTITY_EXISTS: never over a file that is there, another console's or a damaged one. */
  async add(entry: Omit<WalletEntry, 'sealedKey'>, privateKeyPem: string): Promise<WalletEntry> {
    const sealedKey = await this.protector.seal(Buffer.from(privateKeyPem, 'utf8'), contextOf(entry));
    const whole = { ...entry, sealedKey };
    const file = this.#file(entry);
    try {
      await createFile(file, `${JSON.stringify(whole, undefined, 2)}\n`);
    } catch (error) {
      if (!isTaken(error)) throw error;
      throw problem('IDENTITY_EXISTS', {
        title: `There is a file of ${entry.organization}/${entry.name} already.`,
        detail: `${file} was made meanwhile, or is damaged and so in no list.`,
        hint: 'Choose another name, or move that file away.',
        cause: error,
      });
    }
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

  async #names(): Promise<string[]> {
    try {
      const names = await readdir(this.folder);
      this.report.sound(this.folder);
      return names;
    } catch (error) {
      if (isMissing(error)) return [];
      this.report.failed(this.folder, error);
      throw error;
    }
  }

  async #read(file: string): Promise<WalletEntry | undefined> {
    try {
      const entry = entrySchema.parse(JSON.parse(await readFile(file, 'utf8')));
      new X509Certificate(entry.certificatePem);
      this.#sound(file);
      return entry;
    } catch (error) {
      // Removed since the folder was listed.
      if (isMissing(error)) return undefined;
      this.#damaged.add(file);
      this.report.damaged(file, damageIn(error));
      return undefined;
    }
  }

  #sound(file: string): void {
    if (this.#damaged.delete(file)) this.report.sound(file);
  }

  /** Names are checked when they are given: they hold no separators. */
  #file = ({ organization, name }: Pick<WalletEntry, 'organization' | 'name'>): string =>
    path.join(this.folder, `${organization}_${name}.json`);
}

const contextOf = ({ mspId, certificatePem }: Pick<WalletEntry, 'mspId' | 'certificatePem'>): string =>
  `${mspId}\n${certificatePem}`;

function damageIn(error: unknown): string {
  if (error instanceof z.ZodError)
    return `It lacks ${error.issues.map(({ path }) => path.join('.')).join(', ')}.`;
  if (error instanceof SyntaxError) return 'It is no JSON.';
  return error instanceof Error ? `${error.message}.` : String(error);
}
