import { peer } from '@hyperledger/fabric-protos';

/** What a committing peer decided about a transaction (`protos.TxValidationCode`), one byte in a block's filter. */
export type ValidationCode = peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap];

export const VALID: ValidationCode = peer.TxValidationCode.VALID;

const names = new Map<number, keyof peer.TxValidationCodeMap>(
  Object.entries(peer.TxValidationCode).map(([name, code]) => [
    code as number,
    name as keyof peer.TxValidationCodeMap,
  ]),
);

export function isValidationCode(code: number): code is ValidationCode {
  return names.has(code);
}

/** Fabric's name of a code, such as `MVCC_READ_CONFLICT`; an unknown code is named by its number, as Go's enums are. */
export function validationCodeName(code: number): string {
  return names.get(code) ?? String(code);
}

/** Reads one byte of a transactions filter. Throws RangeError on a value Fabric does not define. */
export function validationCode(code: number): ValidationCode {
  if (!isValidationCode(code))
    throw new RangeError(`${code} is not a transaction validation code of Fabric 2.5`);
  return code;
}
