import { GatewayConnections } from '../gateway/connections';
import { GatewayTransactions } from '../gateway/transaction';
import { LedgerQueries } from './blocks';
import { PeerChannels } from './channels';
import { DeliverReader } from './deliver';
import { EndorserClient } from './endorser-client';
import { Lifecycle } from './lifecycle';
import type { NetworkDirectory } from './network-directory';
import { NodeConnections } from './node-connection';
import { ChannelParticipationClient } from './participation';
import { TransactionSubmission } from './transaction-submission';

/** Every client of a network over one gRPC connection per node. Must be closed. */
export class NetworkClients {
  readonly connections = new NodeConnections();
  readonly endorser = new EndorserClient(this.connections);
  readonly submission = new TransactionSubmission(this.connections);
  readonly channels = new PeerChannels(this.endorser);
  readonly ledger = new LedgerQueries(this.endorser);
  readonly deliver = new DeliverReader(this.connections);
  readonly lifecycle = new Lifecycle(this.endorser, this.submission);
  readonly transactions: GatewayTransactions;
  readonly #participation = new Map<string, Promise<ChannelParticipationClient>>();

  constructor(readonly directory: NetworkDirectory) {
    this.transactions = new GatewayTransactions(
      new GatewayConnections(this.connections),
      directory.gatewayPeers,
    );
  }

  /** Channel participation of one orderer. */
  participation(orderer: string): Promise<ChannelParticipationClient> {
    let client = this.#participation.get(orderer);
    if (!client) {
      client = this.directory
        .ordererAdmin(orderer)
        .then((address) => new ChannelParticipationClient(address));
      this.#participation.set(orderer, client);
    }
    return client;
  }

  async close(): Promise<void> {
    this.connections.close();
    const opened = await Promise.allSettled(this.#participation.values());
    for (const result of opened) if (result.status === 'fulfilled') result.value.close();
  }
}
