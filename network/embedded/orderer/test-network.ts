/** For tests of the orderer: an invented network's material, and clients that speak to an orderer as genuine ones do. */
import { credentials, type ClientDuplexStream } from '@grpc/grpc-js';
import { common, orderer } from '@hyperledger/fabric-protos';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createMaterial } from '../../artifacts/create-material';
import type { MaterialPaths } from '../../artifacts/paths';
import { createEnvelope } from '../../protocol/envelope';
import { loadSigner, type Signer } from '../../protocol/signing';
import { parseTopology } from '../../topology/load';

const node = 'orderer.example.com';

const topologyText = (orderers: number): string => `name: small
fabricVersion: 2.5.4
organizations:
  - name: Orderer
    mspId: OrdererMSP
    domain: example.com
    kind: orderer
    nodes:
      - { name: ${node}, ports: { grpc: 6050, admin: 6053, operations: 6443 } }
${Array.from({ length: orderers - 1 }, (_, index) => {
  const port = 6150 + index * 10;
  return `      - { name: orderer${index + 2}.example.com, ports: { grpc: ${port}, admin: ${port + 1}, operations: ${port + 2} } }\n`;
}).join('')}
  - name: Alpha
    mspId: AlphaMSP
    domain: alpha.example.com
    kind: peer
    nodes:
      - { name: peer0.alpha.example.com, ports: { grpc: 6051, chaincode: 6052, operations: 6444 } }
  - name: Beta
    mspId: BetaMSP
    domain: beta.example.com
    kind: peer
    nodes:
      - { name: peer0.beta.example.com, ports: { grpc: 6061, chaincode: 6062, operations: 6445 } }
ordering:
  consensus: etcdraft
  batchTimeout: 200ms
  maxMessageCount: 3
  preferredMaxBytes: 64 KB
  absoluteMaxBytes: 1 MB
channels:
  - { name: first-channel, members: [Alpha, Beta] }
  - { name: alpha-channel, members: [Alpha] }
backend: { port: 6080 }
console: { port: 6001 }
`;

export const CHANNEL = 'first-channel';
export const ALPHA_CHANNEL = 'alpha-channel';

export interface TestNetwork {
  readonly folder: string;
  readonly paths: MaterialPaths;
  genesis(channelId: string): Promise<Buffer>;
  signer(organization: 'Alpha' | 'Beta' | 'Orderer'): Promise<Signer>;
  /** The ORDERER_* variables of a node that takes free ports and keeps its ledger under `ledger`. */
  variables(ledger: string): Record<string, string>;
  remove(): Promise<void>;
}

export async function createTestNetwork(options: { orderers?: number } = {}): Promise<TestNetwork> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orderer-'));
  const topology = parseTopology(topologyText(options.orderers ?? 1), 'small.yaml');
  const { paths } = await createMaterial(topology, path.join(folder, 'material'), {
    addressing: 'localhost',
  });
  const { mspId, mspFolder, tls } = paths.node(node);
  return {
    folder,
    paths,
    genesis: (channelId) => readFile(paths.genesisFile(channelId)),
    signer: (organization) => {
      const admin = paths.user(organization, 'Admin');
      return loadSigner(admin.mspId, admin.mspFolder);
    },
    variables: (ledger) => ({
      ORDERER_GENERAL_LISTENADDRESS: '127.0.0.1',
      ORDERER_GENERAL_LISTENPORT: '0',
      ORDERER_GENERAL_LOCALMSPID: mspId,
      ORDERER_GENERAL_LOCALMSPDIR: mspFolder,
      ORDERER_GENERAL_TLS_ENABLED: 'true',
      ORDERER_GENERAL_TLS_PRIVATEKEY: tls.key,
      ORDERER_GENERAL_TLS_CERTIFICATE: tls.certificate,
      ORDERER_GENERAL_TLS_ROOTCAS: `[${tls.rootCertificate}]`,
      ORDERER_GENERAL_BOOTSTRAPMETHOD: 'none',
      ORDERER_CHANNELPARTICIPATION_ENABLED: 'true',
      ORDERER_ADMIN_LISTENADDRESS: '127.0.0.1:0',
      ORDERER_ADMIN_TLS_ENABLED: 'true',
      ORDERER_ADMIN_TLS_PRIVATEKEY: tls.key,
      ORDERER_ADMIN_TLS_CERTIFICATE: tls.certificate,
      ORDERER_ADMIN_TLS_CLIENTROOTCAS: `[${tls.rootCertificate}]`,
      ORDERER_OPERATIONS_LISTENADDRESS: '127.0.0.1:0',
      ORDERER_FILELEDGER_LOCATION: ledger,
    }),
    remove: () => rm(folder, { recursive: true }),
  };
}

