import { setMaxListeners } from 'node:events';
import type { connectOperations } from '../api/connect-operations';
import type { Handlers } from './dispatcher';
import type { NetworkHost } from './ports/network-host';
import type { NodeDoctor, Surroundings } from './ports/surroundings';
import { requireNode } from './services/network-status';

/** What there is to connect to, and what stands in the way. */
export function connectHandlers({
  host,
  surroundings,
  doctor,
}: {
  readonly host: NetworkHost;
  readonly surroundings: Surroundings;
  readonly doctor: NodeDoctor;
}): Pick<Handlers, keyof typeof connectOperations> {
  return {
    'runtime.list': () => surroundings.runtimes(),
    'network.list': () => surroundings.networks(),
    'network.doctor': async ({ nodes }, { signal }) => {
      // Every check of every node listens for it at the same time: no leak.
      setMaxListeners(0, signal);
      const declared = host.declared();
      const chosen = nodes?.map((name) => requireNode(declared, name)) ?? declared.nodes;
      const runs = new Map((await host.runs()).map((run) => [run.name, run]));
      const examined = await Promise.all(
        chosen.map(async ({ name, role, organization, address }) => {
          const run = runs.get(name);
          const checks = run ? await doctor.examine(name, run, signal) : [];
          return { node: name, role, organization, address, checks };
        }),
      );
      return { at: new Date().toISOString(), nodes: examined };
    },
  };
}
