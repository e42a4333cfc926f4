import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { common } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { readChaincodePackage } from '../../artifacts/chaincode-package';
import { blockHeader, blockHeaderHash } from '../../protocol/block';
import { writeGenuineConfiguration } from '../../runtime/genuine-configuration';
import { contractByName } from '../../topology/views';
import { CHANNEL, CONTRACT, TestNetwork } from './testing/network';

const run = promisify(execFile);
const binaries = process.env['FABRIC_BIN'] ?? '';
const present = binaries !== '' && existsSync(path.join(binaries, 'peer'));

let network: TestNetwork;

beforeAll(async () => {
  if (!present) return;
  network = await TestNetwork.start();
  await network.startChaincode();
  await writeGenuineConfiguration(network.folder);
});

afterAll(async () => {
  await network?.close();
});

function needsBinaries(context: TestContext): void {
  if (!present) context.skip('genuine Fabric binaries not found: set FABRIC_BIN');
}

interface Answer {
  readonly failed: boolean;
  /** Standard output and standard error. */
  readonly text: string;
}

/** Runs the genuine `peer` command as the admin of an organization, against one of its peers. */
async function peer(organization: string, peerName: string, ...args: string[]): Promise<Answer> {
  const { address, mspId } = network.clients.directory.node(peerName);
  const env = {
    PATH: process.env['PATH'],
    FABRIC_CFG_PATH: network.folder.peerConfiguration,
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_PEER_LOCALMSPID: mspId,
    CORE_PEER_ADDRESS: address,
    CORE_PEER_TLS_ROOTCERT_FILE: network.material.node(peerName).tls.rootCertificate,
    CORE_PEER_MSPCONFIGPATH: network.material.user(organization, 'Admin').mspFolder,
  };
  try {
    const { stdout, stderr } = await run(path.join(binaries, 'peer'), args, {
      env,
      cwd: network.folder.root,
    });
    return { failed: false, text: stdout + stderr };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { failed: true, text: stdout + stderr };
  }
}

const quay = (...args: string[]): Promise<Answer> => peer('Quay', 'peer0.quay.example', ...args);
const crane = (...args: string[]): Promise<Answer> => peer('Crane', 'peer0.crane.example', ...args);

async function succeed(answer: Promise<Answer>): Promise<string> {
  const { failed, text } = await answer;
  if (failed) throw new Error(text);
  return text;
}

function ordererFlags(): string[] {
  const [node] = network.clients.directory.orderers();
  if (node === undefined) throw new Error('the network has no orderer');
  return ['-o', node.address, '--tls', '--cafile', network.material.node(node.name).tls.rootCertificate];
}

function peerFlags(...names: string[]): string[] {
  return names.flatMap((name) => [
    '--peerAddresses',
    network.clients.directory.node(name).address,
    '--tlsRootCertFiles',
    network.material.node(name).tls.rootCertificate,
  ]);
}

const definition = (): string[] => {
  const { name, version, sequence, endorsement } = contractByName(network.topology, CONTRACT);
  const policy = ['--signature-policy', endorsement];
  return ['-C', CHANNEL, '-n', name, '-v', version, '--sequence', String(sequence), ...policy];
};

