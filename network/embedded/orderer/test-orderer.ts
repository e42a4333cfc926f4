/** For tests: an orderer of the test network, fresh for each test. */
import type { orderer } from '@hyperledger/fabric-protos';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { Signer } from '../../protocol/signing';
import { redirectLogging } from '../node/logging';
import { readConfiguration } from './configuration';
import { startOrderer, type RunningOrderer } from './orderer';
import {
  adminRequest,
  broadcast,
  CHANNEL,
  connect,
  createTestNetwork,
  join,
  transaction,
  type AdminReply,
  type TestNetwork,
} from './test-network';

export const CHANNELS_URL = '/participation/v1/channels';

/** What a test works with; its properties hold between the hooks that `useOrderer` registers. */
export class TestOrderer {
  declare network: TestNetwork;
  declare alpha: Signer;
  declare beta: Signer;
  declare client: orderer.AtomicBroadcastClient;
  ledger = '';
  /** Log lines of the current test. */
  lines: string[] = [];
  declare private node: RunningOrderer;

  async start(): Promise<void> {
    this.node = await startOrderer(await readConfiguration(this.network.variables(this.ledger)));
    this.client = await connect(this.network, this.node.ports.grpc);
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.node.close();
  }

  admin(method: string, url: string, options?: Parameters<typeof adminRequest>[4]): Promise<AdminReply> {
    return adminRequest(this.network, this.node.ports.admin, method, url, options);
  }

  joinBlock(block: Buffer): Promise<AdminReply> {
    return join(this.network, this.node.ports.admin, block);
  }

  async joinChannel(channelId = CHANNEL): Promise<void> {
    expect((await this.joinBlock(await this.network.genesis(channelId))).status).toBe(201);
  }

  info(channelId = CHANNEL): Promise<AdminReply> {
    return this.admin('GET', `${CHANNELS_URL}/${channelId}`);
  }

  async height(): Promise<number> {
    return ((await this.info()).body as { height: number }).height;
  }

  submit(text: string, signer = this.alpha, channelId = CHANNEL): Promise<{ status: number; info: string }> {
    return broadcast(this.client, transaction(signer, channelId, Buffer.from(text)));
  }

  operations(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.node.ports.operations}${path}`);
  }

  async metrics(): Promise<string> {
    return (await this.operations('/metrics')).text();
  }
}

export function useOrderer(): TestOrderer {
  const test = new TestOrderer();
  let restoreLogging: () => void;
  beforeAll(async () => {
    test.network = await createTestNetwork();
    [test.alpha, test.beta] = await Promise.all([test.network.signer('Alpha'), test.network.signer('Beta')]);
  });
  afterAll(() => test.network.remove());
  beforeEach(async () => {
    test.lines = [];
    restoreLogging = redirectLogging((line) => test.lines.push(line));
    test.ledger = await mkdtemp(path.join(test.network.folder, 'ledger-'));
    await test.start();
  });
  afterEach(async () => {
    await test.stop();
    restoreLogging();
  });
  return test;
}
