import { readFile } from 'node:fs/promises';
import type { OrdererAdminAddress } from '../../../network/admin/participation';
import type { NodeAddress } from '../../../network/admin/node-connection';
import { materialPaths } from '../../../network/artifacts/paths';
import type { MaterialPaths, UserPaths } from '../../../network/artifacts/paths';
import { loadSigner } from '../../../network/protocol/signing';
import type { Signer } from '../../../network/protocol/signing';
import type { Topology } from '../../../network/topology/schema';
import { grpcAddress, nodeByName, ordererNodes } from '../../../network/topology/views';
import { problem } from '../../core/problem';

/**
 * Who is where and who may ask whom: addresses of nodes, and for each node the admin of its own organization, so
 * that no read about a node depends on the identity somebody happens to act as.
 */
export class NetworkDirectory {
  readonly paths: MaterialPaths;
  readonly #signers = new Map<string, Promise<Signer>>();
  readonly #files = new Map<string, Promise<string>>();

  constructor(
    readonly topology: Topology,
    folder: string,
  ) {
    this.paths = materialPaths(topology, folder);
  }

  async address(nodeName: string): Promise<NodeAddress> {
    const node = nodeByName(this.topology, nodeName);
    return {
      name: node.name,
      mspId: node.mspId,
      address: grpcAddress(node, 'localhost'),
      tlsRootCertificates: await this.#file(this.paths.node(node.name).tls.rootCertificate),
    };
  }

  async ordererAdmin(nodeName: string): Promise<OrdererAdminAddress> {
    const node = ordererNodes(this.topology).find((orderer) => orderer.name === nodeName);
    if (!node) throw new Error(`${nodeName} is no orderer`);
    const { tls } = this.paths.node(node.name);
    const [tlsRootCertificates, clientCertificate, clientKey] = await Promise.all([
      this.#file(tls.rootCertificate),
      this.#file(tls.certificate),
      this.#file(tls.key),
    ]);
    return {
      name: node.name,
      host: 'localhost',
      port: node.ports.admin,
      tlsRootCertificates,
      clientCertificate,
      clientKey,
    };
  }

  /** The admin of the organization a node belongs to. */
  nodeAdmin(nodeName: string): Promise<Signer> {
    return this.#signer(this.paths.user(nodeByName(this.topology, nodeName).organization, 'Admin'));
  }

  organizationAdmin(organization: string): Promise<Signer> {
    return this.#signer(this.paths.user(organization, 'Admin'));
  }

  /** The signer of ORG/NAME as the wallet lists it. */
  identity(id: string): Promise<Signer> {
    const [organization = '', name = ''] = id.split('/');
    return this.#signer(this.paths.user(organization, name));
  }

  #signer(user: UserPaths): Promise<Signer> {
    return remembered(this.#signers, user.mspFolder, () => loadSigner(user.mspId, user.mspFolder));
  }

  async #file(file: string): Promise<string> {
    try {
      return await remembered(this.#files, file, () => readFile(file, 'utf8'));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      throw problem('NETWORK_NOT_RUNNING', {
        title: 'The network has never been started: it has no certificates yet.',
        detail: `${file} does not exist.`,
        hint: 'Run `cityflow up`.',
        cause: error,
      });
    }
  }
}

/** A failed attempt is not remembered: the file may be there the next time. */
function remembered<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known) return known;
  const made = make();
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return made;
}
