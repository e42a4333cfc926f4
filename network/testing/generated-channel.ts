import { readFile } from 'node:fs/promises';
import { common, peer } from '@hyperledger/fabric-protos';
import { createMaterial } from '../artifacts/create-material';
import type { MaterialPaths } from '../artifacts/paths';
import { writeCommitMetadata } from '../embedded/peer/ledger/commit-metadata';
import { namespace, read, set, type Entry } from '../embedded/peer/ledger/testing-blocks';
import { blockHeader, blockHeaderHash, createBlock } from '../protocol/block';
import { channelHeaderOf, NONCE_BYTES, payloadOf, signatureHeaderOf } from '../protocol/envelope';
import { sha256 } from '../protocol/hash';
import { computeTxId, endorsedBytes } from '../protocol/proposal';
import { NAMESPACES, storedDefinition } from '../protocol/lifecycle/definition';
import { serialize } from '../protocol/lifecycle/serializer';
import { LIFECYCLE_NAMESPACE } from '../protocol/lifecycle/state';
import { loadSigner, type Signer } from '../protocol/signing';
import { VALID, validationCode, type ValidationCode } from '../protocol/validation-code';
import { deterministicBytes, nextCommitHash } from '../protocol/validation/commit-hash';
import { UpdateBatch } from '../protocol/validation/update-batch';
import { signAsOrderer } from '../protocol/verification/testing/own-members';
import { WireEncoder } from '../protocol/wire-encoder';
import type { Version } from '../protocol/version';
import type { Topology } from '../topology/schema';
import { Random } from './random';

const CHANNEL = 'parking-channel';
const MVCC_READ_CONFLICT = validationCode(11);
const SPOTS = 2000;
const OPEN_SESSIONS = 500;
const FIRST_SECOND = Date.parse('2026-01-01T00:00:00Z') / 1000;
const TRANSACTIONS_A_SECOND = 5;
const streets = ['Harbour Street', 'Old Market', 'Opera Square', 'Mill Lane', 'Station Road', 'Königsallee'];
const vehicles = ['compact', 'van', 'motorcycle', 'electric', 'truck'];

export interface GeneratedExtent {
  /** The same seed gives the same calls, keys, values and codes; keys of identities and signatures are drawn anew. */
  readonly seed: number;
  readonly transactions: number;
  readonly transactionsPerBlock?: number;
  /** Puts an argument and a value of that many bytes into the last transaction. */
  readonly largeValueBytes?: number;
}

type Write = readonly [key: string, value: string | Uint8Array | undefined];

/** What one transaction asks for and does. */
interface Call {
  readonly contract: string;
  readonly args: readonly string[];
  readonly reads: readonly string[];
  /** Undefined deletes. */
  readonly writes: readonly Write[];
  readonly event: string | undefined;
}

/**
 * A channel as peers would have committed it: every block signed by the orderer and chained by header and commit hash,
 * every transaction signed by its client and by two endorsers, read versions as they were, conflicts within a block
 * recorded as such. Block 1 commits the definitions of the contracts.
 */
export class GeneratedChannel {
  readonly channelId = CHANNEL;

  private constructor(
    private readonly genesis: Uint8Array,
    private readonly definitions: readonly Call[],
    private readonly clients: readonly Signer[],
    private readonly endorsers: readonly Signer[],
    private readonly orderer: Signer,
  ) {}

  /** Creates the identities of a network under a folder, which is the caller's to delete. */
  static async create(topology: Topology, folder: string): Promise<GeneratedChannel> {
    const { paths } = await createMaterial(topology, folder, { addressing: 'localhost' });
    const members = ['ParkingOperator', 'UserService', 'CityManagement'].map((name) =>
      paths.organization(name),
    );
    const users = members.flatMap(({ users: all }) => all.filter(({ role }) => role === 'client'));
    return new GeneratedChannel(
      await readFile(paths.genesisFile(CHANNEL)),
      await Promise.all(['parking', 'tariff'].map(definitionOf)),
      await Promise.all(users.map(({ mspId, mspFolder }) => loadSigner(mspId, mspFolder))),
      await Promise.all(members.map(({ mspId, nodes }) => loadSigner(mspId, nodes[0]?.mspFolder ?? ''))),
      await ordererOf(paths),
    );
  }