describe('the genuine peer command against embedded nodes', () => {
  it('joins a channel, lists it, and is refused a second time', async (context) => {
    needsBinaries(context);
    const genesis = network.material.genesisFile(CHANNEL);
    const join = ['channel', 'join', '-b', genesis];
    expect(await succeed(quay(...join))).toContain('Successfully submitted proposal to join channel');
    await succeed(peer('Quay', 'peer1.quay.example', ...join));
    await succeed(crane(...join));
    expect(await succeed(quay('channel', 'list'))).toContain(CHANNEL);
    const again = await quay(...join);
    expect(again.failed).toBe(true);
    expect(again.text).toContain(`ledger [${CHANNEL}] already exists with state [ACTIVE]`);
  });

  it('is refused by a peer of another organization', async (context) => {
    needsBinaries(context);
    const { failed, text } = await peer('Crane', 'peer0.quay.example', 'channel', 'list');
    expect(failed).toBe(true);
    expect(text).toContain('access denied');
  });

  it('installs, approves, checks and commits a chaincode', async (context) => {
    needsBinaries(context);
    const { packageFile } = network.material.contract(CONTRACT);
    const { packageId } = await readChaincodePackage(network.material.contract(CONTRACT));
    const lifecycle = ['lifecycle', 'chaincode'];
    for (const [organization, name] of [
      ['Quay', 'peer0.quay.example'],
      ['Quay', 'peer1.quay.example'],
      ['Crane', 'peer0.crane.example'],
    ] as const) {
      await succeed(peer(organization, name, ...lifecycle, 'install', packageFile));
      expect(await succeed(peer(organization, name, ...lifecycle, 'queryinstalled'))).toContain(packageId);
    }
    // On one peer of the organization only: the other one gets the approval through this project's own exchange.
    const approve = [
      ...lifecycle,
      'approveformyorg',
      ...ordererFlags(),
      ...definition(),
      '--package-id',
      packageId,
    ];
    await succeed(quay(...approve));
    const readiness = [...lifecycle, 'checkcommitreadiness', ...definition(), '--output', 'json'];
    expect(JSON.parse((await succeed(quay(...readiness))).trim())).toEqual({
      approvals: { CraneMSP: false, QuayMSP: true },
    });
    await succeed(crane(...approve));
    const both = peerFlags('peer0.quay.example', 'peer0.crane.example');
    await succeed(quay(...lifecycle, 'commit', ...ordererFlags(), ...definition(), ...both));
    expect(await succeed(quay(...lifecycle, 'querycommitted', '-C', CHANNEL))).toContain(`Name: ${CONTRACT}`);
    const approved = [...lifecycle, 'queryapproved', '-C', CHANNEL, '-n', CONTRACT];
    await expect
      .poll(() => succeed(peer('Quay', 'peer1.quay.example', ...approved)), { timeout: 10_000 })
      .toContain(packageId);
  });

  it('invokes and queries', async (context) => {
    needsBinaries(context);
    const both = peerFlags('peer1.quay.example', 'peer0.crane.example');
    const invoke = ['chaincode', 'invoke', ...ordererFlags(), '-C', CHANNEL, '-n', CONTRACT, ...both];
    const put = JSON.stringify({ function: 'put', Args: ['G1', 'by the genuine command'] });
    expect(await succeed(quay(...invoke, '-c', put, '--waitForEvent'))).toContain('status:200');
    const query = ['chaincode', 'query', '-C', CHANNEL, '-n', CONTRACT, '-c'];
    expect(await succeed(crane(...query, JSON.stringify({ Args: ['get', 'G1'] })))).toContain(
      'by the genuine command',
    );
    const missing = await quay(...query, JSON.stringify({ Args: ['get', 'nowhere'] }));
    expect(missing.failed).toBe(true);
    expect(missing.text).toContain('BERTH_NOT_FOUND: nowhere');
  });

  it('tells the ledger and fetches blocks from peers and orderer', async (context) => {
    needsBinaries(context);
    const info = await succeed(quay('channel', 'getinfo', '-c', CHANNEL));
    const { height, currentBlockHash } = JSON.parse(/Blockchain info: (.*)/.exec(info)?.[1] ?? '{}') as {
      height: number;
      currentBlockHash: string;
    };
    expect(height).toBe(5);
    const file = path.join(network.folder.root, 'newest.block');
    await succeed(quay('channel', 'fetch', 'newest', file, '-c', CHANNEL));
    const newest = common.Block.deserializeBinary(await readFile(file));
    expect(blockHeader(newest).getNumber()).toBe(height - 1);
    expect(blockHeaderHash(blockHeader(newest)).toString('base64')).toBe(currentBlockHash);
    await succeed(quay('channel', 'fetch', 'config', file, '-c', CHANNEL, ...ordererFlags()));
    expect(blockHeader(common.Block.deserializeBinary(await readFile(file))).getNumber()).toBe(0);
    const beyond = await quay('channel', 'fetch', '99', file, '-c', CHANNEL);
    expect(beyond.failed).toBe(true);
    expect(beyond.text).toContain('NOT_FOUND');
  });
});
