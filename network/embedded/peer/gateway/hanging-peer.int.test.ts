import { afterAll, beforeAll, beforeEach, describe, expect, it, vi, type TestContext } from 'vitest';
import { missingForNetwork } from '../../../runtime/testing/city-network';
import { CHANNEL, CONTRACT, GatewayNetwork } from './testing/gateway-network';

/** What a transaction may take that meets a hanging peer first, in milliseconds. */
const LIMIT_MS = 10_000;

/** A process that hangs keeps its connections: nothing ends a call to it but its deadline, unless somebody asks. */
describe('a peer that hangs', () => {
  const missing = missingForNetwork(false);
  let network: GatewayNetwork;

  beforeAll(async () => {
    if (missing === undefined) network = await GatewayNetwork.start(false);
  });

  afterAll(async () => {
    await network?.dispose();
  });

  beforeEach((context: TestContext) => {
    if (missing !== undefined) context.skip(missing);
  });

  const put = (key: string) =>
    network.clients.transactions.submit(network.registrar, {
      channelId: CHANNEL,
      contract: CONTRACT,
      functionName: 'put',
      args: [key, '1'],
    });

  it.each([['home'], ['other']] as const)(
    'in the %s organization delays transactions by seconds',
    async (which) => {
      const [name] = network.names[which];
      await put(`before ${which}`);
      const thaw = await network.freeze(name);
      try {
        const started = Date.now();
        expect(await put(`first ${which}`)).toMatchObject({ outcome: 'valid' });
        expect(Date.now() - started).toBeLessThan(LIMIT_MS);
        const { durationsMs } = await put(`next ${which}`);
        expect(durationsMs.endorse).toBeLessThan(LIMIT_MS / 4);
      } finally {
        thaw();
      }
    },
  );

  it('is used again when it answers again', async () => {
    const [first] = network.names.home;
    await vi.waitFor(async () => expect(await put('again')).toMatchObject({ gatewayPeer: first }), {
      timeout: LIMIT_MS,
    });
  });
});
