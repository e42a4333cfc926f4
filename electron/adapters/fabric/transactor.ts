import type { SubmitOutcome, SubmitProgress } from '../../../network/gateway/transaction';
import type { Signer } from '../../../network/protocol/signing';
import type { TransactionResult } from '../../api/models';
import type { ContractCall, Evaluated, SubmitStage, Transactor } from '../../core/ports/fabric';
import { problem } from '../../core/problem';
import type { ProblemError } from '../../core/problem';
import type { LocalNetwork } from '../runtime/local-network';
import { translated } from './problems';
import { explainValidationCode } from './validation-words';

/** Runs contract functions through the gateway as an identity of the wallet. */
export class GatewayTransactor implements Transactor {
  constructor(
    private readonly network: LocalNetwork,
    private readonly signerOf: (identity: string) => Promise<Signer>,
  ) {}

  evaluate(call: ContractCall, signal: AbortSignal): Promise<Evaluated> {
    return translated(async () => {
      const { transactions, signer } = await this.#actingAs(call.as);
      const answer = await transactions.evaluate(signer, gatewayCall(call), { signal });
      const { result, durationMs, gatewayPeer } = answer;
      return { result: parsedResult(result), durationMs, gateway: gatewayPeer };
    });
  }

  submit(
    call: ContractCall,
    signal: AbortSignal,
    onStage?: (stage: SubmitStage) => void,
  ): Promise<TransactionResult> {
    return translated(async () => {
      const { transactions, signer } = await this.#actingAs(call.as);
      const outcome = await transactions.submit(signer, gatewayCall(call), {
        signal,
        onProgress: ({ stage, transactionId, ms }: SubmitProgress) =>
          onStage?.({ done: stage, transactionId, ms }),
      });
      if (outcome.outcome !== 'valid') throw outcomeProblem(outcome, call);
      return {
        transactionId: outcome.transactionId,
        status: outcome.codeName,
        code: outcome.code,
        blockNumber: String(outcome.blockNumber),
        result: parsedResult(outcome.result),
        durationsMs: outcome.durationsMs,
        endorsement: { ...outcome.endorsement, endorsers: [...outcome.endorsement.endorsers] },
      };
    });
  }

  async #actingAs(identity: string) {
    const { transactions } = await this.network.clients();
    return { transactions, signer: await this.signerOf(identity) };
  }
}

function outcomeProblem(outcome: SubmitOutcome, call: ContractCall): ProblemError {
  if (outcome.outcome === 'unknown') {
    return problem('COMMIT_UNKNOWN', {
      title: 'The orderer took the transaction, but nobody said whether it committed.',
      detail: outcome.reason,
      hint: `Ask again with \`cityflow tx ${call.channel} ${outcome.transactionId}\` before you send it again.`,
      transactionId: outcome.transactionId,
    });
  }
  const { codeName, code, blockNumber, transactionId } = outcome;
  const words = explainValidationCode(codeName);
  return problem('TRANSACTION_INVALID', {
    title: `The transaction was ordered in block ${blockNumber} and then found invalid: ${codeName}.`,
    detail: words.detail,
    hint: words.hint,
    retryable: words.retryable,
    transactionId,
    validation: { status: codeName, code, blockNumber: String(blockNumber) },
  });
}

function gatewayCall(call: ContractCall) {
  return {
    channelId: call.channel,
    contract: call.contract,
    functionName: call.function,
    args: call.args,
    ...(call.transient && {
      transient: Object.fromEntries(
        Object.entries(call.transient).map(([name, value]) => [name, Buffer.from(value)]),
      ),
    }),
    ...(call.endorsingOrganizations && { endorsingOrganizations: call.endorsingOrganizations }),
  };
}

/** JSON where the contract returned JSON, else its text; null where it returned nothing. */
export function parsedResult(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return null;
  const text = Buffer.from(bytes).toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
