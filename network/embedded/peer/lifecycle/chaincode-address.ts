import { parseDuration } from '../../node/environment';
import type { ChaincodePackage } from './package-archive';
import { untar } from './package-archive';

/** Where a chaincode-as-a-service listens and how to reach it. */
export interface ChaincodeAddress {
  readonly address: string;
  readonly dialTimeoutMs: number;
  readonly tls: ChaincodeTls | undefined;
}

export interface ChaincodeTls {
  readonly rootCert: string;
  /** Present when the chaincode asks for a client certificate. PEM. */
  readonly client: { readonly key: string; readonly cert: string } | undefined;
}

const DEFAULT_DIAL_TIMEOUT_MS = 3_000;

/**
 * Reads connection.json of a `ccaas` package, as the builder that ships with Fabric does (ccaas_builder/cmd/build and
 * core/container/externalbuilder/instance.go). `{{.name}}` in its values is replaced from the JSON object in
 * CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG. Throws for packages of another type: this peer builds nothing.
 */
export async function chaincodeAddress(
  chaincode: ChaincodePackage,
  builderConfig: string | undefined,
): Promise<ChaincodeAddress> {
  if (chaincode.type.toLowerCase() !== 'ccaas') {
    throw new Error(`error building image: no DockerBuilder, cannot build`, {
      cause: new Error(`chaincode type not supported: ${chaincode.type}; package it as ccaas`),
    });
  }
  const file = (await untar(chaincode.code)).get('connection.json');
  if (file === undefined) {
    throw builderFailed('connection.json not found in the code package');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(file.toString('utf8'));
  } catch {
    throw builderFailed('connection.json is not valid JSON');
  }
  const fields = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  const values = builderValues(builderConfig);
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? fillTemplate(value, values) : '';
  };

  const address = text('address');
  if (address === '') throw builderFailed('chaincode address not provided');
  return {
    address,
    dialTimeoutMs: dialTimeout(text('dial_timeout')),
    tls: fields.tls_required === true ? tlsOf(text, fields.client_auth_required === true) : undefined,
  };
}

function tlsOf(text: (name: string) => string, clientAuth: boolean): ChaincodeTls {
  const [key, cert, rootCert] = [text('client_key'), text('client_cert'), text('root_cert')];
  if (clientAuth && key === '') throw builderFailed('chaincode tls key not provided');
  if (clientAuth && cert === '') throw builderFailed('chaincode tls cert not provided');
  if (rootCert === '') throw builderFailed('chaincode tls root cert not provided');
  return { rootCert, client: clientAuth ? { key, cert } : undefined };
}

function dialTimeout(text: string): number {
  if (text === '') return DEFAULT_DIAL_TIMEOUT_MS;
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw builderFailed(`invalid dial_timeout '${text}'`);
  return milliseconds === 0 ? DEFAULT_DIAL_TIMEOUT_MS : milliseconds;
}

function builderValues(config: string | undefined): Record<string, unknown> {
  if (config === undefined || config === '') return {};
  const parsed: unknown = JSON.parse(config);
  return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
}

function fillTemplate(text: string, values: Record<string, unknown>): string {
  return text.replace(/\{\{\s*\.(\w+)\s*\}\}/g, (_, name: string) => {
    const value = values[name];
    if (typeof value !== 'string') {
      throw builderFailed(`map has no entry for key "${name}": set CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG`);
    }
    return value;
  });
}

function builderFailed(reason: string): Error {
  return new Error(
    `error building image: external builder failed: external builder failed to build: external builder 'ccaas_builder' failed: ${reason}`,
  );
}
