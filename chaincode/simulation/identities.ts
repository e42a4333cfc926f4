import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/** An organization's identity as a proposal carries it. */
export interface Identity {
  readonly mspId: string;
  readonly role: string | undefined;
  readonly certificatePem: string;
}

/** Fabric's extension for attributes in certificates. */
const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';

async function issue(mspId: string, role?: string): Promise<Identity> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const attributes = Buffer.from(JSON.stringify({ attrs: { role } }));
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${role ?? 'someone'}@${mspId}, OU=client`,
    keys,
    signingAlgorithm: algorithm,
    extensions: role === undefined ? [] : [new x509.Extension(ATTRIBUTES_OID, false, attributes)],
  });
  return { mspId, role, certificatePem: certificate.toString('pem') };
}

/** The identities of the network, and for each organization one without a role and one with a wrong one. */
export const identities = {
  registrar: await issue('UserServiceMSP', 'registrar'),
  parkingOperator: await issue('ParkingOperatorMSP', 'operator'),
  chargingOperator: await issue('ChargingStationMSP', 'operator'),
  auditor: await issue('CityManagementMSP', 'auditor'),
  userServiceUser: await issue('UserServiceMSP'),
  parkingUser: await issue('ParkingOperatorMSP'),
  chargingUser: await issue('ChargingStationMSP'),
  cityUser: await issue('CityManagementMSP'),
  userServiceOperator: await issue('UserServiceMSP', 'operator'),
  parkingRegistrar: await issue('ParkingOperatorMSP', 'registrar'),
  chargingRegistrar: await issue('ChargingStationMSP', 'registrar'),
  cityOperator: await issue('CityManagementMSP', 'operator'),
} as const;

export type IdentityName = keyof typeof identities;
