import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TestContext } from 'vitest';
import { loadTopology } from '../../topology/load';
import type { Topology } from '../../topology/schema';
import { programsFolder } from '../testing/city-network';
import type { Engine } from './engine';
import { ImagePlatformError, ImageUnavailableError } from './image-errors';
import { recordImages } from './image-record';
import { ensureImages } from './images';
import { FakeRegistry, imageFor } from './testing/registry';
import type { RegistryImage } from './testing/registry';
import { localEngine, missingEngine } from './testing/engine';

/** Longer than anything that is done at once, shorter than any patience of the engine. */
const AT_ONCE_MS = 3_000;

describe('images', () => {
  let missing: string | undefined;
  let engine: Engine;
  let registry: FakeRegistry;
  let shipped: Topology;
  const references: string[] = [];

  beforeAll(async () => {
    missing = await missingEngine();
    if (missing !== undefined) return;
    engine = await localEngine();
    registry = await FakeRegistry.open();
    shipped = await loadTopology(path.join(import.meta.dirname, '../../cityflow.yaml'));
  });
  afterAll(async () => {
    if (missing !== undefined) return;
    for (const reference of references) {
      const { RepoTags = [] } = await engine.docker
        .getImage(reference)
        .inspect()
        .catch(() => ({ RepoTags: [] }));
      for (const tag of RepoTags) await engine.docker.getImage(tag).remove();
    }
    await registry.close();
  });
  beforeEach((context: TestContext) => {
    if (missing !== undefined) context.skip(missing);
  });

  /** A name that no registry of this world has. */
  const ownName = (prefix = '') => {
    const name = `${prefix}cityflow-test-${randomBytes(6).toString('hex')}/node`;
    references.push(`${name}:${shipped.fabricVersion}`);
    return name;
  };
  const architecture = () => engine.platform.split('/')[1] ?? '';
  const ensure = (image: string, mirrors: readonly string[], signal?: AbortSignal) => {
    const told: string[] = [];
    const docker = {
      ...shipped.docker,
      ordererImage: image,
      peerImage: image,
      mirrors: [...mirrors],
      contracts: 'process' as const,
    };
    const ensured = ensureImages(
      engine,
      { ...shipped, docker },
      {
        programs: { programsFolder },
        onProgress: ({ detail }) => told.push(detail),
        signal,
      },
    );
    return { told, ensured };
  };
  const isHere = (image: string) =>
    engine.docker
      .getImage(`${image}:${shipped.fabricVersion}`)
      .inspect()
      .then(
        () => true,
        () => false,
      );

  test('come from the first mirror that has them, under their own names', async () => {
    const name = ownName();
    const image = await imageFor(architecture());
    registry.refuses(`closed/${name}`, 401, 'sign in first');
    registry.has(`hub/${name}`, image);
    const mirrors = ['closed', 'empty', 'hub'].map((folder) => `${registry.address}/${folder}`);
    const { told, ensured } = ensure(name, mirrors);
    expect(await ensured).toMatchObject({ orderer: `${name}:2.5.4`, peer: `${name}:2.5.4` });
    expect(told).toContain('2 of 2 layers, 0.6 of 0.6 MB');
    const { Id } = await engine.docker.getImage(`${name}:2.5.4`).inspect();
    expect(Id).toBe(image.config.digest);
    const root = await mkdtemp(path.join(os.tmpdir(), 'cityflow-images-'));
    await recordImages(engine.docker, root, [`${name}:2.5.4`]);
    expect(JSON.parse(await readFile(path.join(root, 'images.json'), 'utf8'))).toEqual({
      [`${name}:2.5.4`]: {
        id: Id,
        registryDigests: [`${registry.address}/hub/${name}@${image.manifest.digest}`],
      },
    });
    await rm(root, { recursive: true });
    const asked = registry.asked.length;
    await ensure(name, mirrors).ensured;
    expect(registry.asked).toHaveLength(asked);
  });

  test.each([
    { stage: 'between two layers', held: ({ layers }: RegistryImage) => layers[1] },
    { stage: 'with a registry that says nothing', held: ({ manifest }: RegistryImage) => manifest },
  ])('that are given up $stage are half of nothing, and come the next time', async ({ held }) => {
    const name = ownName(`${registry.address}/`);
    const image = await imageFor(architecture());
    registry.has(name.slice(registry.address.length + 1), image);
    registry.hold(held(image)?.digest);
    const cancelled = new AbortController();
    const { told, ensured } = ensure(name, [], cancelled.signal);
    const outcome = ensured.catch((error: unknown) => error);
    await vi.waitFor(() => expect(registry.isHolding).toBe(true), { timeout: 20_000 });
    expect(told.filter((detail) => detail === 'ready')).toEqual([]);
    const at = Date.now();
    cancelled.abort(new Error('given up'));
    expect(await outcome).toMatchObject({ message: 'given up' });
    expect(Date.now() - at).toBeLessThan(AT_ONCE_MS);
    expect(await isHere(name)).toBe(false);
    registry.letGo();
    await ensure(name, []).ensured;
    expect(await isHere(name)).toBe(true);
  });

  test.each([
    [401, 'sign in first', /^unauthorized: sign in first$/],
    [404, 'nothing of that name', /manifest unknown: nothing of that name$/],
    [500, 'out of order', /^received unexpected HTTP status: 500 /],
  ])('that are refused with %i are told with the registry’s words', async (status, words, said) => {
    const name = ownName(`${registry.address}/`);
    registry.refuses(name.slice(registry.address.length + 1), status, words);
    const error: unknown = await ensure(name, []).ensured.catch((reason: unknown) => reason);
    if (!(error instanceof ImageUnavailableError)) throw new Error('it was not refused', { cause: error });
    expect(error.answers).toEqual([
      { image: `${name}:2.5.4`, answer: expect.stringMatching(said) as string },
    ]);
  });

  test('for machines of another kind are not run', async () => {
    const name = ownName(`${registry.address}/`);
    registry.has(
      name.slice(registry.address.length + 1),
      await imageFor(architecture() === 'arm64' ? 'amd64' : 'arm64'),
    );
    await expect(ensure(name, []).ensured).rejects.toThrow(ImagePlatformError);
  });
});