  /** Serialized blocks, block 0 first. */
  *blocks({
    seed,
    transactions,
    transactionsPerBlock = 10,
    largeValueBytes,
  }: GeneratedExtent): Generator<Buffer> {
    const traffic = new Traffic(new Random(seed));
    yield Buffer.from(this.genesis);
    let previousHash = blockHeaderHash(blockHeader(common.Block.deserializeBinary(this.genesis)));
    let commitHash: Buffer = Buffer.alloc(0);
    let made = 0;
    let calls: readonly Call[] = this.definitions;
    for (let number = 1; calls.length > 0; number += 1) {
      const committed = traffic.commit(number, calls);
      const envelopes = committed.map(({ call, versions }) => this.#envelope(call, versions, traffic));
      const block = createBlock(number, previousHash, envelopes);
      signAsOrderer(block, this.orderer, 0);
      const codes = committed.map(({ code }) => code);
      commitHash = nextCommitHash(Uint8Array.from(codes), updatesOf(number, committed), commitHash);
      writeCommitMetadata(block, codes, commitHash);
      previousHash = blockHeaderHash(blockHeader(block));
      yield Buffer.from(block.serializeBinary());
      const count = Math.min(transactionsPerBlock, transactions - made);
      made += count;
      calls = Array.from({ length: count }, () => traffic.call());
      if (count > 0 && made === transactions && largeValueBytes !== undefined)
        calls = [...calls, largeCall(largeValueBytes)];
    }
  }

  #envelope(call: Call, versions: readonly (Version | undefined)[], traffic: Traffic): Buffer {
    const { random } = traffic;
    const client = random.pick(this.clients);
    const nonce = Buffer.from(Array.from({ length: NONCE_BYTES }, () => random.below(256)));
    const txId = computeTxId(nonce, client.creator);
    const chaincodeId = new WireEncoder().string(2, call.contract).finish();
    const channelHeader = channelHeaderOf({
      type: common.HeaderType.ENDORSER_TRANSACTION,
      channelId: CHANNEL,
      txId,
      extension: new WireEncoder().message(2, chaincodeId).finish(),
      timestamp: traffic.claimedTime(),
    }).serializeBinary();
    const signatureHeader = signatureHeaderOf(client.creator, nonce).serializeBinary();
    const proposal = proposalPayload(chaincodeId, call.args);
    const results = readWriteSet(call, versions);
    const action = new WireEncoder()
      .bytes(1, results)
      .bytes(2, eventOf(call, txId))
      .message(3, new WireEncoder().uint64(1, 200).finish())
      .message(4, new WireEncoder().string(2, call.contract).string(3, '1.0').finish())
      .finish();
    const response = new WireEncoder()
      .bytes(1, sha256(channelHeader, signatureHeader, proposal))
      .bytes(2, action)
      .finish();
    const endorsed = new WireEncoder().bytes(1, response);
    const skipped = random.below(this.endorsers.length);
    for (const [index, endorser] of this.endorsers.entries()) {
      if (index === skipped) continue;
      const signature = endorser.sign(endorsedBytes(response, endorser.creator));
      endorsed.message(2, new WireEncoder().bytes(1, endorser.creator).bytes(2, signature).finish());
    }
    const actionPayload = new WireEncoder().bytes(1, proposal).message(2, endorsed.finish()).finish();
    const transactionAction = new WireEncoder().bytes(1, signatureHeader).bytes(2, actionPayload).finish();
    const data = new WireEncoder().message(1, transactionAction).finish();
    const payload = payloadOf(channelHeader, signatureHeader, data).serializeBinary();
    return new WireEncoder().bytes(1, payload).bytes(2, client.sign(payload)).finish();
  }
}

function ordererOf(paths: MaterialPaths): Promise<Signer> {
  const [node] = paths.organization('Orderer').nodes;
  return loadSigner(node?.mspId ?? '', node?.mspFolder ?? '');
}

function proposalPayload(chaincodeId: Uint8Array, args: readonly string[]): Buffer {
  const input = new WireEncoder();
  for (const argument of args) input.message(1, Buffer.from(argument, 'utf8'));
  const spec = new WireEncoder().uint64(1, 2).message(2, chaincodeId).message(3, input.finish()).finish();
  return new WireEncoder().bytes(1, new WireEncoder().message(1, spec).finish()).finish();
}

function readWriteSet({ contract, reads, writes }: Call, versions: readonly (Version | undefined)[]): Buffer {
  const entries: Entry[] = [
    ...reads.map((key, index) => read(key, versions[index])),
    ...writes.map((one): Entry => {
      const encoder = new WireEncoder().string(1, one[0]).bool(2, one[1] === undefined);
      return [3, encoder.bytes(3, valueOf(one) ?? Buffer.alloc(0)).finish()];
    }),
  ];
  return new WireEncoder().message(2, namespace(contract, set(...entries))).finish();
}

const valueOf = ([, value]: Write): Uint8Array | undefined =>
  typeof value === 'string' ? Buffer.from(value, 'utf8') : value;

/** Commits the definition of a contract that a majority of the members must endorse. */
async function definitionOf(contract: string): Promise<Call> {
  const policy = new peer.ApplicationPolicy();
  policy.setChannelConfigPolicyReference('/Channel/Application/Endorsement');
  const definition = storedDefinition({
    ...{ sequence: 1, version: '1.0', initRequired: false, collections: undefined },
    ...{ endorsementPlugin: 'escc', validationPlugin: 'vscc', endorsementPolicy: policy.serializeBinary() },
  });
  const writes: Write[] = [];
  await serialize(NAMESPACES, contract, definition, {
    getState: () => Promise.resolve(undefined),
    putState: (key, value) => Promise.resolve(void writes.push([key, value])),
    delState: () => Promise.resolve(),
  });
  return {
    ...{ contract: LIFECYCLE_NAMESPACE, reads: [], writes, event: undefined },
    args: ['CommitChaincodeDefinition', contract],
  };
}

