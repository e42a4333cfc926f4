import { placesOf } from '../posting-list';
import { openStore, unsealed } from '../store';
import { Area, textBeforeOrder } from '../store-keys';

/** Everything an index holds, by key; how places are cut into entries, which depends on when they came, left out. */
export async function contentsOf(folder: string): Promise<Map<string, string>> {
  const store = await openStore(folder);
  const contents = new Map<string, string>();
  for await (const [key, stored] of store.iterator()) {
    const value = unsealed(key, stored);
    if (key[0] !== Area.POSTING) contents.set(key.toString('hex'), value.toString('hex'));
    else for (const place of placesOf(key, value)) contents.set(`${textBeforeOrder(key)} ${place}`, '');
  }
  await store.close();
  return contents;
}
