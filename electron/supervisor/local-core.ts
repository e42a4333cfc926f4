import { createCore } from '../core/core';
import type { Core } from '../core/core';
import type { CoreLife } from '../core/store-faults';
import { assemblePorts } from '../adapters/assemble';
import { liveHolder } from './lock';

export interface CoreLocation {
  readonly network: string;
  readonly folder: string;
  readonly topologyFile: string | undefined;
  readonly programs: string;
  /** Whether to go on with the shipped topology where the network's own cannot be read: to stop or delete it. */
  readonly anyTopology?: boolean;
  /** Default: lasting. */
  readonly life?: CoreLife;
}

export interface LocalCore extends Omit<Core, 'close'> {
  /** Resolves when the network was taken down through this core. */
  readonly down: Promise<void>;
  close(): Promise<void>;
}

/** A core of this process over the network in `location`. Nodes it starts are its children. */
export async function openLocalCore(location: CoreLocation): Promise<LocalCore> {
  const { ports, close } = await assemblePorts(
    location,
    async (folder) => {
      const holder = await liveHolder(folder);
      return holder?.pid ?? null;
    },
    location.life,
  );
  let tookDown: () => void = () => undefined;
  const down = new Promise<void>((resolve) => (tookDown = resolve));
  const core = createCore(ports, { networkDown: tookDown });
  return {
    ...core,
    down,
    close: async () => {
      core.close();
      await close();
    },
  };
}
