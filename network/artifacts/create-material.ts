import { readFile } from 'node:fs/promises';
import type { Topology } from '../topology/schema';
import { contractByName, type Addressing } from '../topology/views';
import { createChaincodePackage } from './chaincode-package';
import type { ChannelCertificates } from './config-group';
import { exists, makeFolder, makePrivate, writeWhole } from './folder';
import { createGenesisBlock, readChannelCertificates } from './genesis';
import { checkGenesisBlock } from './genesis-check';
import { ensureOrganization } from './organization-material';
import { materialPaths, type MaterialPaths } from './paths';
import { settled } from './settled';

export interface MaterialOptions {
  /** How nodes reach each other; it goes into genesis blocks and packages. */
  readonly addressing: Addressing;
  /** Time by which certificates are issued and judged; now by default. */
  readonly now?: Date;
}

export interface CreatedMaterial {
  readonly paths: MaterialPaths;
  /** Folders and files that were not there before. */
  readonly created: readonly string[];
  /** What of the topology the existing channels don't follow, in sentences for the user. */
  readonly notes: readonly string[];
}

/**
 * Makes sure of everything nodes and clients of a network need under `folder`: CAs, MSPs, TLS material, genesis
 * blocks, chaincode packages. What exists is checked and kept; what the topology has more is issued from the existing
 * CAs; packages are written anew when they would differ. One process at a time may work on a folder.
 * @throws MaterialError when something there is expired, unreadable, or another network's
 */
export async function createMaterial(
  topology: Topology,
  folder: string,
  { addressing, now = new Date() }: MaterialOptions,
): Promise<CreatedMaterial> {
  const paths = materialPaths(topology, folder);
  await makeFolder(folder);
  await makePrivate(folder);
  const issued = await settled(
    topology.organizations.map((organization) => ensureOrganization(topology, organization, paths, now)),
  );
  const certificates = await readChannelCertificates(topology, paths);
  const genesis = await settled(
    topology.channels.map(({ name }) => ensureGenesisBlock(topology, name, paths, certificates, addressing)),
  );
  const packages = await settled(
    topology.contracts.map(({ name }) => ensurePackage(topology, name, paths, certificates, addressing)),
  );
  return {
    paths,
    created: [...issued.flat(), ...genesis.flatMap(({ created }) => created), ...packages.flat()],
    notes: genesis.flatMap(({ notes }) => notes),
  };
}

async function ensureGenesisBlock(
  topology: Topology,
  channel: string,
  paths: MaterialPaths,
  certificates: ChannelCertificates,
  addressing: Addressing,
): Promise<{ created: string[]; notes: string[] }> {
  const file = paths.genesisFile(channel);
  const block = createGenesisBlock(topology, channel, certificates, addressing);
  if (await exists(file)) return { created: [], notes: checkGenesisBlock(file, await readFile(file), block) };
  await writeWhole(file, block.serializeBinary());
  return { created: [file], notes: [] };
}

async function ensurePackage(
  topology: Topology,
  name: string,
  paths: MaterialPaths,
  certificates: ChannelCertificates,
  addressing: Addressing,
): Promise<string[]> {
  const contract = contractByName(topology, name);
  const { packageFile } = paths.contract(name);
  const root = Buffer.from(certificates.tlsAuthority(contract.owner)).toString('utf8');
  const { bytes } = await createChaincodePackage(topology, contract, root, addressing);
  if ((await exists(packageFile)) && bytes.equals(await readFile(packageFile))) return [];
  await writeWhole(packageFile, bytes);
  return [packageFile];
}
