import { decodeMetadataWrite, type MetadataEntry } from '../read-write-set';
import { WireEncoder } from '../wire-encoder';

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

/** Knows where keys can have metadata, so that writes elsewhere need not look for some. */
export interface MetadataUse {
  everUsed(namespace: string): boolean;
}
