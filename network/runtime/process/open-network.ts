import { createMaterial } from '../../artifacts/create-material';
import type { MaterialPaths } from '../../artifacts/paths';
import type { Topology } from '../../topology/schema';
import { NetworkFolder } from '../network-folder';
import { writeGenuineConfiguration } from '../genuine-configuration';
import { processNodes, type ProgramChoice } from './node-programs';
import { ProcessRuntime } from './process-runtime';

export interface ProcessNetwork {
  readonly material: MaterialPaths;
  readonly folder: NetworkFolder;
  readonly runtime: ProcessRuntime;
  /** What of the topology the existing channels don't follow, in sentences for the user. */
  readonly notes: readonly string[];
}

/**
 * Makes sure of a network's material under `root` and takes charge of its processes; starts none.
 * @throws MaterialError; what ProcessRuntime.open throws
 */
export async function openProcessNetwork(
  topology: Topology,
  root: string,
  choice: ProgramChoice,
): Promise<ProcessNetwork> {
  const { paths, notes } = await createMaterial(topology, root, { addressing: 'localhost' });
  const folder = new NetworkFolder(root);
  const declared = await processNodes(topology, paths, folder, choice);
  if (declared.some((node) => node.program === 'genuine')) await writeGenuineConfiguration(folder);
  const runtime = await ProcessRuntime.open(declared, folder);
  return { material: paths, folder, runtime, notes };
}
