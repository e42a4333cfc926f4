import { setTimeout } from 'node:timers/promises';
import { ChainFile } from '../../testing/chain-file';
import { LedgerIndex } from '../ledger-index';

/** `FOLDER CHAIN_FILE`: indexes, falling silent now and then so that many small batches are written. */
const [folder = '', chainFile = ''] = process.argv.slice(2);
const BLOCKS_AT_ONCE = 4;
const SILENCE_MS = 40;

void (async () => {
  const chain = await ChainFile.open(chainFile);
  const index = await LedgerIndex.open(folder, 'parking-channel');
  process.stdout.write(`opened ${index.height} ${index.rebuilds.length}\n`);
  await index.follow({
    async *blocks(from) {
      let taken = from;
      for await (const block of chain.blocks(from)) {
        if ((taken += 1) % BLOCKS_AT_ONCE === 0) await setTimeout(SILENCE_MS);
        process.stdout.write(`taken ${taken}\n`);
        yield block;
      }
    },
  });
  await index.close();
  await chain.close();
})();
