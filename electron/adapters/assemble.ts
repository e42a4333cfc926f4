import type { CorePorts } from '../core/core';
import { FabricChannelReader } from './fabric/channel-reader';
import { FabricContractDeployer } from './fabric/contract-deployer';
import { FabricLedgerReader } from './fabric/ledger-reader';
import { FabricNodeReader } from './fabric/node-reader';
import { GatewayTransactor } from './fabric/transactor';
import { LocalNetwork } from './runtime/local-network';
import type { NetworkLocation } from './runtime/local-network';
import { ProcessHost } from './runtime/process-host';
import { NetworkIdentities } from './wallet/network-identities';

/** The core's ports over a network of this machine. Nothing is started; nothing is connected before its first use. */
export async function assemblePorts(
  location: NetworkLocation,
): Promise<{ ports: CorePorts; close: () => Promise<void> }> {
  const network = await LocalNetwork.open(location);
  const host = new ProcessHost(network);
  return {
    ports: {
      host,
      nodes: new FabricNodeReader(network),
      channels: new FabricChannelReader(network),
      transactor: new GatewayTransactor(network),
      ledger: new FabricLedgerReader(network),
      identities: new NetworkIdentities(network),
      deployer: new FabricContractDeployer(network),
    },
    close: () => host.close(),
  };
}
