import { connectivityState, credentials, type ClientDuplexStream } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import { messageOf, withMessage } from '../../../protocol/cause';
import type { InstalledPackage } from '../lifecycle/package-store';
import { failedDial } from '../services/failed-dial';

/** Message limit of genuine peers in both directions, bytes. */
const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;

/** An open stream to a chaincode, and the connection it runs on. */
export interface ChaincodeConnection {
  readonly stream: ClientDuplexStream<peer.ChaincodeMessage, peer.ChaincodeMessage>;
  close(): void;
}

/**
 * Connects to a chaincode-as-a-service as its client (core/chaincode/extcc). Rejects as soon as the address refuses,
 * or after the package's dial timeout: whoever wants the chaincode next tries anew.
 */
export async function connectToChaincode(installed: InstalledPackage): Promise<ChaincodeConnection> {
  const { packageId } = installed;
  const { address, dialTimeoutMs, tls } = installed.address;
  const client = new peer.ChaincodeClient(
    address,
    tls === undefined
      ? credentials.createInsecure()
      : credentials.createSsl(
          Buffer.from(tls.rootCert, 'utf8'),
          tls.client === undefined ? null : Buffer.from(tls.client.key, 'utf8'),
          tls.client === undefined ? null : Buffer.from(tls.client.cert, 'utf8'),
        ),
    {
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
      'grpc.keepalive_time_ms': 60_000,
      'grpc.keepalive_timeout_ms': 20_000,
      // A shared subchannel would carry the back-off of an earlier failure over to this attempt.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
    },
  );
  try {
    await dial(client, Date.now() + dialTimeoutMs);
  } catch (cause) {
    client.close();
    throw withMessage(
      withMessage(
        withMessage(cause, `error creating grpc connection to ${address}: failed to create new connection`),
        `error cannot create connection for ${packageId}`,
      ),
      `connection to ${packageId} failed`,
    );
  }
  return { stream: client.connect(), close: () => client.close() };
}

async function dial(client: peer.ChaincodeClient, deadline: number): Promise<void> {
  const channel = client.getChannel();
  for (;;) {
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.READY) return;
    if (state === connectivityState.TRANSIENT_FAILURE || state === connectivityState.SHUTDOWN) {
      throw new Error(`connection error: desc = "${await failureReason(client)}"`);
    }
    await new Promise<void>((resolve, reject) => {
      channel.watchConnectivityState(state, deadline, (timedOut) => {
        if (timedOut === undefined || timedOut === null) resolve();
        else reject(new Error('context deadline exceeded'));
      });
    });
  }
}

/** The channel keeps its last error to itself; a call on it says. In the words of a genuine peer. */
async function failureReason(client: peer.ChaincodeClient): Promise<string> {
  const details = await new Promise<string>((resolve) => {
    const call = client.connect();
    call.on('error', (error) => resolve(messageOf(error)));
    call.on('data', () => resolve('the chaincode answered after all'));
    call.on('end', () => resolve('the chaincode closed the connection'));
  });
  const dialed = failedDial(details);
  if (dialed !== undefined) return `transport: error while dialing: ${dialed}`;
  return `transport: authentication handshake failed: ${details.replace(/^.*Last error: /, '')}`;
}
