import { status } from '@grpc/grpc-js';
import { GatewayTransactionError } from '../../../network/gateway/transaction-error';
import type { SubmitProgress } from '../../../network/gateway/transaction';
import type { Signer } from '../../../network/protocol/signing';
import type { TransactionResult } from '../../api/models';
import type { ContractCall, Evaluated, SubmitStage, Transactor } from '../../core/ports/fabric';
import type { LocalNetwork } from '../runtime/local-network';
import { InvalidTransactions } from './invalid-transaction';
import { listens } from './listens';
import type { FailureContext } from './problem-sources';
import { fabricProblem } from './problems';

const LISTEN_MS = 1_000;

/** Runs contract functions through the gateway as an identity of the wallet. */
export class GatewayTransactor implements Transactor {
  readonly #invalid: InvalidTransactions;

  constructor(
    private readonly network: LocalNetwork,
    private readonly signerOf: (identity: string) => Promise<Signer>,
  ) {
    this.#invalid = new InvalidTransactions(network);
  }

  evaluate(call: ContractCall, signal: AbortSignal): Promise<Evaluated> {
    return this.#told(call, async () => {
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
    return this.#told(call, async () => {
      const { transactions, signer } = await this.#actingAs(call.as);
      const outcome = await transactions.submit(signer, gatewayCall(call), {
        signal,
        onProgress: ({ stage, transactionId, ms }: SubmitProgress) =>
          onStage?.({ done: stage, transactionId, ms }),
      });
      if (outcome.outcome === 'unknown') throw outcome.cause;
      if (outcome.outcome === 'invalid') throw await this.#invalid.problemOf(outcome, call);
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

  /** What fails is told in Fabric's terms; a call that waited in vain, also with whether its contract is there at all. */
  async #told<T>(call: ContractCall, work: () => Promise<T>): Promise<T> {
    const { declared } = this.network;
    try {
      return await work();
    } catch (error) {
      const waited =
        error instanceof GatewayTransactionError && (error.code as status) === status.DEADLINE_EXCEEDED;
      const unreached = waited ? await this.#unreached(call) : undefined;
      throw fabricProblem(error, { declared, call, unreached });
    }
  }

  async #unreached(call: ContractCall): Promise<FailureContext['unreached']> {
    const { contracts, nodes } = this.network.declared;
    const address = contracts.find(
      ({ name, channel }) => name === call.contract && channel === call.channel,
    )?.address;
    const node = nodes.find((one) => one.role === 'contract' && one.address === address)?.name;
    if (address === undefined || node === undefined || (await listens(address, LISTEN_MS))) return undefined;
    return { node, address };
  }

  async #actingAs(identity: string) {
    const { transactions } = await this.network.clients();
    return { transactions, signer: await this.signerOf(identity) };
  }
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
