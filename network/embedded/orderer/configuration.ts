/** The orderer's configuration: the ORDERER_* variables of a genuine one, with orderer.yaml's defaults. */
import { readFile } from 'node:fs/promises';
import { Environment, EnvironmentError, type Variables } from '../node/environment';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface TlsMaterial {
  /** PEM. */
  readonly certificate: Buffer;
  readonly key: Buffer;
  readonly clientRootCas: readonly Buffer[];
  readonly clientAuthRequired: boolean;
}

export interface OrdererConfiguration {
  readonly listenAddress: Address;
  readonly tls: TlsMaterial | undefined;
  readonly localMspId: string;
  readonly localMspDir: string;
  /** Certificates this node may stand with in a channel's consenter set, PEM: the cluster's and the listener's own. */
  readonly consenterCertificates: readonly Buffer[];
  readonly maxMessageBytes: number;
  readonly keepalive: { readonly intervalMs: number; readonly timeoutMs: number };
  /** Largest difference of a Deliver request's time from ours. */
  readonly authenticationTimeWindowMs: number;
  readonly expirationChecks: boolean;
  readonly admin: { readonly address: Address; readonly tls: TlsMaterial | undefined };
  readonly participation: { readonly enabled: boolean; readonly maxRequestBodyBytes: number };
  readonly operationsAddress: Address;
  readonly ledgerLocation: string;
}

const DEFAULT_MESSAGE_BYTES = 104_857_600;

async function readPem(name: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new EnvironmentError(`${name}: cannot read ${file} (${code ?? String(error)})`, { cause: error });
  }
}

async function readTls(
  environment: Environment,
  prefix: string,
  defaults: { readonly enabled: boolean; readonly clientAuthRequired: boolean },
): Promise<TlsMaterial | undefined> {
  if (!environment.bool(`${prefix}_ENABLED`, defaults.enabled)) return undefined;
  const pem = (name: string): Promise<Buffer> => readPem(name, environment.string(name));
  const rootCas = environment.list(`${prefix}_CLIENTROOTCAS`);
  return {
    certificate: await pem(`${prefix}_CERTIFICATE`),
    key: await pem(`${prefix}_PRIVATEKEY`),
    clientRootCas: await Promise.all(rootCas.map((file) => readPem(`${prefix}_CLIENTROOTCAS`, file))),
    clientAuthRequired: environment.bool(`${prefix}_CLIENTAUTHREQUIRED`, defaults.clientAuthRequired),
  };
}

/** Bytes of a size such as `1 MB` or `1048576`, as viper's decode hook reads them. */
function byteSize(environment: Environment, name: string, fallback: string): number {
  const text = environment.string(name, fallback);
  const match = /^(\d+)\s*([kmg]?)b?$/i.exec(text);
  const power = { '': 0, k: 1, m: 2, g: 3 }[(match?.[2] ?? '').toLowerCase()];
  if (match === null || power === undefined)
    throw new EnvironmentError(`${name}=${text}: expected a size such as 1 MB`);
  return Number(match[1]) * 1024 ** power;
}

/** @throws EnvironmentError naming the variable, for whatever is missing, unreadable or not offered here */
export async function readConfiguration(variables: Variables = process.env): Promise<OrdererConfiguration> {
  const environment = new Environment(variables);
  const method = environment.string('ORDERER_GENERAL_BOOTSTRAPMETHOD', 'none');
  if (method !== 'none') {
    throw new EnvironmentError(
      `ORDERER_GENERAL_BOOTSTRAPMETHOD=${method}: this orderer has no system channel; set it to none and join ` +
        'channels through the admin endpoint',
    );
  }
  const tls = await readTls(environment, 'ORDERER_GENERAL_TLS', {
    enabled: false,
    clientAuthRequired: false,
  });
  const adminTls = await readTls(environment, 'ORDERER_ADMIN_TLS', {
    enabled: false,
    clientAuthRequired: true,
  });
  if (adminTls !== undefined && !adminTls.clientAuthRequired) {
    throw new EnvironmentError(
      'ORDERER_ADMIN_TLS_CLIENTAUTHREQUIRED must be true if ORDERER_ADMIN_TLS_ENABLED is true',
    );
  }
  const clusterCertificate = environment.optional('ORDERER_GENERAL_CLUSTER_CLIENTCERTIFICATE');
  return {
    listenAddress: {
      host: environment.string('ORDERER_GENERAL_LISTENADDRESS', '127.0.0.1'),
      port: environment.int('ORDERER_GENERAL_LISTENPORT', 7050),
    },
    tls,
    localMspId: environment.string('ORDERER_GENERAL_LOCALMSPID'),
    localMspDir: environment.string('ORDERER_GENERAL_LOCALMSPDIR'),
    consenterCertificates: [
      ...(clusterCertificate === undefined
        ? []
        : [await readPem('ORDERER_GENERAL_CLUSTER_CLIENTCERTIFICATE', clusterCertificate)]),
      ...(tls === undefined ? [] : [tls.certificate]),
    ],
    maxMessageBytes: environment.int('ORDERER_GENERAL_MAXRECVMSGSIZE', DEFAULT_MESSAGE_BYTES),
    keepalive: {
      intervalMs: environment.duration('ORDERER_GENERAL_KEEPALIVE_SERVERINTERVAL', 7_200_000),
      timeoutMs: environment.duration('ORDERER_GENERAL_KEEPALIVE_SERVERTIMEOUT', 20_000),
    },
    authenticationTimeWindowMs: environment.duration(
      'ORDERER_GENERAL_AUTHENTICATION_TIMEWINDOW',
      15 * 60_000,
    ),
    expirationChecks: !environment.bool('ORDERER_GENERAL_AUTHENTICATION_NOEXPIRATIONCHECKS', false),
    admin: { address: environment.address('ORDERER_ADMIN_LISTENADDRESS', '127.0.0.1:9443'), tls: adminTls },
    participation: {
      enabled: environment.bool('ORDERER_CHANNELPARTICIPATION_ENABLED', false),
      maxRequestBodyBytes: byteSize(environment, 'ORDERER_CHANNELPARTICIPATION_MAXREQUESTBODYSIZE', '1 MB'),
    },
    operationsAddress: environment.address('ORDERER_OPERATIONS_LISTENADDRESS', '127.0.0.1:8443'),
    ledgerLocation: environment.string('ORDERER_FILELEDGER_LOCATION', '/var/hyperledger/production/orderer'),
  };
}
