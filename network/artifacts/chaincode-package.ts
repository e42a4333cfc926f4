import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { Contract, Topology } from '../topology/schema';
import { contractAddress, packageLabel, type Addressing } from '../topology/views';
import { sha256 } from '../protocol/hash';
import type { ContractPaths } from './paths';

/** How long a peer tries to reach the contract's process. */
const DIAL_TIMEOUT = '10s';
/** Byte of a gzip header that names the operating system (RFC 1952); 255 is "unknown". */
const GZIP_OS_OFFSET = 9;
const GZIP_OS_UNKNOWN = 255;

export interface ChaincodePackage {
  readonly label: string;
  /** `label:` and the SHA-256 of the package in hex: what `peer lifecycle chaincode calculatepackageid` prints. */
  readonly packageId: string;
  /** The package as `peer lifecycle chaincode install` takes it (tar.gz). */
  readonly bytes: Buffer;
}

/**
 * Packages a contract served as chaincode-as-a-service. The same arguments give the same bytes on every machine, so
 * that every organization installs the same package id.
 * @param rootCertificatePem TLS CA that signed the contract process's certificate
 */
export async function createChaincodePackage(
  topology: Topology,
  contract: Contract,
  rootCertificatePem: string,
  addressing: Addressing,
): Promise<ChaincodePackage> {
  const label = packageLabel(contract);
  const connection = {
    address: contractAddress(topology, contract, addressing),
    dial_timeout: DIAL_TIMEOUT,
    tls_required: true,
    client_auth_required: false,
    root_cert: rootCertificatePem,
  };
  const code = await tarGz([['connection.json', JSON.stringify(connection)]]);
  const bytes = await tarGz([
    ['metadata.json', JSON.stringify({ path: '', type: 'ccaas', label })],
    ['code.tar.gz', code],
  ]);
  return { label, packageId: packageId(label, bytes), bytes };
}

/** Package id of an installable package (core/chaincode/persistence, `PackageID`). */
export function packageId(label: string, bytes: Uint8Array): string {
  return `${label}:${sha256(bytes).toString('hex')}`;
}

/** Reads a contract's package as it was created. Throws the file system's error when it isn't there. */
export async function readChaincodePackage({ label, packageFile }: ContractPaths): Promise<ChaincodePackage> {
  const bytes = await readFile(packageFile);
  return { label, packageId: packageId(label, bytes), bytes };
}

/** Nothing of the moment, the user or the machine goes in; stored, since deflate's output may differ by version. */
async function tarGz(files: readonly (readonly [name: string, content: string | Buffer])[]): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of files) {
    archive.entry({ name, mode: 0o100644, uid: 0, gid: 0, mtime: new Date(0), type: 'file' }, content);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  const zipped = gzipSync(Buffer.concat(chunks), { level: 0 });
  zipped.writeUInt8(GZIP_OS_UNKNOWN, GZIP_OS_OFFSET);
  return zipped;
}