export interface AdminReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A channel participation request with the node's own TLS certificate, as `osnadmin` makes it. */
export async function adminRequest(
  network: TestNetwork,
  port: number,
  method: string,
  urlPath: string,
  options: { body?: Buffer; headers?: Record<string, string>; withoutCertificate?: boolean } = {},
): Promise<AdminReply> {
  const { tls } = network.paths.node(node);
  const [cert, key, ca] = await Promise.all(
    [tls.certificate, tls.key, tls.rootCertificate].map((file) => readFile(file)),
  );
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: 'localhost',
        port,
        path: urlPath,
        method,
        ca,
        agent: false,
        ...(options.withoutCertificate ? {} : { cert, key }),
        headers: options.headers ?? {},
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const json = (response.headers['content-type'] ?? '').includes('json');
          resolve({
            status: response.statusCode ?? 0,
            body: json ? JSON.parse(text) : text,
            headers: response.headers,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

export interface FormPart {
  readonly name: string;
  /** False for a plain field. */
  readonly file?: boolean;
  readonly content: Buffer;
}

export function multipart(...parts: readonly FormPart[]): {
  body: Buffer;
  headers: Record<string, string>;
} {
  const boundary = 'boundary-of-parts';
  const body = parts.flatMap(({ name, file, content }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file === false ? '' : '; filename="block"'}\r\n\r\n`,
    ),
    content,
    Buffer.from('\r\n'),
  ]);
  return {
    body: Buffer.concat([...body, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
  };
}

export async function join(network: TestNetwork, port: number, block: Buffer): Promise<AdminReply> {
  return adminRequest(
    network,
    port,
    'POST',
    '/participation/v1/channels',
    multipart({ name: 'config-block', content: block }),
  );
}

/** A connection to AtomicBroadcast. */
export async function connect(network: TestNetwork, port: number): Promise<orderer.AtomicBroadcastClient> {
  const ca = await readFile(network.paths.node(node).tls.rootCertificate);
  return new orderer.AtomicBroadcastClient(`localhost:${port}`, credentials.createSsl(ca), {
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
}

/** A transaction envelope; the orderer doesn't look into its data. */
export function transaction(signer: Signer, channelId: string, data: Uint8Array): common.Envelope {
  return createEnvelope(signer, { type: common.HeaderType.ENDORSER_TRANSACTION, channelId, data });
}

function next<T>(stream: ClientDuplexStream<common.Envelope, T>): Promise<T> {
  return new Promise((resolve, reject) => {
    stream.once('data', resolve);
    stream.once('error', reject);
    stream.once('end', () => reject(new Error('the stream ended')));
  });
}

/** Sends one envelope and waits for its reply. */
export async function broadcast(
  client: orderer.AtomicBroadcastClient,
  envelope: common.Envelope,
): Promise<{ status: number; info: string }> {
  const stream = client.broadcast();
  stream.write(envelope);
  const reply = await next(stream);
  stream.on('error', () => undefined);
  stream.end();
  return { status: reply.getStatus(), info: reply.getInfo() };
}

export type Position = 'oldest' | 'newest' | 'next-commit' | number;

function seekPosition(position: Position): orderer.SeekPosition {
  const message = new orderer.SeekPosition();
  if (position === 'oldest') message.setOldest(new orderer.SeekOldest());
  else if (position === 'newest') message.setNewest(new orderer.SeekNewest());
  else if (position === 'next-commit') message.setNextCommit(new orderer.SeekNextCommit());
  else {
    const specified = new orderer.SeekSpecified();
    specified.setNumber(position);
    message.setSpecified(specified);
  }
  return message;
}

export function seekInfo(start: Position, stop: Position, failIfNotReady = false): orderer.SeekInfo {
  const info = new orderer.SeekInfo();
  info.setStart(seekPosition(start));
  info.setStop(seekPosition(stop));
  const { FAIL_IF_NOT_READY, BLOCK_UNTIL_READY } = orderer.SeekInfo.SeekBehavior;
  info.setBehavior(failIfNotReady ? FAIL_IF_NOT_READY : BLOCK_UNTIL_READY);
  return info;
}

export function seekEnvelope(
  signer: Signer,
  channelId: string,
  info: orderer.SeekInfo,
  timestamp = new Date(),
): common.Envelope {
  const data = info.serializeBinary();
  return createEnvelope(signer, { type: common.HeaderType.DELIVER_SEEK_INFO, channelId, data, timestamp });
}

/** Blocks until the status that ends the answer; `onBlock` sees each as it comes. */
export function deliver(
  client: orderer.AtomicBroadcastClient,
  envelope: common.Envelope,
  onBlock?: (block: common.Block, cancel: () => void) => void,
): Promise<{ blocks: common.Block[]; status: number | undefined }> {
  const stream = client.deliver();
  const blocks: common.Block[] = [];
  return new Promise((resolve, reject) => {
    let cancelled = false;
    stream.on('data', (response: orderer.DeliverResponse) => {
      const block = response.getBlock();
      if (block === undefined) {
        resolve({ blocks, status: response.getStatus() });
        stream.end();
        return;
      }
      blocks.push(block);
      onBlock?.(block, () => {
        cancelled = true;
        stream.cancel();
        resolve({ blocks, status: undefined });
      });
    });
    stream.on('error', (error) => {
      if (!cancelled) reject(error);
    });
    stream.write(envelope);
  });
}

/** Waits until `condition` holds; the caller's test has the time limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
