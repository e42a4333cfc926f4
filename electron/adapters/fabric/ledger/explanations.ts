import type { common } from '@hyperledger/fabric-protos';
import {
  explainTransaction,
  type Explanation,
} from '../../../../network/protocol/explanation/explain-transaction';
import type { LedgerTransactionModel } from '../../../api/ledger-models';
import type { LocalNetwork } from '../../runtime/local-network';
import { conflictModel } from '../conflict-finder';
import { CommittedPolicies } from '../endorsement-capacity';

/** A transaction is endorsed seconds before it commits: who is further back than this is not looked for. */
const MOST_BLOCKS = 100;

/** Why transactions are invalid, from the blocks of one peer. */
export class Explanations {
  readonly #policies: CommittedPolicies;

  constructor(private readonly network: LocalNetwork) {
    this.#policies = new CommittedPolicies(network);
  }

  /** @returns null where the transaction is valid */
  async of(
    channel: string,
    block: common.Block,
    position: number,
    contract: string | null,
    earlier: (number: number) => Promise<common.Block | undefined>,
  ): Promise<LedgerTransactionModel['explanation']> {
    const { organizations } = this.network.declared;
    const nameOf = (mspId: string) => organizations.find((one) => one.mspId === mspId)?.name ?? mspId;
    try {
      const found = await explainTransaction({ block, position, earlier, most: MOST_BLOCKS, nameOf });
      if (found === undefined) return null;
      return {
        title: titleOf(found),
        detail: `${found.detail}${await this.#policy(found, channel, contract)}`,
        hint: found.hint,
        conflict: found.conflict ? conflictModel(found.conflict) : null,
      };
    } catch (error) {
      // It may be invalid because it cannot be read.
      const reason = error instanceof Error ? error.message : String(error);
      return {
        title: 'It was found invalid. Nothing was written.',
        detail: `Why exactly could not be found out: ${reason}.`,
        hint: 'Its code says what the peers found; their logs say more.',
        conflict: null,
      };
    }
  }

  /** The policy in force may have changed since: it is named as today's. */
  async #policy({ status }: Explanation, channel: string, contract: string | null): Promise<string> {
    if (status !== 'ENDORSEMENT_POLICY_FAILURE' || contract === null) return '';
    try {
      const needed = await this.#policies.inWords(channel, contract);
      return ` By the definition committed today, ${needed} must endorse.`;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return ` What its policy needs could not be read: ${reason}`;
    }
  }
}

/** Where the reason is in the code alone, the code stands beside it already. */
const titleOf = ({ title, status }: Explanation): string =>
  title.endsWith(`as invalid: ${status}.`)
    ? (titles[status] ?? 'It was found invalid. Nothing was written.')
    : title;

const titles: Readonly<Record<string, string>> = {
  ENDORSEMENT_POLICY_FAILURE: 'Those who endorsed it were not enough. Nothing was written.',
  MVCC_READ_CONFLICT: 'Someone changed first what it had read. Nothing was written.',
  PHANTOM_READ_CONFLICT: 'A list that it had read changed first. Nothing was written.',
  DUPLICATE_TXID: 'A transaction with this id was there before. Nothing was written twice.',
};
