import jspb from 'google-protobuf';

/**
 * google-protobuf reads some malformed input without complaint; Fabric's Go decoder refuses it. Since two nodes must
 * agree on what is malformed, messages from outside are decoded here.
 */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** What Go's protobuf says of bytes that are no message. */
export const MALFORMED = 'proto: cannot parse invalid wire-format data';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * google-protobuf turns text that is not UTF-8 into other characters, so that different bytes would become the same
 * key. Go refuses such messages, and so does every reader of this process once this module is loaded.
 */
jspb.BinaryReader.prototype.readString = function readString(this: jspb.BinaryReader): string {
  return strictUtf8.decode(this.readBytes());
};

interface MessageType<T> {
  deserializeBinary(bytes: Uint8Array): T;
}

/**
 * Decodes a protobuf message. `name` is the message's name as Fabric's error texts carry it.
 * Throws WireError (`error unmarshalling <name>: …`, protoutil/unmarshalers.go) on malformed bytes.
 */
export function decodeMessage<T>(type: MessageType<T>, bytes: Uint8Array, name: string): T {
  try {
    checkWireFormat(bytes);
    return type.deserializeBinary(bytes);
  } catch (cause) {
    throw new WireError(`error unmarshalling ${name}: ${MALFORMED}`, {
      cause,
    });
  }
}

/** Walks the top-level fields: each must be well-formed and the last must end where the bytes do. */
function checkWireFormat(bytes: Uint8Array): void {
  let offset = 0;
  const groups: number[] = [];
  const varint = (): number => {
    let value = 0;
    for (let index = 0; index < 10; index++) {
      const byte = bytes[offset++];
      if (byte === undefined) throw new WireError('truncated varint');
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    throw new WireError('varint longer than 10 bytes');
  };
  while (offset < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    if (field < 1 || field > 0x1fffffff) throw new WireError('invalid field number');
    switch (key % 8) {
      case 0:
        varint();
        break;
      case 1:
        offset += 8;
        break;
      case 2: {
        const length = varint();
        offset += length;
        break;
      }
      case 3:
        groups.push(field);
        break;
      case 4:
        if (groups.pop() !== field) throw new WireError('mismatching end group');
        break;
      case 5:
        offset += 4;
        break;
      default:
        throw new WireError('invalid wire type');
    }
    if (offset > bytes.length) throw new WireError('truncated field');
  }
  if (groups.length > 0) throw new WireError('unterminated group');
}
