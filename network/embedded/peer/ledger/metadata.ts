import { metadataHintKey, Area } from './keys';
import { decodeMetadataWrite, type MetadataEntry } from '../../../protocol/read-write-set';
import type { Change, StateReader } from './state-database';
import { WireEncoder } from './wire-encoder';

/** Name under which a key's metadata holds its endorsement policy (peer.MetaDataKeys). */
export const VALIDATION_PARAMETER = 'VALIDATION_PARAMETER';

/** Metadata as stored with a key: a kvrwset.KVMetadataWrite with the entries alone (statemetadata.Serialize). */
export function encodeMetadata(entries: readonly MetadataEntry[]): Buffer {
  const encoder = new WireEncoder();
  for (const { name, value } of entries) {
    encoder.message(2, new WireEncoder().string(1, name).bytes(2, value).finish());
  }
  return encoder.finish();
}

/** One entry of stored metadata. Throws MalformedMessage. */
export function metadataEntry(stored: Uint8Array | undefined, name: string): Uint8Array | undefined {
  if (stored === undefined) return undefined;
  return decodeMetadataWrite(stored).entries.findLast((entry) => entry.name === name)?.value;
}

/**
 * Remembers the namespaces in which any key ever had metadata, so that writes elsewhere need not look for some
 * (privacyenabledstate metadataHint).
 */
export class MetadataHint {
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
