import { Extension, X509Certificate } from './x509';

/** Fabric's attribute extension (fabric-ca lib/attrmgr): contracts read it through the client identity library. */
export const ATTRIBUTE_OID = '1.2.3.4.5.6.7.8.1';

export type Attributes = Readonly<Record<string, string>>;

/** The attributes fabric-ca puts into every enrollment certificate, with those given. */
export function enrollmentAttributes(enrollmentId: string, type: string, attributes: Attributes): Attributes {
  return { 'hf.Affiliation': '', 'hf.EnrollmentID': enrollmentId, 'hf.Type': type, ...attributes };
}

/** The extension's value is the JSON document itself, names in order as Go marshals a map; not critical. */
export function attributeExtension(attributes: Attributes): Extension {
  const sorted = Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
  return new Extension(ATTRIBUTE_OID, false, Buffer.from(JSON.stringify({ attrs: sorted }), 'utf8'));
}

/** Attributes of a certificate (PEM); none where it has no such extension. Throws SyntaxError when it holds no JSON. */
export function certificateAttributes(certificatePem: string): Attributes {
  const extension = new X509Certificate(certificatePem).getExtension(ATTRIBUTE_OID);
  if (extension === null) return {};
  const parsed = JSON.parse(Buffer.from(extension.value).toString('utf8')) as { attrs?: Attributes };
  return parsed.attrs ?? {};
}
