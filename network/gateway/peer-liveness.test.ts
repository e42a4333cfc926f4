import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NodeCallError } from '../admin/errors';
import { NodeConnections, type NodeAddress } from '../admin/node-connection';
import { PeerHangs, PeerLiveness } from './peer-liveness';

const node: NodeAddress = { name: 'peer0', mspId: 'OneMSP', address: 'localhost:1', tlsRootCertificates: '' };

/** A call that ends when it is told to. */
function endless(): { call: (hangs: AbortSignal) => Promise<string>; end: (value: string) => void } {
  let end: (value: string) => void = () => undefined;
  const call = (hangs: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      end = resolve;
      hangs.addEventListener('abort', () => reject(hangs.reason as Error));
    });
  return { call, end: (value) => end(value) };
}

describe('whether a peer is there', () => {
  const connections = new NodeConnections();
  const asked = vi.spyOn(connections, 'unary');
  let liveness: PeerLiveness;

  beforeEach(() => {
    vi.useFakeTimers();
    asked.mockReset();
    liveness = new PeerLiveness(connections);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const answers = (code: status): void => {
    asked.mockImplementation(async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      throw new NodeCallError('peer0', 'sign of life', code, '');
    });
  };

  it('is nobody asked about while calls are answered soon', async () => {
    expect(await liveness.whileAnswering(node, () => Promise.resolve('value'))).toBe('value');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).not.toHaveBeenCalled();
  });

  it('is told by a refusal: a call that takes its time goes on', async () => {
    answers(status.INVALID_ARGUMENT);
    const { call, end } = endless();
    const result = liveness.whileAnswering(node, call);
    await vi.advanceTimersByTimeAsync(20_000);
    end('late');
    expect(await result).toBe('late');
    expect(asked.mock.calls.length).toBeGreaterThan(5);
  });

  it('is denied by silence: all calls to it end', async () => {
    answers(status.DEADLINE_EXCEEDED);
    const calls = [1, 2].map(() => liveness.whileAnswering(node, endless().call));
    const ends = calls.map((one) => expect(one).rejects.toThrow(PeerHangs));
    await vi.advanceTimersByTimeAsync(3_000);
    await Promise.all(ends);
    expect(asked).toHaveBeenCalledOnce();
  });
});
