import type { common } from '@hyperledger/fabric-protos';
import type { ChannelLedger } from '../ledger/types';

/**
 * The block with the given number, waiting until it is committed. Rejects when the signal aborts; throws when the
 * ledger has passed the block but does not hold it.
 */
export async function committedBlock(
  ledger: ChannelLedger,
  number: number,
  signal: AbortSignal,
): Promise<common.Block> {
  await heightAbove(ledger, number, signal);
  const block = await ledger.block(number);
  if (block === undefined)
    throw new Error(`block ${number} of channel ${ledger.channelId} is not held by this peer`);
  return block;
}

function heightAbove(ledger: ChannelLedger, number: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ledger.height > number) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      stopListening();
      signal.removeEventListener('abort', abort);
      end();
    };
    const abort = (): void => settle(() => reject(new Error('the client no longer waits for blocks')));
    const stopListening = ledger.onCommit(() => {
      if (ledger.height > number) settle(resolve);
    });
    signal.addEventListener('abort', abort, { once: true });
    // A commit between the first look and the subscription must not be missed.
    if (ledger.height > number) settle(resolve);
  });
}

/** What a gRPC stream towards a client offers for writing. */
interface WritableCall<T> {
  write(message: T): boolean;
  once(event: 'drain', listener: () => void): unknown;
  removeListener(event: 'drain', listener: () => void): unknown;
}

/** Writes a message and waits until the client keeps up; returns early when the signal aborts. */
export async function writeTo<T>(call: WritableCall<T>, message: T, signal: AbortSignal): Promise<void> {
  if (signal.aborted || call.write(message)) return;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      call.removeListener('drain', settle);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    call.once('drain', settle);
    signal.addEventListener('abort', settle, { once: true });
  });
}
