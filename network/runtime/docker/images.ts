import type Docker from 'dockerode';
import type { Topology } from '../../topology/schema';
import type { Engine } from './engine';
import { contractsImage, embeddedImage, hostNodeImage } from './own-images';
import type { ProgramSources } from './own-images';
import type { PlannedImages } from './container-plan';
import { statusOf, wordsOf } from './engine-answer';
import { EngineLostError } from './engine-unavailable';
import { ImagePlatformError, ImageUnavailableError } from './image-errors';
import type { RegistryAnswer } from './image-errors';
import { buildImage } from './image-build';
import { pullImage } from './image-pull';
import type { ImageProgress } from './image-pull';

export interface ImageOptions {
  readonly programs: ProgramSources;
  readonly onProgress: (progress: ImageProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes sure of every image the topology names: what is here is used, what is not is pulled or built.
 * @throws ImageUnavailableError, ImagePlatformError
 */
export async function ensureImages(
  engine: Engine,
  topology: Topology,
  options: ImageOptions,
): Promise<PlannedImages> {
  const { docker: settings, fabricVersion } = topology;
  const genuine = (name: string) => ensureImage(engine, `${name}:${fabricVersion}`, topology, options);
  const isGenuine = settings.images === 'genuine';
  const withNode = !isGenuine || settings.contracts === 'container';
  const [orderer, peer, node] = await Promise.all([
    isGenuine ? genuine(settings.ordererImage) : undefined,
    isGenuine ? genuine(settings.peerImage) : undefined,
    withNode ? nodeImage(engine, topology, options) : undefined,
  ]);
  const build = async (image: typeof embeddedImage, base: string) =>
    buildImage(engine.docker, await image(base, options.programs), options);
  const embedded = isGenuine ? '' : await build(embeddedImage, node ?? '');
  const contracts = settings.contracts === 'container' ? await build(contractsImage, node ?? '') : '';
  return { orderer: orderer ?? embedded, peer: peer ?? embedded, contracts };
}

/** The base of contracts and embedded nodes; where it is not to be had, this machine's own Node takes its place. */
async function nodeImage(engine: Engine, topology: Topology, options: ImageOptions): Promise<string> {
  try {
    return await ensureImage(engine, topology.docker.nodeImage, topology, options);
  } catch (error) {
    if (!(error instanceof ImageUnavailableError)) throw error;
    const own = await hostNodeImage(engine.platform);
    if (own === undefined) throw error;
    options.onProgress({
      image: topology.docker.nodeImage,
      detail: 'not to be had: this machine’s Node instead',
    });
    return buildImage(engine.docker, own, options);
  }
}

async function ensureImage(
  engine: Engine,
  reference: string,
  { docker: { mirrors } }: Topology,
  { onProgress, signal }: ImageOptions,
): Promise<string> {
  if (!(await platformOf(engine.docker, reference))) {
    await fetchImage(engine.docker, reference, mirrors, onProgress, signal);
  }
  const platform = await platformOf(engine.docker, reference);
  if (platform !== engine.platform)
    throw new ImagePlatformError(reference, platform ?? 'nothing', engine.platform);
  onProgress({ image: reference, detail: 'ready' });
  return reference;
}

async function fetchImage(
  docker: Docker,
  reference: string,
  mirrors: readonly string[],
  onProgress: ImageOptions['onProgress'],
  signal: AbortSignal | undefined,
): Promise<void> {
  const answers: RegistryAnswer[] = [];
  for (const source of [...mirrors.map((mirror) => `${mirror}/${reference}`), reference]) {
    try {
      await pullImage(docker, source, onProgress, signal);
      if (source === reference) return;
      const [repository, tag] = splitReference(reference);
      await docker.getImage(source).tag({ repo: repository, tag });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof EngineLostError) throw error;
      answers.push({ image: source, answer: wordsOf(error) });
    }
  }
  throw new ImageUnavailableError(reference, answers);
}

/** @returns undefined where the image is not here */
async function platformOf(docker: Docker, reference: string): Promise<string | undefined> {
  try {
    const { Os, Architecture } = await docker.getImage(reference).inspect();
    return `${Os}/${Architecture}`;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Repository and tag; a colon before the last slash is a registry's port. */
function splitReference(reference: string): [string, string] {
  const colon = reference.indexOf(':', reference.lastIndexOf('/') + 1);
  return colon < 0 ? [reference, 'latest'] : [reference.slice(0, colon), reference.slice(colon + 1)];
}
