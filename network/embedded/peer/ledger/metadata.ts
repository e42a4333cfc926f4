import { metadataHintKey, Area } from './keys';
import type { MetadataUse } from '../../../protocol/validation/key-metadata';
import type { Change, StateReader } from './state-database';

/**
 * Remembers the namespaces in which any key ever had metadata, so that writes elsewhere need not look for some
 * (privacyenabledstate metadataHint).
 */
export class MetadataHint implements MetadataUse {
  private constructor(private readonly namespaces: Set<string>) {}

  static async load(reader: StateReader): Promise<MetadataHint> {
    const namespaces = new Set<string>();
    for await (const key of reader.keys(Buffer.from([Area.METADATA_HINT]))) {
      namespaces.add(key.toString('utf8', 1));
    }
    return new MetadataHint(namespaces);
  }

  /** To be called when the database is emptied. */
  forget(): void {
    this.namespaces.clear();
  }

  everUsed(namespace: string): boolean {
    return this.namespaces.has(namespace);
  }

  /** Notes a namespace; the changes go into the batch of the block that brings its metadata. */
  note(namespace: string): Change[] {
    if (this.namespaces.has(namespace)) return [];
    this.namespaces.add(namespace);
    return [{ key: metadataHintKey(namespace), value: Buffer.alloc(0) }];
  }
}
