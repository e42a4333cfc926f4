import { secondsSince, type Metrics } from '../../node/metrics';

/** Names and labels of core/chaincode/metrics.go. `chaincode` is the package id, `<name>.syscc` for system chaincodes. */
export class ChaincodeMetrics {
  readonly #launchDuration;
  readonly #launchFailures;
  readonly #launchTimeouts;
  readonly #requestsReceived;
  readonly #requestsCompleted;
  readonly #requestDuration;
  readonly #executeTimeouts;

  constructor(metrics: Metrics) {
    this.#launchDuration = metrics.histogram('chaincode_launch_duration', 'The time to launch a chaincode.', [
      'chaincode',
      'success',
    ]);
    this.#launchFailures = metrics.counter(
      'chaincode_launch_failures',
      'The number of chaincode launches that have failed.',
      ['chaincode'],
    );
    this.#launchTimeouts = metrics.counter(
      'chaincode_launch_timeouts',
      'The number of chaincode launches that have timed out.',
      ['chaincode'],
    );
    this.#requestsReceived = metrics.counter(
      'chaincode_shim_requests_received',
      'The number of chaincode shim requests received.',
      ['type', 'channel', 'chaincode'],
    );
    this.#requestsCompleted = metrics.counter(
      'chaincode_shim_requests_completed',
      'The number of chaincode shim requests completed.',
      ['type', 'channel', 'chaincode', 'success'],
    );
    this.#requestDuration = metrics.histogram(
      'chaincode_shim_request_duration',
      'The time to complete chaincode shim requests.',
      ['type', 'channel', 'chaincode', 'success'],
    );
    this.#executeTimeouts = metrics.counter(
      'chaincode_execute_timeouts',
      'The number of chaincode executions (Init or Invoke) that have timed out.',
      ['chaincode'],
    );
  }

  /** Counts one request of a chaincode to the peer. Rejects as `handle` does. */
  async request<T>(type: string, channel: string, chaincode: string, handle: () => Promise<T>): Promise<T> {
    const start = process.hrtime.bigint();
    const labels = { type, channel, chaincode };
    this.#requestsReceived.add(labels);
    let success = false;
    try {
      const result = await handle();
      success = true;
      return result;
    } finally {
      const outcome = { ...labels, success: String(success) };
      this.#requestDuration.observe(outcome, secondsSince(start));
      this.#requestsCompleted.add(outcome);
    }
  }

  launched(chaincode: string, start: bigint, outcome: 'success' | 'failure' | 'timeout'): void {
    if (outcome === 'failure') this.#launchFailures.add({ chaincode });
    if (outcome === 'timeout') this.#launchTimeouts.add({ chaincode });
    this.#launchDuration.observe({ chaincode, success: String(outcome === 'success') }, secondsSince(start));
  }

  executeTimeout(chaincode: string): void {
    this.#executeTimeouts.add({ chaincode });
  }
}
