import { contentOf } from '../../../../network/protocol/inspection/layer';
import type { LedgerContent } from '../../../api/ledger-models';

/** Of one value at most. */
const SHOWN_BYTES = 16 * 1024;
/** Of all values of one answer together; once used up, each shows a little. */
const SHOWN_IN_ALL = 1024 * 1024;
const LITTLE_BYTES = 256;

/** What the values of one transaction say: beginnings only of what is big, and all bytes for who asks for a part. */
export class Contents {
  #left = SHOWN_IN_ALL;
  readonly #parts = new Map<string, Uint8Array>();

  /** @param part where the bytes stand in the transaction, such as `actions.0.args.1` */
  of(part: string, bytes: Uint8Array): LedgerContent {
    this.#parts.set(part, bytes);
    const most = Math.min(SHOWN_BYTES, Math.max(LITTLE_BYTES, this.#left));
    this.#left -= Math.min(most, bytes.length);
    const content = contentOf(bytes);
    const described = { size: bytes.length, isWhole: bytes.length <= most, part };
    switch (content.kind) {
      case 'empty':
        return { kind: 'empty' };
      case 'bytes':
        return { kind: 'bytes', hex: hex(bytes.subarray(0, most)), ...described };
      case 'text':
      case 'json':
        return { kind: content.kind, text: beginning(content.text, bytes, most), ...described };
    }
  }

  part(part: string): Uint8Array | undefined {
    return this.#parts.get(part);
  }
}

/** Whole characters only. */
function beginning(text: string, bytes: Uint8Array, most: number): string {
  if (bytes.length <= most) return text;
  return new TextDecoder('utf-8').decode(bytes.subarray(0, most), { stream: true });
}

export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
