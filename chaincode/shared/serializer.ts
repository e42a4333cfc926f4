import { JSONSerializer } from 'fabric-contract-api';
import { canonicalJson } from './canonical-json';

/** fabric-contract-api's own reading of arguments, with results written as canonical JSON. */
export class CanonicalSerializer extends JSONSerializer {
  override toBuffer(result: unknown): Buffer {
    return Buffer.from(canonicalJson(result));
  }
}
