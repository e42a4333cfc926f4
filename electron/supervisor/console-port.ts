import { LocalNetwork } from '../adapters/runtime/local-network';
import type { CoreLocation } from './local-core';

/** The port on which the topology wants browser mode. Throws TOPOLOGY_INVALID. */
export async function consolePort(location: CoreLocation): Promise<number> {
  const { topology } = await LocalNetwork.open(location);
  return topology.console.port;
}
