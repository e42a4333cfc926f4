import type { SubmitOutcome } from '../../../network/gateway/transaction';
import type { ContractCall } from '../../core/ports/fabric';
import { problem } from '../../core/problem';
import type { ProblemError } from '../../core/problem';
import type { LocalNetwork } from '../runtime/local-network';
import { ConflictFinder, conflictModel, type FoundConflict } from './conflict-finder';
import { CommittedPolicies } from './endorsement-capacity';
import { conflictInWords } from '../../../network/protocol/explanation/conflict-words';
import { listed } from '../../../network/protocol/explanation/listed';
import {
  explainValidationCode,
  type ValidationWords,
} from '../../../network/protocol/explanation/validation-words';

type Ordered = Exclude<SubmitOutcome, { outcome: 'unknown' }>;

/** Tells why a transaction that was ordered counts for nothing: who was first, or who should have endorsed. */
export class InvalidTransactions {
  readonly #conflicts: ConflictFinder;
  readonly #policies: CommittedPolicies;

  constructor(private readonly network: LocalNetwork) {
    this.#conflicts = new ConflictFinder(network);
    this.#policies = new CommittedPolicies(network);
  }

  async problemOf(outcome: Ordered, { channel, contract }: ContractCall): Promise<ProblemError> {
    const { codeName, code, blockNumber, transactionId } = outcome;
    const found = await this.#conflicts.find(channel, {
      id: transactionId,
      blockNumber,
      status: codeName,
    });
    const conflict = found && 'conflict' in found ? found.conflict : undefined;
    const shown: ValidationWords & { readonly title?: string } =
      codeName === 'ENDORSEMENT_POLICY_FAILURE'
        ? { ...explainValidationCode(codeName), ...(await this.#policyWords(outcome, channel, contract)) }
        : { ...explainValidationCode(codeName), ...conflictWords(found) };
    return problem('TRANSACTION_INVALID', {
      title: `The transaction was ordered in block ${blockNumber} and then found invalid: ${codeName}.`,
      ...shown,
      transactionId,
      validation: {
        status: codeName,
        code,
        blockNumber: String(blockNumber),
        ...(conflict && { conflict: conflictModel(conflict) }),
      },
    });
  }

  async #policyWords(
    { endorsement, codeName, blockNumber }: Ordered,
    channel: string,
    contract: string,
  ): Promise<{ title?: string; detail: string }> {
    const { organizations } = this.network.declared;
    const nameOf = (mspId: string) => organizations.find((one) => one.mspId === mspId)?.name ?? mspId;
    const did = listed([...new Set(endorsement.endorsers.map(({ mspId }) => nameOf(mspId)))]);
    const ordered = `It was ordered in block ${blockNumber} and then found invalid (${codeName}). Nothing was written.`;
    try {
      const needed = await this.#policies.inWords(channel, contract);
      return { title: `${needed} must endorse. Only ${did} did.`, detail: ordered };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return {
        detail: `Only ${did} endorsed it; what the policy needs could not be read (${reason}). ${ordered}`,
      };
    }
  }
}

function conflictWords(found: FoundConflict | undefined): { title?: string; detail?: string } {
  if (!found) return {};
  if ('notFound' in found) {
    return {
      title: 'Someone changed the same data first. Nothing was written.',
      detail: `Another transaction wrote first what this one had read. Which one could not be found out: ${found.notFound}. Nothing was written.`,
    };
  }
  return conflictInWords(found.conflict);
}
