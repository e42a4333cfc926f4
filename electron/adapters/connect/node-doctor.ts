import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { findPortHolder } from '../../../network/embedded/node/port-holder';
import type { TlsFiles } from '../../../network/artifacts/paths';
import { contractHost, organizationByName } from '../../../network/topology/views';
import type { DoctorCheck } from '../../api/connect-models';
import type { NodeReader } from '../../core/ports/fabric';
import type { DeclaredNode, NodeRun } from '../../core/ports/network-host';
import type { NodeDoctor } from '../../core/ports/surroundings';
import { toProblem } from '../../core/problem';
import { requireNode } from '../../core/services/network-status';
import { fabricProblem } from '../fabric/problems';
import { listens } from '../fabric/listens';
import type { LocalNetwork } from '../runtime/local-network';
import { refusedBy } from '../wallet/issuer-check';
import { clockFinding } from './clock';
import { certificateFinding, chainFinding, failed, ok, skipped, unreadable } from './findings';
import { probeTls } from './tls-probe';
import type { TlsFinding } from './tls-probe';

const PROBE_MS = 3_000;
const DESCRIBED_PROGRAM = 60;

/** What a node should show, from the network's own folder; undefined before its first start. */
interface Material {
  readonly tlsRoot: string;
  readonly tlsCertificate: X509Certificate;
  readonly identity: X509Certificate | undefined;
}

/** Examines the nodes of a network of this machine. */
export class LocalNodeDoctor implements NodeDoctor {
  constructor(
    private readonly network: LocalNetwork,
    private readonly nodes: NodeReader,
  ) {}

