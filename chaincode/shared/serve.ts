import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Contract } from 'fabric-contract-api';
import { Shim, type ChaincodeServer, type ChaincodeServerOpts } from 'fabric-shim';
import { ContractChaincode } from './contract-chaincode';
import { serverOptions } from './server-options';

/** How long transactions under way may take when the process is asked to stop, in milliseconds. */
const DRAIN_LIMIT = 5_000;

/** The chaincode server keeps its gRPC server to itself and has no stop of its own (lib/server.js). */
interface StoppableServer {
  readonly _server: { forceShutdown(): void };
}

/**
 * Serves a contract as chaincode-as-a-service until SIGTERM or SIGINT or – with CITYFLOW_SUPERVISED=1 – until
 * stdin closes, which means that the supervisor is gone. Configured by the environment: see `serverOptions`.
 */
export async function serveContract(contract: new () => Contract, version: string): Promise<void> {
  const name = new contract().getName();
  try {
    const options = serverOptions(process.env);
    const chaincode = new ContractChaincode(contract, name, version);
    const server = Shim.server(chaincode, options as ChaincodeServerOpts);
    stopWhenAsked(name, chaincode, server as unknown as StoppableServer);
    await listen(server, options.address);
    const transport = options.tlsProps === undefined ? 'in plain text' : 'over TLS';
    say(
      `contract ${name} ${version} serves ${options.ccid} on ${options.address} ${transport}, pid ${process.pid}`,
    );
  } catch (error) {
    say(`contract ${name} cannot start: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

/** grpc-js says only how many addresses it could not bind. */
async function listen(server: ChaincodeServer, address: string): Promise<void> {
  try {
    await server.start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot listen on ${address}; another process may hold the port (${reason})`, {
      cause: error,
    });
  }
}

function stopWhenAsked(name: string, chaincode: ContractChaincode, server: StoppableServer): void {
  let stopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const deadline = Date.now() + DRAIN_LIMIT;
    while (chaincode.inFlight > 0 && Date.now() < deadline) await delay(20);
    server._server.forceShutdown();
    say(`contract ${name} stopped: ${reason}`);
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  if (process.env['CITYFLOW_SUPERVISED'] === '1') {
    process.stdin.on('close', () => void stop('its supervisor is gone'));
    process.stdin.resume();
  }
}

/** A log on a full disk loses a line; it must not end the contract, as a failed write of `process.stderr` would. */
const say = (line: string): void => {
  try {
    writeSync(2, `${new Date().toISOString()} ${line}\n`);
  } catch {
    return;
  }
};
