import type { MetricsSource, NodeReading } from '../../core/ports/metrics';
import { problem } from '../../core/problem';
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
    const response = await fetch(`http://${node.operations}/metrics`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw problem('NODE_UNAVAILABLE', { title: `/metrics of ${name} says ${response.status}.` });
    }
    return readPage(await boundedText(response, name), await this.#contracts.lookup());
  }
}

async function boundedText(response: Response, node: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > LARGEST_PAGE) {
      throw problem('NODE_UNAVAILABLE', { title: `/metrics of ${node} is larger than 8 MB.` });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