function eventOf({ contract, event, args }: Call, txId: string): Buffer {
  if (event === undefined) return Buffer.alloc(0);
  const payload = Buffer.from(JSON.stringify({ of: args[1] }), 'utf8');
  return new WireEncoder().string(1, contract).string(2, txId).string(3, event).bytes(4, payload).finish();
}

const largeCall = (bytes: number): Call => ({
  ...{ contract: 'parking', reads: [], event: undefined },
  args: ['archive', 'x'.repeat(bytes)],
  writes: [['ARCHIVE~1', `{"archive":"${'y'.repeat(bytes)}"}`]],
});

interface CommittedCall {
  readonly call: Call;
  readonly versions: readonly (Version | undefined)[];
  readonly code: ValidationCode;
}

/** Updates as commit hashes cover them. */
function updatesOf(number: number, committed: readonly CommittedCall[]): Buffer {
  const updates = new UpdateBatch();
  for (const [tx, { call, code }] of committed.entries()) {
    if (code !== VALID) continue;
    for (const write of call.writes) {
      const version = { block: number, tx };
      updates.public.set(call.contract, write[0], { value: valueOf(write), metadata: undefined, version });
    }
  }
  return deterministicBytes(updates);
}

/** Calls of a city's drivers, and the versions of the keys they use. */
class Traffic {
  readonly #versions = new Map<string, Version>();
  readonly #sessions: string[] = [];
  #made = 0;
  #reserved = 0;

  constructor(readonly random: Random) {}

  call(): Call {
    this.#made += 1;
    const choice = this.random.next();
    if (choice < 0.45 || this.#sessions.length < 20) return this.#reserve();
    if (choice < 0.75) return this.#pay();
    return choice < 0.97 ? this.#release() : this.#tariff();
  }

  /** Near to the order of the chain, as clients' clocks are. */
  claimedTime(): Date {
    const seconds = FIRST_SECOND + this.#made / TRANSACTIONS_A_SECOND + this.random.below(3);
    return new Date(Math.floor(seconds * 1000));
  }

  #reserve(): Call {
    const session = `SESSION~${String((this.#reserved += 1)).padStart(7, '0')}`;
    this.#sessions.push(session);
    if (this.#sessions.length > OPEN_SESSIONS) this.#sessions.shift();
    const spot = `SPOT~${String(this.random.below(SPOTS)).padStart(4, '0')}`;
    const plate = `CF-${this.random.pick(['AB', 'KX', 'MZ', 'PT'])} ${1000 + this.random.below(9000)}`;
    const street = this.random.pick(streets);
    const value = { session, spot, plate, street, vehicle: this.random.pick(vehicles), state: 'reserved' };
    return {
      ...{ contract: 'parking', event: 'SpotReserved', reads: [spot] },
      args: ['reserve', session, spot, plate, street],
      writes: [
        [spot, JSON.stringify({ spot, state: 'taken', session })],
        [session, JSON.stringify(value)],
      ],
    };
  }

  #pay(): Call {
    const session = this.random.pick(this.#sessions);
    const cents = 100 + this.random.below(3000);
    return {
      ...{ contract: 'parking', event: 'SessionPaid', reads: [session] },
      args: ['pay', session, String(cents)],
      writes: [[session, JSON.stringify({ session, cents, state: 'paid' })]],
    };
  }

  #release(): Call {
    const [session = ''] = this.#sessions.splice(this.random.below(this.#sessions.length), 1);
    return {
      ...{ contract: 'parking', event: undefined, reads: [session] },
      args: ['release', session],
      writes: [[session, undefined]],
    };
  }

  #tariff(): Call {
    const zone = `ZONE~${this.random.below(12)}`;
    const price = JSON.stringify({ zone, centsAnHour: 100 + this.random.below(400) });
    return {
      contract: 'tariff',
      args: ['setPrice', zone, price],
      reads: [],
      writes: [[zone, price]],
      event: 'PriceSet',
    };
  }

  /** Decides a block's calls, all of them made on the state before it. */
  commit(block: number, calls: readonly Call[]): CommittedCall[] {
    const versionsOf = (call: Call) => call.reads.map((key) => this.#versions.get(`${call.contract}/${key}`));
    const simulated = calls.map((call) => ({ call, versions: versionsOf(call) }));
    const written = new Set<string>();
    return simulated.map(({ call, versions }, tx) => {
      const keyOf = (key: string) => `${call.contract}/${key}`;
      const conflict = call.reads.some((key) => written.has(keyOf(key)));
      if (conflict) return { call, versions, code: MVCC_READ_CONFLICT };
      for (const [key, value] of call.writes) {
        written.add(keyOf(key));
        if (value === undefined) this.#versions.delete(keyOf(key));
        else this.#versions.set(keyOf(key), { block, tx });
      }
      return { call, versions, code: VALID };
    });
  }
}
