import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimData, programOfData } from './data-origin';
import { NetworkFolder } from './network-folder';
import type { RuntimeNode } from './network-runtime';

const node = 'peer0.example.com';
const embedded: RuntimeNode[] = [{ name: node, kind: 'peer', program: 'embedded' }];
const genuine: RuntimeNode[] = [{ name: node, kind: 'peer', program: 'genuine' }];

describe('data of a node', () => {
  let root: string;
  let folder: NetworkFolder;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'data-origin-'));
    folder = new NetworkFolder(root);
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  /** The node has run and left a ledger. */
  const run = () => mkdir(path.join(folder.data(node), 'ledger'), { recursive: true });

  it('belongs to nobody before the first start', async () => {
    expect(await programOfData(folder, node)).toBeUndefined();
    await claimData(folder, embedded, { channel: 'aa' });
    expect(await programOfData(folder, node)).toBeUndefined();
    await claimData(folder, genuine, { channel: 'aa' });
  });

  it('may be gone on with by the program that wrote it, with channels added', async () => {
    await claimData(folder, embedded, { channel: 'aa' });
    await run();
    await claimData(folder, embedded, { channel: 'aa', second: 'bb' });
    await claimData(folder, embedded, { second: 'bb' });
    expect(await programOfData(folder, node)).toBe('embedded');
    await expect(claimData(folder, embedded, { channel: 'cc' })).rejects.toThrow('channel');
  });

  it('is refused to another program, with the ways out', async () => {
    await claimData(folder, embedded, { channel: 'aa' });
    await run();
    await expect(claimData(folder, genuine, { channel: 'aa' })).rejects.toThrow(
      /embedded.*--runtime embedded.*--purge/,
    );
  });

  it("is refused when it begins with another network's genesis block", async () => {
    await claimData(folder, genuine, { channel: 'aa' });
    await run();
    await expect(claimData(folder, genuine, { channel: 'bb' })).rejects.toThrow(
      "its ledger of channel begins with another network's genesis block",
    );
  });

  it('of unknown origin is left alone', async () => {
    await run();
    await expect(claimData(folder, genuine, {})).rejects.toThrow('nothing says where it came from');
    await writeFile(path.join(folder.data(node), 'origin.json'), 'not json');
    await expect(claimData(folder, genuine, {})).rejects.toThrow('nothing says where it came from');
  });

  it('is not claimed for any node when one is refused', async () => {
    await claimData(folder, embedded, {});
    await run();
    const other: RuntimeNode = { name: 'peer1.example.com', kind: 'peer', program: 'genuine' };
    await expect(claimData(folder, [other, ...genuine], {})).rejects.toThrow(node);
    await mkdir(path.join(folder.data(other.name), 'ledger'), { recursive: true });
    await expect(programOfData(folder, other.name)).rejects.toThrow('nothing says where it came from');
  });
});
