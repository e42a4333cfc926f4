import {
  credentials,
  status,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CertificateAuthority, type IssuedCertificate } from '../../artifacts/authority';
import { createNodeServer, type NodeServer, type NodeServerOptions } from './grpc-server';
import { redirectLogging } from './logging';
import { Metrics } from './metrics';
import { findPortHolder } from './port-holder';

let folder: string;
let root: Buffer;
let server: IssuedCertificate;
let client: IssuedCertificate;
let stranger: IssuedCertificate;
let restoreLogging: () => void;

async function authority(name: string): Promise<CertificateAuthority> {
  const at = path.join(folder, name);
  const paths = { name, folder: at, certificate: path.join(at, 'ca.pem'), key: path.join(at, 'key') };
  return CertificateAuthority.create(paths, 'Example');
}

beforeAll(async () => {
  restoreLogging = redirectLogging(() => undefined);
  folder = await mkdtemp(path.join(tmpdir(), 'grpc-server-'));
  const own = await authority('own');
  root = Buffer.from(own.certificatePem);
  [server, client] = await Promise.all([own.issueTls('node', ['localhost']), own.issueTls('client', [])]);
  stranger = await (await authority('other')).issueTls('stranger', []);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  restoreLogging();
});

let metrics: Metrics;
let node: NodeServer;
let port: number;
/** Certificate the last call's client presented. */
let seen: Buffer | undefined;

async function start(options: Partial<NodeServerOptions> = {}): Promise<void> {
  metrics = new Metrics();
  node = createNodeServer({
    listenAddress: { host: '127.0.0.1', port: 0 },
    tlsCert: Buffer.from(server.certificatePem),
    tlsKey: Buffer.from(server.privateKeyPem),
    metrics,
    ...options,
  });
  node.grpc.addService(peer.EndorserService, {
    processProposal: (
      call: ServerUnaryCall<peer.SignedProposal, peer.ProposalResponse>,
      callback: sendUnaryData<peer.ProposalResponse>,
    ) => {
      seen = node.clientCertificate(call);
      if (call.request.getSignature_asU8().length > 0) callback({ code: status.UNKNOWN, details: 'refused' });
      else callback(null, new peer.ProposalResponse());
    },
  });
  node.grpc.addService(orderer.AtomicBroadcastService, {
    broadcast: (call: ServerDuplexStream<common.Envelope, orderer.BroadcastResponse>) => {
      call.on('data', () => call.write(new orderer.BroadcastResponse()));
      call.on('end', () => call.end());
    },
    deliver: (call: ServerDuplexStream<common.Envelope, orderer.DeliverResponse>) => {
      call.on('data', () => call.write(new orderer.DeliverResponse()));
    },
  });
  port = await node.listen();
}

beforeEach(() => start());
afterEach(() => node.close(0));

function endorser(identity?: IssuedCertificate): peer.EndorserClient {
  const key = identity && Buffer.from(identity.privateKeyPem);
  const certificate = identity && Buffer.from(identity.certificatePem);
  return new peer.EndorserClient(`localhost:${port}`, credentials.createSsl(root, key, certificate));
}

function call(from: peer.EndorserClient, signature = ''): Promise<number> {
  const proposal = new peer.SignedProposal();
  proposal.setSignature(Buffer.from(signature));
  return new Promise((resolve) => {
    from.processProposal(proposal, (error) => {
      from.close();
      resolve(error?.code ?? status.OK);
    });
  });
}

describe('a node server', () => {
  it('shows services the certificate a client presents, without verifying it', async () => {
    for (const identity of [client, stranger]) {
      expect(await call(endorser(identity))).toBe(status.OK);
      expect(seen).toEqual(new X509Certificate(identity.certificatePem).raw);
    }
    expect(await call(endorser())).toBe(status.OK);
    expect(seen).toBeUndefined();
  });

  it('turns away unknown certificates where they are required', async () => {
    await node.close(0);
    await start({ requireClientCert: true, clientRootCas: [root] });
    expect(await call(endorser(client))).toBe(status.OK);
    expect(await call(endorser(stranger))).toBe(status.UNAVAILABLE);
    expect(await call(endorser())).toBe(status.UNAVAILABLE);
  });

  it('refuses messages above the limit', async () => {
    await node.close(0);
    await start({ maxMessageBytes: 1000 });
    expect(await call(endorser(), 'x'.repeat(2000))).toBe(status.RESOURCE_EXHAUSTED);
  });

  it('counts connections and calls as genuine nodes do', async () => {
    expect(await metrics.text()).toBe('');
    await call(endorser());
    await call(endorser(), 'bad');
    const ordering = new orderer.AtomicBroadcastClient(`localhost:${port}`, credentials.createSsl(root));
    const stream = ordering.broadcast();
    await new Promise((resolve) => {
      stream.on('data', () => stream.end());
      stream.on('end', resolve);
      stream.write(new common.Envelope());
    });
    ordering.close();
    const page = await metrics.text();
    const unary = 'method="ProcessProposal",service="protos_Endorser"';
    expect(page).toContain(`grpc_server_unary_requests_received{${unary}} 2\n`);
    expect(page).toContain(`grpc_server_unary_requests_completed{code="OK",${unary}} 1\n`);
    expect(page).toContain(`grpc_server_unary_requests_completed{code="Unknown",${unary}} 1\n`);
    expect(page).toContain(`grpc_server_unary_request_duration_count{code="OK",${unary}} 1\n`);
    const streaming = 'method="Broadcast",service="orderer_AtomicBroadcast"';
    expect(page).toContain(`grpc_server_stream_requests_completed{code="OK",${streaming}} 1\n`);
    expect(page).toContain(`grpc_server_stream_messages_received{${streaming}} 1\n`);
    expect(page).toContain(`grpc_server_stream_messages_sent{${streaming}} 1\n`);
    expect(page).toContain('grpc_comm_conn_opened 3\n');
  });

  it('counts a stream its client gave up as cancelled', async () => {
    const ordering = new orderer.AtomicBroadcastClient(`localhost:${port}`, credentials.createSsl(root));
    const stream = ordering.deliver();
    stream.on('error', () => undefined);
    await new Promise((resolve) => {
      stream.once('data', resolve);
      stream.write(new common.Envelope());
    });
    stream.cancel();
    const cancelled =
      'grpc_server_stream_requests_completed{code="Canceled",method="Deliver",service="orderer_AtomicBroadcast"} 1\n';
    await expect.poll(() => metrics.text()).toContain(cancelled);
    ordering.close();
  });

  it('says who holds the port it wants', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const taken = (holder.address() as AddressInfo).port;
    const late = createNodeServer({
      listenAddress: { host: '127.0.0.1', port: taken },
      metrics: new Metrics(),
    });
    const failure = late.listen();
    await expect(failure).rejects.toThrow(
      new RegExp(
        `cannot listen on 127\\.0\\.0\\.1:${taken}: the port is already in use; process ${process.pid} \\(.+\\)`,
      ),
    );
    holder.close();
  });

  it('finds nobody where nothing listens', async () => {
    const free = port;
    await node.close(0);
    expect(await findPortHolder(free)).toBeUndefined();
    await start();
  });
});
