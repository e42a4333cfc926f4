import type { MetricsSource, NodeReading } from '../../core/ports/metrics';
import { problem } from '../../core/problem';
import { getOperations } from '../operations-endpoint';
import type { LocalNetwork } from '../runtime/local-network';
import { PackageContracts } from './package-contracts';
import { readPage } from './selection';

const TIMEOUT_MS = 3_000;
const LARGEST_PAGE = 8 * 1024 * 1024;

/** Reads /metrics of the nodes' operations endpoints. */
export class OperationsMetrics implements MetricsSource {
  readonly #contracts: PackageContracts;

  constructor(private readonly network: LocalNetwork) {
    this.#contracts = new PackageContracts(network);
  }

  async read(name: string, signal: AbortSignal): Promise<NodeReading> {
    const node = this.network.declared.nodes.find((candidate) => candidate.name === name);
    if (!node || node.operations === null) {
      throw problem('UNKNOWN_NODE', { title: `${name} has no operations endpoint.` });
    }
    const { status, body } = await getOperations(node.operations, '/metrics', {
      timeoutMs: TIMEOUT_MS,
      maxBytes: LARGEST_PAGE,
      signal,
    });
    if (status !== 200) throw problem('NODE_UNAVAILABLE', { title: `/metrics of ${name} says ${status}.` });
    return readPage(body, await this.#contracts.lookup());
  }
}
