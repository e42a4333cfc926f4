import { readFileSync } from 'node:fs';
import type { ChaincodeServerOpts, ChaincodeServerTLSProperties } from 'fabric-shim';

/** fabric-shim's own options; its types demand TLS and client CAs, its code (lib/server.js) does not. */
export type ServerOptions = Omit<ChaincodeServerOpts, 'tlsProps'> & {
  tlsProps?: Omit<ChaincodeServerTLSProperties, 'clientCACerts'>;
};

/**
 * The server's options from the environment, with the names of fabric-samples: CHAINCODE_ID (package id),
 * CHAINCODE_SERVER_ADDRESS (host:port), CHAINCODE_TLS_CERT and CHAINCODE_TLS_KEY (PEM files) or, for plain
 * text, CHAINCODE_TLS_DISABLED=true.
 *
 * @throws Error naming the variable that is missing or the file that cannot be read
 */
export function serverOptions(environment: NodeJS.ProcessEnv): ServerOptions {
  const options: ServerOptions = {
    ccid: required(environment, 'CHAINCODE_ID'),
    address: required(environment, 'CHAINCODE_SERVER_ADDRESS'),
    // As fabric-shim's server command has it (lib/cmds/serverCommand.js): the peer decides what is too large.
    'grpc.max_send_message_length': -1,
    'grpc.max_receive_message_length': -1,
  };
  if (environment['CHAINCODE_TLS_DISABLED'] === 'true') return options;
  const hint = '; set CHAINCODE_TLS_DISABLED=true to serve in plain text';
  return {
    ...options,
    tlsProps: {
      cert: readPem(environment, 'CHAINCODE_TLS_CERT', hint),
      key: readPem(environment, 'CHAINCODE_TLS_KEY', hint),
    },
  };
}

function required(environment: NodeJS.ProcessEnv, name: string, hint = ''): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set${hint}`);
  return value;
}

function readPem(environment: NodeJS.ProcessEnv, name: string, hint: string): Buffer {
  const file = required(environment, name, hint);
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
