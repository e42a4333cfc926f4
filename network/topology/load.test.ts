import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTopology, parseTopology } from './load';
import { TopologyError, type TopologyFinding } from './topology-error';

const shipped = path.join(import.meta.dirname, '..', 'cityflow.yaml');

/** A small network: one orderer, two organizations. Each test breaks one line of it. */
const small = `name: small
fabricVersion: 2.5.4
organizations:
  - name: Orderer
    mspId: OrdererMSP
    domain: example.com
    kind: orderer
    nodes:
      - { name: orderer.example.com, ports: { grpc: 6050, admin: 6053, operations: 6443 } }
  - name: Alpha
    mspId: AlphaMSP
    domain: alpha.example.com
    kind: peer
    nodes:
      - { name: peer0.alpha.example.com, ports: { grpc: 6051, chaincode: 6052, operations: 6444 } }
    identities:
      - { name: clerk, attributes: { role: clerk } }
  - name: Beta
    mspId: BetaMSP
    domain: beta.example.com
    kind: peer
    nodes:
      - { name: peer0.beta.example.com, ports: { grpc: 6151, chaincode: 6152, operations: 6445 } }
ordering:
  consensus: etcdraft
  batchTimeout: 2s
  maxMessageCount: 10
  preferredMaxBytes: 512 KB
  absoluteMaxBytes: 99 MB
channels:
  - name: first-channel
    members: [Alpha, Beta]
  - name: alpha-channel
    members: [Alpha]
contracts:
  - name: ledger
    channel: first-channel
    owner: Alpha
    version: '1.0'
    sequence: 1
    port: 6060
    endorsement: AND('AlphaMSP.peer', 'BetaMSP.peer')
    collections:
      - { name: secrets, policy: "OR('AlphaMSP.member')", requiredPeerCount: 0, maxPeerCount: 1 }
backend: { port: 6080 }
console: { port: 6001 }
`;

function findingsOf(text: string): readonly TopologyFinding[] {
  try {
    parseTopology(text, 'broken.yaml');
  } catch (error) {
    if (error instanceof TopologyError) return error.findings;
    throw error;
  }
  return [];
}

