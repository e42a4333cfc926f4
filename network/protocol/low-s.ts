import type { KeyObject } from 'node:crypto';
import { encodeElement, encodeInteger, readChildren, readExactly, readInteger, Tag } from './der';

/** Curves a Fabric MSP accepts for ECDSA (bccsp/utils/ecdsa.go), by the names node:crypto gives them. */
export type Curve = 'prime256v1' | 'secp224r1' | 'secp384r1' | 'secp521r1';

const orders: Record<Curve, bigint> = {
  secp224r1: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1:
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  secp521r1:
    0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
};

/** The curve of an elliptic-curve key; undefined for other keys and for curves Fabric does not know. */
export function curveOf(key: KeyObject): Curve | undefined {
  const name = key.asymmetricKeyDetails?.namedCurve;
  return name !== undefined && name in orders ? (name as Curve) : undefined;
}

/** The two integers of a DER ECDSA signature. Throws DerError when it is malformed or an integer is not positive. */
export function readEcdsaSignature(der: Uint8Array): { r: bigint; s: bigint } {
  const [r, s, ...rest] = readChildren(readExactly(der, Tag.SEQUENCE)).map(readInteger);
  if (r === undefined || s === undefined || rest.length > 0 || r <= 0n || s <= 0n) {
    throw new TypeError('an ECDSA signature is a sequence of two positive integers');
  }
  return { r, s };
}

/**
 * The same ECDSA signature with S in the lower half of the group order, as Fabric demands of every signature
 * (bccsp/utils/ecdsa.go ToLowS). `der` is returned as it is when S is low already.
 */
export function toLowS(der: Uint8Array, curve: Curve = 'prime256v1'): Uint8Array {
  const { r, s } = readEcdsaSignature(der);
  const order = orders[curve];
  if (s <= order >> 1n) return der;
  return encodeElement(Tag.SEQUENCE, encodeInteger(r), encodeInteger(order - s));
}

/** Whether S lies in the lower half of the group order. False for bytes that are no ECDSA signature. */
export function isLowS(der: Uint8Array, curve: Curve = 'prime256v1'): boolean {
  try {
    return readEcdsaSignature(der).s <= orders[curve] >> 1n;
  } catch {
    return false;
  }
}
