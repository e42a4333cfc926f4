/**
 * A refusal in a contract's own words. The message starts with a stable code, because the code is all that a
 * client can rely on: Fabric carries only the text of a chaincode's answer.
 */
export class ContractError extends Error {
  constructor(
    readonly code: string,
    detail: string,
  ) {
    super(`${code}: ${detail}`);
    this.name = 'ContractError';
  }
}

const CODED = /^[A-Z][A-Z0-9_]*: /;

/** True when the message starts with a code (`SPOT_NOT_FOUND: …`). */
export const isCoded = (message: string): boolean => CODED.test(message);
