import { describe, expect, it } from 'vitest';
import { MemoryLedger } from './fixtures/memory-ledger';
import { TransactionSimulator } from './simulator';

async function simulate(memory: MemoryLedger): Promise<TransactionSimulator> {
  return new TransactionSimulator({
    txId: 'tx',
    snapshot: await memory.snapshot(),
    organizations: ['AMSP'],
  });
}

describe('the transaction simulator', () => {
  it('keeps its snapshot until reads under way have returned, and refuses further ones', async () => {
    const memory = new MemoryLedger('ch');
    memory.set('ns', 'k', 'v', { block: 1, tx: 0 });
    const simulator = await simulate(memory);
    const reading = simulator.getState('ns', 'k');
    const done = simulator.done();
    expect(Buffer.from((await reading) ?? []).toString()).toBe('v');
    await done;
    await simulator.done();
    expect(memory.openSnapshots).toBe(0);
    await expect(simulator.getState('ns', 'k')).rejects.toThrow(
      'this instance should not be used after calling Done()',
    );
    expect(() => simulator.setState('ns', 'k', Buffer.from('w'))).toThrow('after calling Done()');
  });

  it('sees one height, whatever commits meanwhile', async () => {
    const memory = new MemoryLedger('ch');
    memory.set('ns', 'k', 'old', { block: 1, tx: 0 });
    const simulator = await simulate(memory);
    memory.set('ns', 'k', 'new', { block: 2, tx: 0 });
    expect(Buffer.from((await simulator.getState('ns', 'k')) ?? []).toString()).toBe('old');
    await simulator.done();
  });

  it("knows the organizations' own collections of _lifecycle, and no others", async () => {
    const simulator = await simulate(new MemoryLedger('ch'));
    expect(await simulator.getPrivateDataHash('_lifecycle', '_implicit_org_AMSP', 'k')).toBeUndefined();
    for (const [namespace, collection] of [
      ['_lifecycle', '_implicit_org_BMSP'],
      ['cc', '_implicit_org_AMSP'],
    ] as const) {
      await expect(simulator.getPrivateData(namespace, collection, 'k')).rejects.toThrow(
        `collection [${collection}] not defined in the collection config for chaincode [${namespace}]`,
      );
    }
    await simulator.done();
  });

  it('does not take a private value for current whose hash is another', async () => {
    const memory = new MemoryLedger('ch');
    const key = Buffer.from('2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683', 'hex');
    memory.setPrivateHash('_implicit_org_AMSP', key, key, { block: 3, tx: 1 });
    const simulator = await simulate(memory);
    await expect(simulator.getPrivateData('_lifecycle', '_implicit_org_AMSP', 'key')).rejects.toThrow(
      'private data matching public hash version is not available. Public hash version = {BlockNum: 3, TxNum: 1}, Private data version = <nil>',
    );
    await simulator.done();
  });
});
