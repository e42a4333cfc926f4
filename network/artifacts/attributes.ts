import { X509Certificate } from 'node:crypto';
import { readChildren, readElement, readOid, Tag, type DerElement } from '../protocol/der';

/** Fabric's attribute extension (fabric-ca lib/attrmgr): contracts read it through the client identity library. */
export const ATTRIBUTE_OID = '1.2.3.4.5.6.7.8.1';
/** Context-specific tag of a certificate's extensions (RFC 5280, `[3] EXPLICIT Extensions`). */
const EXTENSIONS_TAG = 0xa3;

export type Attributes = Readonly<Record<string, string>>;

/** The attributes fabric-ca puts into every enrollment certificate, with those given. */
export function enrollmentAttributes(enrollmentId: string, type: string, attributes: Attributes): Attributes {
  return { 'hf.Affiliation': '', 'hf.EnrollmentID': enrollmentId, 'hf.Type': type, ...attributes };
}

/** Value of the extension: a JSON document, names in order as Go marshals a map. UTF-8. */
export function attributeDocument(attributes: Attributes): Buffer {
  const sorted = Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
  return Buffer.from(JSON.stringify({ attrs: sorted }), 'utf8');
}

/** Attributes of a certificate (PEM); none where it has no such extension. Throws SyntaxError when it holds no JSON. */
export function certificateAttributes(certificatePem: string): Attributes {
  const value = extensionValue(new X509Certificate(certificatePem).raw, ATTRIBUTE_OID);
  if (value === undefined) return {};
  const parsed = JSON.parse(Buffer.from(value).toString('utf8')) as { attrs?: Attributes };
  return parsed.attrs ?? {};
}

function extensionValue(certificate: Uint8Array, oid: string): Uint8Array | undefined {
  const [body] = readChildren(readElement(certificate));
  const wrapper = childrenOf(body).find(({ tag }) => tag === EXTENSIONS_TAG);
  const extensions = childrenOf(childrenOf(wrapper)[0]).map(readChildren);
  const found = extensions.find(([id]) => id !== undefined && readOid(id) === oid);
  return found?.find(({ tag }) => tag === Tag.OCTET_STRING)?.contents;
}

function childrenOf(element: DerElement | undefined): DerElement[] {
  return element === undefined ? [] : readChildren(element);
}
