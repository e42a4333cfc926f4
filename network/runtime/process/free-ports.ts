import { createServer } from 'node:net';
import { findPortHolder } from '../../embedded/node/port-holder';
import { PortTakenError } from '../network-runtime';

/**
 * Makes sure that a node will get its ports, before anything is started.
 * @throws PortTakenError naming the process that holds one
 */
export async function assertPortsFree(node: string, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    if (!(await isFree(port))) throw new PortTakenError(node, port, await findPortHolder(port));
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
