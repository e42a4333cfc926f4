import { secondsSince, type Metrics } from '../../node/metrics';

/** Names and labels of core/endorser/metrics.go. `chaincode` is the chaincode's name. */
export class EndorserMetrics {
  readonly #duration;
  readonly #received;
  readonly #successful;
  readonly #validationFailures;
  readonly #aclFailures;
  readonly #endorsementFailures;
  readonly #duplicates;
  readonly #simulationFailures;

  constructor(metrics: Metrics) {
    const labels = ['channel', 'chaincode'] as const;
    this.#duration = metrics.histogram('endorser_proposal_duration', 'The time to complete a proposal.', [
      ...labels,
      'success',
    ]);
    this.#received = metrics.counter('endorser_proposals_received', 'The number of proposals received.');
    this.#successful = metrics.counter(
      'endorser_successful_proposals',
      'The number of successful proposals.',
    );
    this.#validationFailures = metrics.counter(
      'endorser_proposal_validation_failures',
      'The number of proposals that have failed initial validation.',
    );
    this.#aclFailures = metrics.counter(
      'endorser_proposal_acl_failures',
      'The number of proposals that failed ACL checks.',
      labels,
    );
    this.#endorsementFailures = metrics.counter(
      'endorser_endorsement_failures',
      'The number of failed endorsements.',
      [...labels, 'chaincodeerror'],
    );
    this.#duplicates = metrics.counter(
      'endorser_duplicate_transaction_failures',
      'The number of failed proposals due to duplicate transaction ID.',
      labels,
    );
    this.#simulationFailures = metrics.counter(
      'endorser_proposal_simulation_failures',
      'The number of failed proposal simulations',
      labels,
    );
  }

  received(): void {
    this.#received.add({});
  }

  validationFailed(): void {
    this.#validationFailures.add({});
  }

  aclFailed(channel: string, chaincode: string): void {
    this.#aclFailures.add({ channel, chaincode });
  }

  duplicate(channel: string, chaincode: string): void {
    this.#duplicates.add({ channel, chaincode });
  }

  simulationFailed(channel: string, chaincode: string): void {
    this.#simulationFailures.add({ channel, chaincode });
  }

  /** Not endorsed: because the chaincode answered with an error, or because signing failed. */
  endorsementFailed(channel: string, chaincode: string, chaincodeError: boolean): void {
    this.#endorsementFailures.add({ channel, chaincode, chaincodeerror: String(chaincodeError) });
  }

  completed(channel: string, chaincode: string, start: bigint, success: boolean): void {
    if (success) this.#successful.add({});
    this.#duration.observe({ channel, chaincode, success: String(success) }, secondsSince(start));
  }
}
