import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { msp } from '@hyperledger/fabric-protos';
import { parse } from 'yaml';
import { decodePem } from './certificate-pem';

interface Unit {
  readonly certificate: string;
  readonly name: string;
}

/**
 * The configuration of an MSP folder as cryptogen lays it out: cacerts, intermediatecerts, admincerts, crls,
 * tlscacerts, tlsintermediatecerts and config.yaml (msp/configbuilder.go getMspConfig). Throws, naming the folder or
 * file, when the authorities are missing or config.yaml is malformed. Keys are not read: see loadSigner.
 */
export async function mspConfigFromFolder(mspId: string, folder: string): Promise<msp.MSPConfig> {
  const roots = await pemFiles(path.join(folder, 'cacerts'));
  if (roots.length === 0) {
    throw new Error(`could not load a valid ca certificate from directory ${path.join(folder, 'cacerts')}`);
  }
  const fabric = new msp.FabricMSPConfig();
  fabric.setName(mspId);
  fabric.setRootCertsList(roots);
  fabric.setIntermediateCertsList(await pemFiles(path.join(folder, 'intermediatecerts')));
  fabric.setAdminsList(await pemFiles(path.join(folder, 'admincerts')));
  fabric.setRevocationListList(await pemFiles(path.join(folder, 'crls')));
  fabric.setTlsRootCertsList(await pemFiles(path.join(folder, 'tlscacerts')));
  fabric.setTlsIntermediateCertsList(await pemFiles(path.join(folder, 'tlsintermediatecerts')));
  const crypto = new msp.FabricCryptoConfig();
  crypto.setSignatureHashFamily('SHA2');
  crypto.setIdentityIdentifierHashFunction('SHA256');
  fabric.setCryptoConfig(crypto);
  await readConfiguration(folder, fabric);

  const config = new msp.MSPConfig();
  config.setType(0);
  config.setConfig(fabric.serializeBinary());
  return config;
}

/** Reads `config.yaml` (msp/configbuilder.go Configuration); without it, units are not looked at. */
async function readConfiguration(folder: string, fabric: msp.FabricMSPConfig): Promise<void> {
  const file = path.join(folder, 'config.yaml');
  const text = await readIfPresent(file);
  if (text === undefined) return;
  const problem = (what: string): Error =>
    new Error(`failed unmarshalling configuration file at [${file}]: ${what}`);
  let document: unknown;
  try {
    document = parse(text.toString('utf8'));
  } catch (cause) {
    throw problem(cause instanceof Error ? cause.message : String(cause));
  }
  const configuration = mapping(document, problem);
  const units = configuration['OrganizationalUnitIdentifiers'] ?? [];
  if (!Array.isArray(units)) throw problem('OrganizationalUnitIdentifiers must be a list');
  fabric.setOrganizationalUnitIdentifiersList(
    await Promise.all(units.map((unit: unknown) => readUnit(folder, unitOf(unit, problem)))),
  );

  const nodeUnits = mapping(configuration['NodeOUs'], problem);
  if (nodeUnits['Enable'] !== true) return;
  const read = async (key: string): Promise<msp.FabricOUIdentifier | undefined> => {
    const unit = unitOf(nodeUnits[key], problem);
    return unit.name === '' ? undefined : readUnit(folder, unit);
  };
  const message = new msp.FabricNodeOUs();
  message.setEnable(true);
  message.setClientOuIdentifier(await read('ClientOUIdentifier'));
  message.setPeerOuIdentifier(await read('PeerOUIdentifier'));
  message.setAdminOuIdentifier(await read('AdminOUIdentifier'));
  message.setOrdererOuIdentifier(await read('OrdererOUIdentifier'));
  fabric.setFabricNodeOus(message);
}

function mapping(value: unknown, problem: (what: string) => Error): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw problem('expected a mapping');
  return value as Record<string, unknown>;
}

function unitOf(value: unknown, problem: (what: string) => Error): Unit {
  const { Certificate: certificate = '', OrganizationalUnitIdentifier: name = '' } = mapping(value, problem);
  if (typeof certificate !== 'string' || typeof name !== 'string') {
    throw problem('Certificate and OrganizationalUnitIdentifier must be text');
  }
  return { certificate, name };
}

/** A declared certificate that cannot be read is an error here; genuine Fabric logs it and trusts any authority. */
async function readUnit(folder: string, unit: Unit): Promise<msp.FabricOUIdentifier> {
  const identifier = new msp.FabricOUIdentifier();
  identifier.setOrganizationalUnitIdentifier(unit.name);
  if (unit.certificate !== '') identifier.setCertificate(await readFile(path.join(folder, unit.certificate)));
  return identifier;
}

/** PEM files of a folder in the order of their names; none when the folder does not exist. */
async function pemFiles(folder: string): Promise<Buffer[]> {
  const names = await readdir(folder).catch(absent([]));
  const contents = await Promise.all(
    names.sort().map(async (name) => {
      const file = path.join(folder, name);
      return (await stat(file)).isDirectory() ? undefined : readFile(file);
    }),
  );
  return contents.filter((bytes) => bytes !== undefined).filter((bytes) => decodePem(bytes) !== undefined);
}

async function readIfPresent(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch(absent(undefined));
}

function absent<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return value;
    throw error;
  };
}
