import { status } from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import { NodeCallError } from '../admin/errors';
import type { NodeAddress, NodeConnections } from '../admin/node-connection';

/** How long a call may go without an answer before its peer is asked whether it is there, in milliseconds. */
const silenceMs = 1_500;
const answerMs = 2_500;

/** The reason with which calls to a peer end that has stopped answering altogether. */
export class PeerHangs extends Error {
  constructor(readonly node: string) {
    super(`${node} does not answer at all: its process hangs or has been stopped`);
    this.name = 'PeerHangs';
  }
}

/**
 * Tells a peer that hangs from a call that takes its time. A stopped process keeps its connections, so that a call to
 * it ends with its deadline only.
 */
export class PeerLiveness {
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(private readonly connections: NodeConnections) {}

  /** Asks the peer what every gateway refuses at once. False when nothing comes back; a refusal is an answer. */
  answers(node: NodeAddress): Promise<boolean> {
    let asking = this.#asking.get(node.name);
    if (asking === undefined) {
      asking = this.#ask(node).finally(() => this.#asking.delete(node.name));
      this.#asking.set(node.name, asking);
    }
    return asking;
  }

  /** Runs a call under a signal that aborts with PeerHangs when the peer answers neither it nor anything else. */
  async whileAnswering<Value>(
    node: NodeAddress,
    call: (hangs: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    const hangs = new AbortController();
    let ended = false;
    let timer: NodeJS.Timeout | undefined;
    const watch = (): void => {
      timer = setTimeout(() => {
        void this.answers(node).then((there) => {
          if (ended) return;
          if (there) watch();
          else hangs.abort(new PeerHangs(node.name));
        });
      }, silenceMs);
    };
    watch();
    try {
      return await call(hangs.signal);
    } finally {
      ended = true;
      clearTimeout(timer);
    }
  }

  async #ask(node: NodeAddress): Promise<boolean> {
    const nothing = new gateway.SignedCommitStatusRequest();
    const { commitStatus } = gateway.GatewayService;
    try {
      await this.connections.unary(node, 'sign of life', commitStatus, nothing, { timeoutMs: answerMs });
      return true;
    } catch (error) {
      // A connection that is down fails the call itself.
      return !(error instanceof NodeCallError) || error.code !== status.DEADLINE_EXCEEDED;
    }
  }
}
