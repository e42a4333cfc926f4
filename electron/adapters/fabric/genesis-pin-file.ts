import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { GenesisPins } from '../../../network/protocol/verification/genesis-pins';
import { replaceFile } from '../store/replace-file';

/** Channel → header hash of its block 0, hex. */
const pinsSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));

/** Remembers the hashes of channels' blocks 0 in the network's folder, and so for as long as there is the network. */
export class GenesisPinFile implements GenesisPins {
  constructor(private readonly file: string) {}

  /** @throws Error where the file is no list of hashes: an anchor that cannot be read is not replaced */
  async get(channelId: string): Promise<Uint8Array | undefined> {
    const hash = (await this.#read())[channelId];
    return hash === undefined ? undefined : Buffer.from(hash, 'hex');
  }

  async pin(channelId: string, headerHash: Uint8Array): Promise<void> {
    const pins = { ...(await this.#read()), [channelId]: Buffer.from(headerHash).toString('hex') };
    await replaceFile(this.file, `${JSON.stringify(pins, undefined, 2)}\n`);
  }

  async #read(): Promise<z.infer<typeof pinsSchema>> {
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
      throw error;
    }
    try {
      return pinsSchema.parse(JSON.parse(text));
    } catch (error) {
      throw new Error(
        `${this.file} cannot be read: put it back from a backup, or delete it to trust the ledgers as they are now`,
        { cause: error },
      );
    }
  }
}
