import { measureIndex } from './index-measurement';

/** `FOLDER CHAIN_FILE SEED`: prints one measurement as JSON. */
const [folder = '', chainFile = '', seed = '1'] = process.argv.slice(2);
void measureIndex(folder, chainFile, Number(seed)).then((measured) => {
  process.stdout.write(`${JSON.stringify(measured)}\n`);
});
