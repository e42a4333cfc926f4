import { readFile } from 'node:fs/promises';
import type { UserPaths } from '../../../network/artifacts/paths';
import { writeGenuineConfiguration } from '../../../network/runtime/genuine-configuration';
import type { Topology } from '../../../network/topology/schema';
import { grpcAddress, peerOrganization, peersOf } from '../../../network/topology/views';
import type { Identity } from '../../api/models';
import type { IdentityStore } from '../../core/ports/fabric';
import { problem } from '../../core/problem';
import type { LocalNetwork } from '../runtime/local-network';
import { describeIdentity } from './describe-identity';

/** The identities issued with the network's material. */
export class NetworkIdentities implements IdentityStore {
  constructor(private readonly network: LocalNetwork) {}

  async list(): Promise<Identity[]> {
    const users = this.network.material.organizations.flatMap((organization) => organization.users);
    const identities = await Promise.all(
      users.map(async (user) => {
        const pem = await certificateOf(user);
        const { organization, mspId, name } = user;
        return pem === undefined
          ? []
          : [describeIdentity(this.network.topology, { organization, mspId, name, source: 'network' }, pem)];
      }),
    );
    return identities.flat();
  }

  /** PEM. Throws NETWORK_NOT_RUNNING before the certificate has been issued. */
  async certificate(identity: string): Promise<string> {
    const [organization = '', name = ''] = identity.split('/');
    const pem = await certificateOf(this.network.material.user(organization, name));
    if (pem !== undefined) return pem;
    throw problem('NETWORK_NOT_RUNNING', {
      title: `${identity} has no certificate yet.`,
      hint: 'Start the network once: it issues certificates first.',
    });
  }

  async environment(identity: string): Promise<Record<string, string>> {
    // The genuine commands want a core.yaml, also beside embedded nodes.
    await writeGenuineConfiguration(this.network.folder);
    const [organizationName = '', name = ''] = identity.split('/');
    const user = this.network.material.user(organizationName, name);
    const organization = this.network.material.organization(organizationName);
    const orderer = this.network.topology.organizations.find(({ kind }) => kind === 'orderer');
    const shared: Record<string, string> = {
      FABRIC_CFG_PATH: this.network.folder.peerConfiguration,
      CORE_PEER_TLS_ENABLED: 'true',
      CORE_PEER_LOCALMSPID: user.mspId,
      CORE_PEER_MSPCONFIGPATH: user.mspFolder,
    };
    if (orderer?.kind === 'orderer') {
      const [first] = orderer.nodes;
      const paths = this.network.material.organization(orderer.name);
      const nodePaths = first && paths.nodes.find((node) => node.name === first.name);
      if (first && nodePaths) {
        shared['ORDERER_ADDRESS'] = `localhost:${first.ports.grpc}`;
        shared['ORDERER_CA'] = nodePaths.tls.rootCertificate;
        shared['OSN_TLS_CA_ROOT_CERT'] = nodePaths.tls.rootCertificate;
        shared['OSN_ADMIN_ADDRESS'] = `localhost:${first.ports.admin}`;
        shared['OSN_TLS_CLIENT_CERT'] = nodePaths.tls.certificate;
        shared['OSN_TLS_CLIENT_KEY'] = nodePaths.tls.key;
      }
    }
    const [peer] = organization.nodes;
    if (peer && orderer?.name !== organization.name) {
      const [node] = peersOf(this.network.topology, organization.name);
      if (node) shared['CORE_PEER_ADDRESS'] = grpcAddress(node, 'localhost');
      shared['CORE_PEER_TLS_ROOTCERT_FILE'] = peer.tls.rootCertificate;
    }
    return shared;
  }

  async profile(organizationName: string): Promise<Record<string, unknown>> {
    const { topology } = this.network;
    const { directory } = await this.network.clients();
    const organization = requirePeerOrganization(topology, organizationName);
    const peers = peersOf(topology, organization.name);
    const channels = topology.channels.filter((channel) => channel.members.includes(organization.name));
    const addresses = peers.map((peer) => ({ peer, address: directory.node(peer.name) }));
    return {
      name: `${topology.name}-${organization.name.toLowerCase()}`,
      version: '1.0.0',
      client: { organization: organization.name },
      organizations: {
        [organization.name]: { mspid: organization.mspId, peers: peers.map((peer) => peer.name) },
      },
      peers: Object.fromEntries(
        addresses.map(({ peer, address }) => [
          peer.name,
          {
            url: `grpcs://${address.address}`,
            tlsCACerts: { pem: address.tlsRootCertificates },
            grpcOptions: { 'ssl-target-name-override': peer.name, hostnameOverride: peer.name },
          },
        ]),
      ),
      channels: Object.fromEntries(
        channels.map((channel) => [
          channel.name,
          {
            peers: Object.fromEntries(
              peers.map((peer) => [
                peer.name,
                { endorsingPeer: true, chaincodeQuery: true, ledgerQuery: true, eventSource: true },
              ]),
            ),
          },
        ]),
      ),
    };
  }
}

function requirePeerOrganization(topology: Topology, name: string) {
  try {
    return peerOrganization(topology, name);
  } catch (error) {
    throw problem('UNKNOWN_IDENTITY', {
      title: `There is no organization ${name} with peers.`,
      detail: error instanceof Error ? error.message : '',
      hint: 'Name an organization of the topology.',
      cause: error,
    });
  }
}

/** Undefined before the certificate has been issued. */
async function certificateOf(user: UserPaths): Promise<string | undefined> {
  try {
    return await readFile(user.certificate, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
