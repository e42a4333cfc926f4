import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** A built contract running as a program of its own. */
export interface ContractProcess {
  readonly address: string;
  readonly child: ChildProcessByStdio<Writable, null, Readable>;
  /** What it has written to stderr so far. */
  log(): string;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

/** Starts `contract-<name>.cjs` of a folder on a free port and waits until it says that it serves, or ends. */
export async function startContract(
  folder: string,
  name: string,
  environment: Record<string, string> = { CHAINCODE_TLS_DISABLED: 'true' },
  nodeOptions: readonly string[] = [],
): Promise<ContractProcess> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(process.execPath, [...nodeOptions, path.join(folder, `contract-${name}.cjs`)], {
    env: {
      PATH: process.env['PATH'],
      CHAINCODE_ID: `${name}_1.0:test`,
      CHAINCODE_SERVER_ADDRESS: address,
      CORE_CHAINCODE_LOGGING_LEVEL: 'CRITICAL',
      // It ends with the test run, however that ends.
      CITYFLOW_SUPERVISED: '1',
      ...environment,
    },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8');
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const serving = new Promise<void>((resolve) => {
    child.stderr.on('data', (text: string) => {
      log += text;
      if (log.includes(' serves ')) resolve();
    });
  });
  await Promise.race([serving, ended]);
  return { address, child, log: () => log, ended };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
