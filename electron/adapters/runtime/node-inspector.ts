import { X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { packageId } from '../../../network/artifacts/chaincode-package';
import { materialPaths } from '../../../network/artifacts/paths';
import { INSIDE, objectName, publishedPorts } from '../../../network/runtime/docker/container-plan';
import { readIdentity } from '../../../network/runtime/docker/network-identity';
import { NetworkFolder } from '../../../network/runtime/network-folder';
import {
  contractEnvironment,
  inContainers,
  nodeEnvironment,
  onThisMachine,
} from '../../../network/runtime/node-environment';
import { contractHost, nodeByName } from '../../../network/topology/views';
import type { NodeDetail } from '../../api/node-models';
import type { NodeFacts, NodeInspector } from '../../core/ports/node-inspection';
import { problem } from '../../core/problem';
import type { LocalNetwork } from './local-network';

const ANSWER_MS = 3_000;
/** Names of variables whose values are secrets themselves; files that hold keys are named, not shown. */
const SECRET = /PASSWORD|PASSWD|SECRET|TOKEN|_PIN$/i;

type Certificate = NodeDetail['certificates'][number];

/** Nodes of this machine: what they are started with, their certificates, their operations endpoint. */
export class LocalNodeInspector implements NodeInspector {
  constructor(private readonly network: LocalNetwork) {}

  async facts(name: string, isAsked: boolean): Promise<NodeFacts> {
    const contract = this.#contract(name);
    const facts = contract ? await this.#contractFacts(contract) : await this.#nodeFacts(name, isAsked);
    const environment = Object.entries(facts.environment).filter(([variable]) => !SECRET.test(variable));
    return { ...facts, environment: Object.fromEntries(environment) };
  }

  async logSpec(name: string): Promise<string> {
    const response = await this.#operations(name, '/logspec');
    const body: unknown = await response.json();
    return z.object({ spec: z.string() }).parse(body).spec;
  }

  async setLogSpec(name: string, spec: string): Promise<void> {
    await this.#operations(name, '/logspec', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ spec }),
    });
  }

  #contract(name: string) {
    return this.network.topology.contracts.find(
      (contract) => contractHost(this.network.topology, contract) === name,
    );
  }

  async #nodeFacts(name: string, isAsked: boolean): Promise<NodeFacts> {
    const { topology, material, folder, location } = this.network;
    const node = nodeByName(topology, name);
    const paths = material.node(name);
    const identity = await readIdentity(location.folder);
    const environment = identity
      ? nodeEnvironment(
          topology,
          node,
          materialPaths(topology, INSIDE).node(name),
          new NetworkFolder(INSIDE),
          inContainers,
        )
      : nodeEnvironment(topology, node, paths, folder, onThisMachine);
    const ports = identity ? publishedPorts(node) : node.ports;
    const [own, tls, version] = await Promise.all([
      certificatesIn(path.join(paths.mspFolder, 'signcerts'), 'identity'),
      certificateOf(paths.tls.certificate, 'tls'),
      isAsked ? this.#version(name) : null,
    ]);
    return {
      ports: Object.entries(ports).map(([purpose, port]) => ({ purpose, address: `localhost:${port}` })),
      environment,
      folders: {
        data: identity ? objectName(identity, name) : folder.data(name),
        log: folder.log(name),
        msp: paths.mspFolder,
      },
      certificates: [...own, ...tls],
      version,
    };
  }

  async #contractFacts(contract: LocalNetwork['topology']['contracts'][number]): Promise<NodeFacts> {
    const { topology, material, folder, location } = this.network;
    const paths = material.contract(contract.name);
    const isContained =
      topology.docker.contracts === 'container' && (await readIdentity(location.folder)) !== undefined;
    const name = contractHost(topology, contract);
    const packaged = await readFile(paths.packageFile).catch(() => undefined);
    return {
      ports: [{ purpose: 'chaincode', address: `localhost:${contract.port}` }],
      environment: contractEnvironment(
        contract,
        isContained ? materialPaths(topology, INSIDE).contract(contract.name) : paths,
        packaged ? packageId(paths.label, packaged) : '',
        isContained ? inContainers : onThisMachine,
      ),
      folders: { data: null, log: folder.log(name), msp: null },
      certificates: await certificateOf(paths.tls.certificate, 'tls'),
      version: contract.version,
    };
  }

  async #version(name: string): Promise<string | null> {
    try {
      const response = await this.#operations(name, '/version');
      const body: unknown = await response.json();
      return z.object({ Version: z.string() }).parse(body).Version;
    } catch {
      return null;
    }
  }

  async #operations(name: string, resource: string, request: RequestInit = {}): Promise<Response> {
    const address = this.network.declared.nodes.find((node) => node.name === name)?.operations;
    if (!address) {
      throw problem('BAD_REQUEST', {
        title: `${name} has no operations endpoint.`,
        detail: 'Only peers and orderers have one.',
        hint: 'Choose a peer or an orderer.',
      });
    }
    let response: Response;
    try {
      response = await fetch(`http://${address}${resource}`, {
        ...request,
        signal: AbortSignal.timeout(ANSWER_MS),
      });
    } catch (error) {
      throw problem('NODE_UNAVAILABLE', {
        title: `${name} does not answer.`,
        detail: `Its operations endpoint ${address}: ${error instanceof Error ? error.message : String(error)}`,
        hint: `Is it running? Start it with \`cityflow nodes start ${name}\`.`,
        retryable: true,
        cause: error,
      });
    }
    if (response.ok) return response;
    const said = await response.text();
    throw problem(response.status === 400 ? 'BAD_REQUEST' : 'NODE_FAILED', {
      title: `${name} refused ${resource}.`,
      detail: said.trim() || `Status ${response.status}.`,
      hint: 'Levels are debug, info, warning, error, panic, fatal: `info`, or `gossip=debug:info` for one logger.',
    });
  }
}

async function certificatesIn(folder: string, use: Certificate['use']): Promise<Certificate[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.sort().map((name) => certificateOf(path.join(folder, name), use)));
  return found.flat();
}

/** None where there is no readable certificate: a network that was never started has none. */
async function certificateOf(file: string, use: Certificate['use']): Promise<Certificate[]> {
  try {
    const certificate = new X509Certificate(await readFile(file));
    return [
      {
        use,
        subject: oneLine(certificate.subject),
        issuer: oneLine(certificate.issuer),
        serialNumber: certificate.serialNumber.toLowerCase(),
        from: new Date(certificate.validFrom).toISOString(),
        expires: new Date(certificate.validTo).toISOString(),
        fingerprint: certificate.fingerprint256,
        hosts: (certificate.subjectAltName ?? '')
          .split(', ')
          .flatMap((host) => host.split(':').slice(1).join(':') || []),
      },
    ];
  } catch {
    return [];
  }
}

const oneLine = (name: string): string => name.split('\n').join(', ');
