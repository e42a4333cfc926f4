import path from 'node:path';
import type { CorePorts } from '../core/core';
import { StoreFaults } from '../core/store-faults';
import type { CoreLife } from '../core/store-faults';
import { LocalNodeDoctor } from './connect/node-doctor';
import { LocalSurroundings } from './connect/surroundings';
import type { FindSupervisor } from './connect/surroundings';
import { FabricChannelReader } from './fabric/channel-reader';
import { FabricContractDeployer } from './fabric/contract-deployer';
import { CommittedPolicies } from './fabric/endorsement-capacity';
import { FabricLedgerReader } from './fabric/ledger-reader';
import { FabricNodeReader } from './fabric/node-reader';
import { GatewayTransactor } from './fabric/transactor';
import { LocalNetwork } from './runtime/local-network';
import type { NetworkLocation } from './runtime/local-network';
import { RuntimeHost } from './runtime/runtime-host';
import { LogFileSearch } from './runtime/log-search';
import { LocalNodeInspector } from './runtime/node-inspector';
import { DiskMetricsHistory } from './metrics/disk-history';
import { OperationsMetrics } from './metrics/operations-source';
import { AuditFile } from './store/audit-file';
import { homeOfNetwork } from './store/home';
import { SavedRequestsFile } from './store/saved-requests';
import { RetainedStores } from './store/retained-stores';
import { SettingsFile } from './store/settings-file';
import { allSetAside, storeFiles } from './store/store-files';
import { TransactionHistoryFile } from './store/transaction-history';
import { LocalSupport } from './support/local-support';
import { KeyFileProtector } from './wallet/key-file-protector';
import { NetworkIdentities } from './wallet/network-identities';
import { WalletFolder } from './wallet/wallet-folder';
import { WalletIdentities } from './wallet/wallet-identities';

/** The core's ports over a network of this machine. Nothing is started; nothing is connected before its first use. */
export async function assemblePorts(
  location: NetworkLocation,
  findSupervisor: FindSupervisor,
  life?: CoreLife,
): Promise<{ ports: CorePorts; close: () => Promise<void> }> {
  const network = await LocalNetwork.open(location);
  const host = new RuntimeHost(network);
  const home = homeOfNetwork(location.folder);
  const files = storeFiles(home, location.network);
  const faults: StoreFaults = new StoreFaults(async () => {
    // What is wrong with these is reported while they are read.
    await Promise.allSettled([settings.read(), walletFolder.list()]);
    return allSetAside(files);
  }, life);
  const settings = new SettingsFile(files.settings, faults.of('settings'));
  const walletFolder = new WalletFolder(
    path.join(home, 'wallet', location.network),
    new KeyFileProtector(path.join(home, 'wallet', 'key')),
    faults.of('wallet'),
  );
  const wallet = new WalletIdentities(network, new NetworkIdentities(network), walletFolder);
  const nodes = new FabricNodeReader(network);
  const audit = new AuditFile(files.audit, faults.of('audit'));
  const transactions = new TransactionHistoryFile(files.history, faults.of('history'));
  const retention = new RetainedStores(audit, transactions);
  return {
    ports: {
      host,
      nodes,
      surroundings: new LocalSurroundings(location, findSupervisor),
      doctor: new LocalNodeDoctor(network, nodes),
      channels: new FabricChannelReader(network),
      transactor: new GatewayTransactor(network, (identity) => wallet.signer(identity)),
      ledger: new FabricLedgerReader(network),
      identities: wallet,
      wallet,
      deployer: new FabricContractDeployer(network),
      inspector: new LocalNodeInspector(network),
      logs: new LogFileSearch(location.folder),
      policies: new CommittedPolicies(network),
      metrics: new OperationsMetrics(network),
      metricsHistory: new DiskMetricsHistory(files.metrics, faults.of('metrics'), {
        keepHours: retention.metricsHours,
      }),
      audit,
      transactions,
      retention,
      support: new LocalSupport(network, home),
      savedRequests: new SavedRequestsFile(files.saved, faults.of('history')),
      settings,
      faults,
    },
    close: () => host.close(),
  };
}
