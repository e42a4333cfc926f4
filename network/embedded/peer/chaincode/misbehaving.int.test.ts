import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryLedger } from '../endorser/fixtures/memory-ledger';
import { TransactionSimulator } from '../endorser/simulator';
import { installPackage } from '../lifecycle/fixtures/package';
import { PackageStore } from '../lifecycle/package-store';
import { Metrics } from '../../node/metrics';
import { redirectLogging } from '../../node/logging';
import { ChaincodeLauncher } from './launcher';
import { ChaincodeMetrics } from './metrics';

const Type = peer.ChaincodeMessage.Type;
type Message = peer.ChaincodeMessage;
type Stream = ServerDuplexStream<Message, Message>;

/** Processes that don't keep to the shim protocol: each is told off, none takes anything down with it. */
describe('a process that misbehaves', () => {
  let folder: string;
  let server: Server;
  let launcher: ChaincodeLauncher;
  let packageId: string;
  let memory: MemoryLedger;
  let behave: (stream: Stream) => void;
  let restoreLogging: () => void;

  beforeEach(async () => {
    restoreLogging = redirectLogging(() => {});
    folder = await mkdtemp(path.join(tmpdir(), 'misbehaving-'));
    server = new Server();
    server.addService(peer.ChaincodeService, { connect: (stream: Stream) => behave(stream) });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    const packages = await PackageStore.open(folder);
    ({ packageId } = await packages.install(await installPackage({ address: `127.0.0.1:${port}` })));
    memory = new MemoryLedger('ch');
    launcher = new ChaincodeLauncher({
      packages,
      startupTimeoutMs: 300,
      host: {
        metrics: new ChaincodeMetrics(new Metrics()),
        totalQueryLimit: 100,
        keepaliveMs: 0,
        invokeFromChaincode: () => Promise.reject(new Error('not in this test')),
      },
    });
  });

  afterEach(async () => {
    await launcher.close();
    server.forceShutdown();
    restoreLogging();
    await rm(folder, { recursive: true, force: true });
  });

  it('registers under a name that is not its package', async () => {
    behave = (stream) => stream.write(register('other:1'));
    await expect(launcher.launch(packageId)).rejects.toThrow(
      `could not launch chaincode ${packageId}: chaincode registration failed: peer will not accept external chaincode connection other:1 (except in dev mode)`,
    );
  });

  it('registers without a name', async () => {
    behave = (stream) => stream.write(register(''));
    await expect(launcher.launch(packageId)).rejects.toThrow('chaincodeID name is empty');
  });

  it('asks for state before it has registered', async () => {
    behave = (stream) => stream.write(message(Type.GET_STATE));
    await expect(launcher.launch(packageId)).rejects.toThrow(
      'Fabric side handler cannot handle message (GET_STATE) while in created state',
    );
  });

  it('closes the stream instead of registering', async () => {
    behave = (stream) => stream.end();
    await expect(launcher.launch(packageId)).rejects.toThrow(`connection to ${packageId} terminated`);
  });

  it('never registers', async () => {
    behave = () => {};
    await expect(launcher.launch(packageId)).rejects.toThrow(
      `timeout expired while starting chaincode ${packageId} for transaction`,
    );
  });

  it('sends what no chaincode may send: the stream ends, and with it its transactions', async () => {
    behave = registered((stream) => stream.write(message(Type.READY)));
    await expect(run()).rejects.toThrow('chaincode stream terminated');
  });

  it('asks on behalf of a transaction that is not there', async () => {
    const answers: string[] = [];
    behave = registered((stream, request) => {
      const answered = (text: string): void => {
        answers.push(text);
        stream.write(completed(request));
      };
      stream.on('data', (answer: Message) => answered(textOf(answer)));
      stream.write(message(Type.GET_STATE, 'other'));
    });
    await run();
    expect(answers).toEqual(['GET_STATE failed: transaction ID: other: no ledger context']);
  });

  it('sends a payload that cannot be decoded', async () => {
    let answer = '';
    behave = registered((stream, request) => {
      const broken = message(Type.PUT_STATE, request.getTxid());
      broken.setPayload(Buffer.from([0xff]));
      stream.on('data', (response: Message) => {
        answer = textOf(response);
        stream.write(completed(request));
      });
      stream.write(broken);
    });
    await run();
    expect(answer).toMatch(/^PUT_STATE failed: transaction ID: tx: unmarshal failed: proto: /);
  });

  it('reports an error instead of an answer', async () => {
    behave = registered((stream, request) => {
      const error = message(Type.ERROR, request.getTxid());
      error.setPayload(Buffer.from('cannot'));
      stream.write(error);
    });
    expect((await run()).getType()).toBe(Type.ERROR);
  });

  it('answers after its time: the late answer goes nowhere', async () => {
    let late = (): void => {};
    behave = registered((stream, request) => {
      late = () => stream.write(completed(request));
    });
    await expect(run(50)).rejects.toThrow('timeout expired while executing transaction');
    late();
    expect(memory.openSnapshots).toBe(0);
  });

  async function run(timeoutMs = 5_000): Promise<Message> {
    const simulator = new TransactionSimulator({
      txId: 'tx',
      snapshot: await memory.snapshot(),
      organizations: [],
    });
    const params = { channelId: 'ch', txId: 'tx', signedProposal: new peer.SignedProposal(), simulator };
    try {
      const handler = await launcher.launch(packageId);
      return await handler.execute(params, 'demo', Type.TRANSACTION, new peer.ChaincodeInput(), timeoutMs);
    } finally {
      await simulator.done();
    }
  }

  /** Registers properly and does `next` with the first transaction. */
  function registered(next: (stream: Stream, request: Message) => void): (stream: Stream) => void {
    return (stream) => {
      stream.on('data', (received: Message) => {
        if (received.getType() === Type.TRANSACTION) {
          stream.removeAllListeners('data');
          next(stream, received);
        }
      });
      stream.on('error', () => {});
      stream.write(register(packageId));
    };
  }
});

function register(name: string): Message {
  const id = new peer.ChaincodeID();
  id.setName(name);
  const registration = message(Type.REGISTER);
  registration.setPayload(id.serializeBinary());
  return registration;
}

function completed(request: Message): Message {
  const response = new peer.Response();
  response.setStatus(200);
  const answer = message(Type.COMPLETED, request.getTxid());
  answer.setPayload(response.serializeBinary());
  return answer;
}

function message(type: (typeof Type)[keyof typeof Type], txId = ''): Message {
  const created = new peer.ChaincodeMessage();
  created.setType(type);
  created.setTxid(txId);
  created.setChannelId('ch');
  return created;
}

function textOf(answer: Message): string {
  return Buffer.from(answer.getPayload_asU8()).toString('utf8');
}
