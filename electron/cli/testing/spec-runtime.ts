import { missingEngine, missingGenuineImages } from '../../../network/runtime/docker/testing/engine';
import type { Topology } from '../../../network/topology/schema';
import { CommandLine } from './command-line';
import type { ChangeTopology } from './command-line';

/** What the networks of the specs run on. */
export type SpecRuntime = 'embedded' | 'docker';

/** Why nothing can run on it here; undefined where it can. */
export async function missingFor(runtime: SpecRuntime): Promise<string | undefined> {
  return runtime === 'docker' ? missingEngine() : undefined;
}

let networks = 0;

/**
 * In containers of genuine images where they are here, else of this project's own: CITYFLOW_E2E_IMAGES=embedded asks for
 * those. Names of containers are the engine's, which others may use as well.
 */
export async function newCommandLine(
  runtime: SpecRuntime,
  change: ChangeTopology = (topology) => topology,
): Promise<CommandLine> {
  if (runtime === 'embedded') return CommandLine.create(change);
  const images = await imagesHere();
  networks += 1;
  const name = `e2e${String(process.pid)}-${String(networks)}`;
  process.stdout.write(`The network ${name} runs in containers of ${images} images.\n`);
  return CommandLine.create((shipped) => {
    const topology = change(shipped);
    return { ...topology, docker: { ...topology.docker, images } };
  }, name);
}

async function imagesHere(): Promise<Topology['docker']['images']> {
  if (process.env['CITYFLOW_E2E_IMAGES'] === 'embedded') return 'embedded';
  return (await missingGenuineImages()) === undefined ? 'genuine' : 'embedded';
}