  async examine(name: string, run: NodeRun, signal: AbortSignal): Promise<DoctorCheck[]> {
    const node = requireNode(this.network.declared, name);
    const colon = node.address.lastIndexOf(':');
    const host = node.address.slice(0, colon);
    const port = Number(node.address.slice(colon + 1));
    const [nameCheck, material] = await Promise.all([resolved(host), this.#material(node)]);
    signal.throwIfAborted();
    const isRunning = run.state === 'running';
    const shaken = material && isRunning ? await shakeHands(host, port, material.tlsRoot, signal) : undefined;
    signal.throwIfAborted();
    const portCheck = await portFinding(node, port, run, isHandshake(shaken));
    const answers = isRunning && portCheck.outcome === 'ok';
    const hello = answers ? shaken : undefined;
    return [
      nameCheck,
      portCheck,
      chainCheck(hello, answers, material),
      certificateCheck(hello, host, material),
      await this.#mspCheck(node, material),
      await this.#rightsCheck(node, answers),
      await clockFinding(node, isRunning, signal),
    ];
  }

  async #material(node: DeclaredNode): Promise<Material | undefined> {
    const { topology, material } = this.network;
    const contract = topology.contracts.find((one) => contractHost(topology, one) === node.name);
    try {
      const paths = contract ? undefined : material.node(node.name);
      const tls: TlsFiles = paths?.tls ?? material.contract(contract?.name ?? '').tls;
      const [tlsRoot, tlsCertificate, identity] = await Promise.all([
        readFile(tls.rootCertificate, 'utf8'),
        readFile(tls.certificate),
        paths && readFile(path.join(paths.mspFolder, 'signcerts', `${node.name}-cert.pem`)),
      ]);
      return {
        tlsRoot,
        tlsCertificate: new X509Certificate(tlsCertificate),
        identity: identity && new X509Certificate(identity),
      };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Whether the organization's own MSP takes the node's certificate, as every other node will ask. */
  async #mspCheck(node: DeclaredNode, material: Material | undefined): Promise<DoctorCheck> {
    if (!material) return unreadable('msp');
    if (!material.identity) return skipped('msp', 'A contract’s process signs nothing: it has no MSP.');
    const organization = organizationByName(this.network.topology, node.organization);
    const { mspFolder } = this.network.material.organization(organization.name);
    const refusal = await refusedBy(material.identity, { ...organization, mspFolder });
    return refusal === undefined
      ? ok('msp', `${organization.mspId} accepts its signing certificate.`)
      : failed(
          'msp',
          `${organization.mspId} does not accept its signing certificate: ${refusal}`,
          'Put its msp folder back from a backup: the certificate must come from the organization’s CA.',
        );
  }

  /** Asks as the node's own organization's admin, as all reads of the console do. */
  async #rightsCheck(node: DeclaredNode, answers: boolean): Promise<DoctorCheck> {
    if (node.role === 'contract') {
      return skipped('rights', 'Peers call it; nobody else is asked for rights there.');
    }
    if (!answers) return skipped('rights', 'It can only be asked while it runs.');
    try {
      const chains = await this.nodes.channels(node.name);
      return ok(
        'rights',
        `It answered the admin of ${node.organization}: ${chains.length} ${chains.length === 1 ? 'channel' : 'channels'} joined.`,
      );
    } catch (error) {
      const { title, detail, hint } = toProblem(fabricProblem(error, this.network));
      return failed('rights', [title, detail].filter(Boolean).join(' '), hint);
    }
  }
}

async function resolved(host: string): Promise<DoctorCheck> {
  try {
    const addresses = await lookup(host, { all: true });
    return ok('name', `${host} is ${addresses.map(({ address }) => address).join(' and ')}.`);
  } catch (error) {
    return failed(
      'name',
      `${host} is not known: ${error instanceof Error ? error.message : String(error)}.`,
      `Give ${host} an address in your hosts file or name server.`,
    );
  }
}

/**
 * A port is right when the node has it, or when it is free for a node that does not run.
 *
 * @param answered a handshake has shown already that something listens: a connection without one is an error to a node,
 * which it writes into its log
 */
async function portFinding(
  node: DeclaredNode,
  port: number,
  run: NodeRun,
  answered: boolean,
): Promise<DoctorCheck> {
  const taken = answered || (await listens(node.address, PROBE_MS));
  if (run.state === 'running') {
    return taken
      ? ok('port', `It listens on ${node.address}.`)
      : failed(
          'port',
          `It runs and does not listen on ${node.address}.`,
          `Its log says why: \`cityflow logs ${node.name}\`.`,
        );
  }
  if (!taken) {
    return run.state === 'stopped'
      ? ok('port', `${port} is free for it: it is stopped.`)
      : failed('port', `Nothing listens on ${node.address}. ${run.reason}`.trim(), `Start ${node.name}.`);
  }
  const holder = await findPortHolder(port);
  return failed(
    'port',
    holder
      ? `${port} is taken by another program: process ${holder.pid}, ${shortened(holder.program)}.`
      : `${port} is taken by another program, of another user perhaps.`,
    'Stop that program, or give the node another port in a topology of your own.',
  );
}

const shortened = (program: string): string =>
  program.length > DESCRIBED_PROGRAM ? `${program.slice(0, DESCRIBED_PROGRAM - 1)}…` : program;

async function shakeHands(
  host: string,
  port: number,
  ca: string,
  signal: AbortSignal,
): Promise<TlsFinding | Error> {
  try {
    return await probeTls({ host, port, ca }, signal);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const isHandshake = (hello: TlsFinding | Error | undefined): hello is TlsFinding =>
  hello !== undefined && !(hello instanceof Error);

function chainCheck(
  hello: TlsFinding | Error | undefined,
  answers: boolean,
  material: Material | undefined,
): DoctorCheck {
  if (!material) return unreadable('tls');
  if (!answers || !hello) return skipped('tls', 'It can only be asked while it runs.');
  if (hello instanceof Error) {
    return failed(
      'tls',
      `There is no TLS connection: ${hello.message}.`,
      'What listens there may not be the node, or is still starting. Examine it again; then look at its log.',
    );
  }
  return chainFinding(hello);
}

/** What the node shows; while it shows nothing, what it will show. */
function certificateCheck(
  hello: TlsFinding | Error | undefined,
  host: string,
  material: Material | undefined,
): DoctorCheck {
  if (!material) return unreadable('certificate');
  if (isHandshake(hello)) {
    return certificateFinding(
      { names: hello.certificate.subjectaltname ?? '', expires: new Date(hello.certificate.valid_to) },
      host,
      hello.mismatch === undefined,
    );
  }
  const { tlsCertificate } = material;
  return certificateFinding(
    { names: tlsCertificate.subjectAltName ?? '', expires: new Date(tlsCertificate.validTo) },
    host,
    (tlsCertificate.checkHost(host) ?? tlsCertificate.checkIP(host)) !== undefined,
  );
}