/** Line and column (from 1) of the first occurrence of `place` in `file`, or of the `|` inside it. */
function position(file: string, place: string): { line: number; column: number } {
  const start = file.indexOf(place.replace('|', '')) + Math.max(place.indexOf('|'), 0);
  const before = file.slice(0, start).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

it('accepts the topology that is shipped', async () => {
  const topology = await loadTopology(shipped);
  expect(topology.organizations).toHaveLength(5);
});

it('accepts the network the tests break', () => {
  expect(findingsOf(small)).toEqual([]);
});

interface Wrong {
  readonly what: string;
  /** Text of the small network, and what it is replaced with. */
  readonly replace: readonly [string, string];
  /** The place in the broken text the finding points at: where it starts, or the `|` in it. */
  readonly at: string;
  readonly field: string;
  readonly expected: RegExp;
  readonly found: RegExp;
}

const wrongFiles: Wrong[] = [
  {
    what: 'a port that is a text',
    replace: ['grpc: 6051', 'grpc: many'],
    at: 'many',
    field: 'organizations[1].nodes[0].ports.grpc',
    expected: /whole number/,
    found: /"many"/,
  },
  {
    what: 'a port out of range',
    replace: ['admin: 6053', 'admin: 70000'],
    at: '70000',
    field: 'organizations[0].nodes[0].ports.admin',
    expected: /port from 1 to 65535/,
    found: /70000/,
  },
  {
    what: 'a missing field',
    replace: ['    mspId: BetaMSP\n', ''],
    at: 'name: Beta',
    field: 'organizations[2].mspId',
    expected: /a text/,
    found: /nothing/,
  },
  {
    what: 'an unknown field',
    replace: ['    members: [Alpha]', '    members: [Alpha]\n    membres: []'],
    at: 'membres',
    field: 'channels[1].membres',
    expected: /one of the fields name, members/,
    found: /"membres"/,
  },
  {
    what: 'an unknown field in one kind of organization',
    replace: ['kind: orderer\n', 'kind: orderer\n    identities: []\n'],
    at: 'identities',
    field: 'organizations[0].identities',
    expected: /name, mspId, domain, kind, nodes/,
    found: /identities/,
  },
  {
    what: 'an unknown kind of organization',
    replace: ['kind: orderer', 'kind: notary'],
    at: 'notary',
    field: 'organizations[0].kind',
    expected: /orderer or peer/,
    found: /"notary"/,
  },
  {
    what: 'another consensus',
    replace: ['etcdraft', 'solo'],
    at: 'solo',
    field: 'ordering.consensus',
    expected: /"etcdraft"/,
    found: /"solo"/,
  },
  {
    what: 'a duration without unit',
    replace: ['batchTimeout: 2s', 'batchTimeout: 2 seconds'],
    at: '2 seconds',
    field: 'ordering.batchTimeout',
    expected: /such as 2s/,
    found: /2 seconds/,
  },
  {
    what: 'a channel id Fabric refuses',
    replace: ['name: first-channel', 'name: First_Channel'],
    at: 'First_Channel',
    field: 'channels[0].name',
    expected: /lower case/,
    found: /First_Channel/,
  },
  {
    what: 'an attribute of Fabric CA itself',
    replace: ['attributes: { role: clerk }', "attributes: { 'hf.Type': admin }"],
    at: "'hf.Type'",
    field: 'organizations[1].identities[0].attributes.hf.Type',
    expected: /hf\./,
    found: /hf\.Type/,
  },
  {
    what: 'a port used twice, by a node and a contract',
    replace: ['port: 6060', 'port: 6051'],
    at: '6051\n',
    field: 'contracts[0].port',
    expected: /a port of its own/,
    found: /6051, taken by organizations\[1\]\.nodes\[0\]\.ports\.grpc/,
  },
  {
    what: 'a port used twice, by console and backend',
    replace: ['console: { port: 6001 }', 'console: { port: 6080 }'],
    at: 'console: { port: |6080',
    field: 'console.port',
    expected: /a port of its own/,
    found: /taken by backend\.port/,
  },
  {
    what: 'two organizations of one name, apart from case',
    replace: ['name: Beta\n', 'name: alpha\n'],
    at: 'alpha\n',
    field: 'organizations[2].name',
    expected: /a name of its own/,
    found: /taken by organizations\[1\]\.name/,
  },
  {
    what: 'two MSPs of one id',
    replace: ['mspId: BetaMSP', 'mspId: OrdererMSP'],
    at: 'OrdererMSP\n    domain: beta',
    field: 'organizations[2].mspId',
    expected: /an MSP id of its own/,
    found: /taken by organizations\[0\]\.mspId/,
  },
  {
    what: 'a node outside its organization',
    replace: ['name: peer0.beta.example.com', 'name: peer0.gamma.example.com'],
    at: 'peer0.gamma',
    field: 'organizations[2].nodes[0].name',
    expected: /directly in beta\.example\.com/,
    found: /peer0\.gamma/,
  },
  {
    what: 'no orderer organization',
    replace: [
      'kind: orderer\n    nodes:\n      - { name: orderer.example.com, ports: { grpc: 6050, admin:',
      'kind: peer\n    nodes:\n      - { name: orderer.example.com, ports: { grpc: 6050, chaincode:',
    ],
    at: '- name: Orderer',
    field: 'organizations',
    expected: /exactly one organization of kind orderer/,
    found: /none/,
  },
  {
    what: 'an identity that every organization has',
    replace: ['name: clerk', 'name: admin'],
    at: 'admin, attributes',
    field: 'organizations[1].identities[0].name',
    expected: /other than Admin and User1/,
    found: /"admin"/,
  },
  {
    what: 'a member that is no organization',
    replace: ['members: [Alpha]', 'members: [Gamma]'],
    at: 'Gamma',
    field: 'channels[1].members[0]',
    expected: /a peer organization: Alpha, Beta/,
    found: /"Gamma"/,
  },
  {
    what: 'the orderer organization as a member',
    replace: ['members: [Alpha]', 'members: [Orderer]'],
    at: 'Orderer]',
    field: 'channels[1].members[0]',
    expected: /a peer organization/,
    found: /"Orderer"/,
  },
  {
    what: 'a channel declared twice',
    replace: ['name: alpha-channel', 'name: first-channel'],
    at: 'first-channel\n    members: [Alpha]',
    field: 'channels[1].name',
    expected: /a name of its own/,
    found: /taken by channels\[0\]\.name/,
  },
  {
    what: 'a contract on an unknown channel',
    replace: ['channel: first-channel', 'channel: last-channel'],
    at: 'last-channel',
    field: 'contracts[0].channel',
    expected: /a channel: first-channel, alpha-channel/,
    found: /last-channel/,
  },
  {
    what: 'a contract whose owner is no member',
    replace: ['channel: first-channel\n    owner: Alpha', 'channel: alpha-channel\n    owner: Beta'],
    at: 'Beta\n    version',
    field: 'contracts[0].owner',
    expected: /a member of alpha-channel: Alpha/,
    found: /"Beta"/,
  },
  {
    what: 'an endorsement policy that does not parse',
    replace: ["AND('AlphaMSP.peer', 'BetaMSP.peer')", "AND('AlphaMSP.peer', 'BetaMSP.pear')"],
    at: 'AND(',
    field: 'contracts[0].endorsement',
    expected: /a signature policy/,
    found: /pear/,
  },
  {
    what: 'an endorsement policy with an MSP that is no member',
    replace: ["'BetaMSP.peer'", "'GammaMSP.peer'"],
    at: 'AND(',
    field: 'contracts[0].endorsement',
    expected: /MSP ids of the channel's members: AlphaMSP, BetaMSP/,
    found: /"GammaMSP"/,
  },
  {
    what: 'a collection policy with an MSP that is no member',
    replace: ["OR('AlphaMSP.member')", "OR('GammaMSP.member')"],
    at: `"OR('Gamma`,
    field: 'contracts[0].collections[0].policy',
    expected: /AlphaMSP, BetaMSP/,
    found: /"GammaMSP"/,
  },
  {
    what: 'a collection that wants more peers than it reaches',
    replace: ['requiredPeerCount: 0', 'requiredPeerCount: 3'],
    at: '3, maxPeerCount',
    field: 'contracts[0].collections[0].requiredPeerCount',
    expected: /at most maxPeerCount \(1\)/,
    found: /3/,
  },
  {
    what: 'preferred blocks larger than the largest',
    replace: ['absoluteMaxBytes: 99 MB', 'absoluteMaxBytes: 1 KB'],
    at: '512 KB',
    field: 'ordering.preferredMaxBytes',
    expected: /at most absoluteMaxBytes \(1 KB\)/,
    found: /512 KB/,
  },
  {
    what: 'blocks no peer can receive',
    replace: ['absoluteMaxBytes: 99 MB', 'absoluteMaxBytes: 200 MB'],
    at: '200 MB',
    field: 'ordering.absoluteMaxBytes',
    expected: /at most 100 MB/,
    found: /200 MB/,
  },
  {
    what: 'a field given twice',
    replace: ['    owner: Alpha\n', '    owner: Alpha\n    owner: Beta\n'],
    at: 'owner: Beta',
    field: '',
    expected: /valid YAML/,
    found: /unique/,
  },
  {
    what: 'broken YAML',
    replace: ['members: [Alpha]', 'members: [Alpha'],
    at: 'contracts:',
    field: '',
    expected: /valid YAML/,
    found: /.+/,
  },
];

describe('a wrong file is answered with line, field and what was expected:', () => {
  it.each(wrongFiles)('$what', ({ replace, at, field, expected, found }) => {
    const text = small.replace(...replace);
    expect(text).not.toBe(small);
    const [first] = findingsOf(text);
    expect(first).toMatchObject({ file: 'broken.yaml', field });
    expect(first?.expected).toMatch(expected);
    expect(first?.found).toMatch(found);
    expect(first).toMatchObject(position(text, at));
  });

  it('two orderer organizations', () => {
    const second = `  - { name: Notary, mspId: NotaryMSP, domain: notary.example.com, kind: orderer, nodes: [{ name: o.notary.example.com, ports: { grpc: 1, admin: 2, operations: 3 } }] }\n`;
    const text = small.replace('ordering:\n', `${second}ordering:\n`);
    expect(findingsOf(text)).toMatchObject([
      { field: 'organizations[3].kind', line: position(text, '- { name: Notary').line },
    ]);
  });

  it('a list instead of the whole', () => {
    expect(findingsOf('- 1')).toMatchObject([
      { line: 1, column: 1, field: '', expected: 'a group of fields' },
    ]);
  });

  it('an empty file', () => {
    expect(findingsOf('')).toMatchObject([{ line: 1, column: 1, found: 'nothing' }]);
  });

  it('several things at once, in the order of the file', () => {
    const text = small.replace('grpc: 6151', 'grpc: 6051').replace('members: [Alpha]', 'members: [Gamma]');
    expect(findingsOf(text).map(({ field }) => field)).toEqual([
      'organizations[2].nodes[0].ports.grpc',
      'channels[1].members[0]',
    ]);
  });
});

describe('from disk', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'topology-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('names the file as it was given', async () => {
    const file = path.join(folder, 'own.yaml');
    await writeFile(
      file,
      (await readFile(shipped, 'utf8')).replace('fabricVersion: 2.5.4', 'fabricVersion: newest'),
    );
    await expect(loadTopology(file)).rejects.toThrow(
      `${file}:3:16 fabricVersion: expected a Fabric version such as 2.5.4`,
    );
  });

  it('says so when there is no file', async () => {
    await expect(loadTopology(path.join(folder, 'none.yaml'))).rejects.toThrow(
      /expected a readable topology file/,
    );
  });
});
