import { connectivityState } from '@grpc/grpc-js';
import { connect, hash, type Gateway } from '@hyperledger/fabric-gateway';
import { NodeConnections, type NodeAddress } from '../admin/node-connection';
import type { Signer } from '../protocol/signing';

/**
 * Gateways over one gRPC client per peer: any number of identities act through the same connection, and acting as
 * another one opens none.
 */
export class GatewayConnections {
  constructor(readonly nodes: NodeConnections = new NodeConnections()) {}

  /** A gateway of this peer for one identity. It owns no connection and needs no closing. */
  gateway(node: NodeAddress, signer: Signer): Gateway {
    return connect({
      client: this.nodes.client(node),
      identity: { mspId: signer.mspId, credentials: Buffer.from(signer.certificatePem) },
      // The signer hashes by itself, so it is handed the message.
      hash: hash.none,
      signer: (message) => Promise.resolve(signer.sign(message)),
    });
  }

  /** Whether the peer's connection stands now; asking makes an idle one connect. */
  isReady(node: NodeAddress): boolean {
    return this.nodes.client(node).getChannel().getConnectivityState(true) === connectivityState.READY;
  }

  close(): void {
    this.nodes.close();
  }
}
