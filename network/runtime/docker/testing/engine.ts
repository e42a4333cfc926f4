import os from 'node:os';
import path from 'node:path';
import { loadTopology } from '../../../topology/load';
import { findEngine } from '../engine';
import { EngineUnavailableError } from '../engine-unavailable';
import type { Engine } from '../engine';
import { statusOf } from '../engine-answer';

/** The engine of this machine. @throws EngineUnavailableError */
export const localEngine = (): Promise<Engine> =>
  findEngine({ variables: process.env, homeFolder: os.homedir(), platform: process.platform });

/** Why nothing can run in containers here; undefined when it can. */
export async function missingEngine(): Promise<string | undefined> {
  try {
    await localEngine();
    return undefined;
  } catch (error) {
    if (error instanceof EngineUnavailableError) return 'no Docker engine can be used here';
    throw error;
  }
}

const shippedTopology = path.join(__dirname, '../../../cityflow.yaml');

/** Why the genuine programs can't run in containers here; undefined when they can. @param file a topology */
export async function missingGenuineImages(file = shippedTopology): Promise<string | undefined> {
  const { docker } = await localEngine();
  const topology = await loadTopology(file);
  for (const name of [topology.docker.ordererImage, topology.docker.peerImage]) {
    const image = `${name}:${topology.fabricVersion}`;
    try {
      await docker.getImage(image).inspect();
    } catch (error) {
      if (statusOf(error) === 404) return `the image ${image} is not here`;
      throw error;
    }
  }
  return undefined;
}
