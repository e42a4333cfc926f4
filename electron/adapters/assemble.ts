import path from 'node:path';
import type { CorePorts } from '../core/core';
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
import { ProcessHost } from './runtime/process-host';
import { LogFileSearch } from './runtime/log-search';
import { LocalNodeInspector } from './runtime/node-inspector';
import { DiskMetricsHistory } from './metrics/disk-history';
import { OperationsMetrics } from './metrics/operations-source';
import { AuditFile } from './store/audit-file';
import { homeOfNetwork } from './store/home';
import { SavedRequestsFile } from './store/saved-requests';
import { RetainedStores } from './store/retained-stores';
import { SettingsFile } from './store/settings-file';
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
): Promise<{ ports: CorePorts; close: () => Promise<void> }> {
  const network = await LocalNetwork.open(location);
  const host = new ProcessHost(network);
  const home = homeOfNetwork(location.folder);
  const wallet = new WalletIdentities(
    network,
    new NetworkIdentities(network),
    new WalletFolder(
      path.join(home, 'wallet', location.network),
      new KeyFileProtector(path.join(home, 'wallet', 'key')),
    ),
  );
  const nodes = new FabricNodeReader(network);
  const audit = new AuditFile(path.join(home, 'audit.log'));
  const transactions = new TransactionHistoryFile(path.join(home, 'history', `${location.network}.jsonl`));
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
      metricsHistory: new DiskMetricsHistory(path.join(home, 'metrics', location.network), {
        keepHours: retention.metricsHours,
      }),
      audit,
      transactions,
      retention,
      support: new LocalSupport(network, home),
      savedRequests: new SavedRequestsFile(path.join(home, 'history', `${location.network}.saved.jsonl`)),
      settings: new SettingsFile(path.join(home, 'settings.json')),
    },
    close: () => host.close(),
  };
}
