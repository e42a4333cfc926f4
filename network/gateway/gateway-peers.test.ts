import { beforeEach, describe, expect, it } from 'vitest';
import type { NodeAddress } from '../admin/node-connection';
import { GatewayPeers, NoGatewayPeerError } from './gateway-peers';

function node(name: string): NodeAddress {
  return { name, mspId: 'Org1MSP', address: 'localhost:1', tlsRootCertificates: '' };
}

describe('gateway peer of an organization on a channel', () => {
  const first = node('peer0');
  const second = node('peer1');
  let ready: Set<NodeAddress>;
  let now: number;
  let peers: GatewayPeers;

  beforeEach(() => {
    ready = new Set();
    now = 0;
    peers = new GatewayPeers(
      (mspId) => (mspId === 'Org1MSP' ? [first, second] : []),
      (candidate) => ready.has(candidate),
      () => now,
    );
  });

  it('is the first one as long as nothing speaks against it', () => {
    expect(peers.candidates('Org1MSP', 'channel')).toEqual([first, second]);
  });

  it('is the next one while the first cannot be reached, which stays as the last resort', () => {
    peers.markUnreachable(first);
    expect(peers.candidates('Org1MSP', 'channel')).toEqual([second, first]);
  });

  it('is the first one again as soon as its connection stands', () => {
    peers.markUnreachable(first);
    ready.add(first);
    expect(peers.candidates('Org1MSP', 'channel')).toEqual([first, second]);
  });

  it('is the first one again after it answered', () => {
    peers.markUnreachable(first);
    peers.markReachable(first);
    expect(peers.candidates('Org1MSP', 'channel')).toEqual([first, second]);
  });

  it('is the first one again after a while, whatever its connection says', () => {
    peers.markUnreachable(first);
    now = 4_999;
    expect(peers.candidates('Org1MSP', 'channel')[0]).toBe(second);
    now = 5_000;
    expect(peers.candidates('Org1MSP', 'channel')[0]).toBe(first);
  });

  it('is the next one while the first hangs, however long that is, until it answers', () => {
    peers.markSilent(first);
    ready.add(first);
    now = 60_000;
    expect(peers.candidates('Org1MSP', 'channel')).toEqual([second, first]);
    expect(peers.silent('Org1MSP', 'channel')).toEqual([first]);
    peers.markReachable(first);
    expect(peers.candidates('Org1MSP', 'channel')).toEqual([first, second]);
    expect(peers.silent('Org1MSP', 'channel')).toEqual([]);
  });

  it('does not exist where the organization has no peer on the channel', () => {
    expect(() => peers.candidates('Org2MSP', 'channel')).toThrow(NoGatewayPeerError);
  });
});
