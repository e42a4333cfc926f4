import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createMaterial } from '../../../../network/artifacts/create-material';
import { storeFaults } from '../../../core/fake-records';
import type { StoreFaults } from '../../../core/store-faults';
import { LocalNetwork } from '../../runtime/local-network';
import { KeyFileProtector } from '../key-file-protector';
import { NetworkIdentities } from '../network-identities';
import { WalletFolder } from '../wallet-folder';
import { WalletIdentities } from '../wallet-identities';

const repository = path.resolve(import.meta.dirname, '../../../..');

export interface TestWallet {
  readonly home: string;
  /** Of all wallets that are opened. */
  readonly faults: StoreFaults;
  readonly network: LocalNetwork;
  /** Another console's wallet over the same files. */
  open(): WalletIdentities;
  /** PEM of an identity of the network. */
  pemOf(
    organization: string,
    name: string,
  ): Promise<{ readonly certificatePem: string; readonly privateKeyPem: string }>;
  close(): Promise<void>;
}

/** The shipped topology with certificates of its own in a folder that goes with `close`. */
export async function openTestWallet(parent = os.tmpdir()): Promise<TestWallet> {
  const home = await mkdtemp(path.join(parent, 'cityflow-wallet-'));
  const folder = path.join(home, 'networks', 'test');
  const network = await LocalNetwork.open({
    network: 'test',
    folder,
    topologyFile: path.join(repository, 'network', 'cityflow.yaml'),
    programs: path.join(repository, 'out'),
  });
  await createMaterial(network.topology, folder, { addressing: 'localhost' });
  const faults = storeFaults();
  return {
    home,
    faults,
    network,
    open: () =>
      new WalletIdentities(
        network,
        new NetworkIdentities(network),
        new WalletFolder(
          path.join(home, 'wallet', 'test'),
          new KeyFileProtector(path.join(home, 'wallet', 'key')),
          faults.of('wallet'),
        ),
      ),
    pemOf: async (organization, name) => {
      const user = network.material.user(organization, name);
      const [certificatePem, privateKeyPem] = await Promise.all([
        readFile(user.certificate, 'utf8'),
        readFile(user.key, 'utf8'),
      ]);
      return { certificatePem, privateKeyPem };
    },
    close: () => rm(home, { recursive: true }),
  };
}
