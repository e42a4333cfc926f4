import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { NetworkClients } from '../admin/network-clients';
import { GatewayTransactionError } from '../gateway/transaction-error';
import type { ContractCall } from '../gateway/transaction';
import type { Contract } from '../topology/schema';
import { membersOf } from '../topology/views';

const timeoutMs = 60_000;
const intervalMs = 150;

/**
 * Calls a contract through the gateway of every member and has the call endorsed as its policy asks, without
 * submitting it: from then on everybody can work. A gateway that was just started has to hear of the other
 * organizations' peers first.
 * @throws GatewayTransactionError when the contract can't be used for other reasons, or not in time
 */
export async function firstCalls(
  clients: NetworkClients,
  contract: Contract,
  signal?: AbortSignal,
): Promise<boolean> {
  const { directory, transactions } = clients;
  const call: ContractCall = {
    channelId: contract.channel,
    contract: contract.name,
    functionName: 'org.hyperledger.fabric:GetMetadata',
    args: [],
  };
  const deadline = Date.now() + timeoutMs;
  await Promise.all(
    membersOf(directory.topology, contract.channel).map(async (organization) => {
      const admin = await directory.admin(organization.name);
      for (;;) {
        try {
          await transactions.tryEndorse(admin, call, signal && { signal });
          return;
        } catch (error) {
          if (!warmingUp(error) || Date.now() > deadline) throw error;
        }
        await delay(intervalMs, undefined, signal && { signal });
      }
    }),
  );
  return true;
}

function warmingUp(error: unknown): boolean {
  if (!(error instanceof GatewayTransactionError)) return false;
  const code = error.code as status;
  return code === status.FAILED_PRECONDITION || code === status.UNAVAILABLE;
}
