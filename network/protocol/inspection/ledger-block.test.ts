import { common, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { genuineChain } from '../../embedded/peer/commit/genuine-chain';
import { blockData, createBlock } from '../block';
import { payloadOf } from '../envelope';
import { parkingBlocks, referenceBlock, referenceBlockBytes, referenceJson } from '../fixtures/blocks';
import type { KeyValueSet, NamespaceSet, RangeQuery, Read } from '../read-write-set';
import type { Version } from '../version';
import { Undecodable, type Layer } from './layer';
import type { LedgerAction } from './ledger-action';
import { LedgerBlock } from './ledger-block';
import type { LedgerTransaction } from './ledger-transaction';
import { unknownFields } from './unknown-fields';

const references = [
  ...parkingBlocks.map((number) => ['parking-channel', number] as const),
  ['wallet-channel', 0] as const,
];

function read<T>(layer: Layer<T> | undefined): T {
  if (layer === undefined) throw new Error('there is nothing');
  if (layer instanceof Undecodable) throw new Error(layer.reason);
  return layer;
}

/** The model written as configtxlator writes a block: what is missing in it is missing here. */
const base64 = (bytes: Uint8Array): string | null =>
  bytes.length === 0 ? null : Buffer.from(bytes).toString('base64');
const versionJson = (version: Version | undefined) =>
  version === undefined ? null : { block_num: String(version.block), tx_num: String(version.tx) };
const readJson = ({ key, version }: Read) => ({ key, version: versionJson(version) });

const rangeJson = ({ startKey, endKey, exhausted, rawReads, merkleSummary }: RangeQuery) => ({
  start_key: startKey,
  end_key: endKey,
  itr_exhausted: exhausted,
  ...(rawReads && { raw_reads: { kv_reads: rawReads.map(readJson) } }),
  ...(merkleSummary && {
    reads_merkle_hashes: {
      max_degree: merkleSummary.maxDegree,
      max_level: merkleSummary.maxLevel,
      max_level_hashes: merkleSummary.maxLevelHashes.map(base64),
    },
  }),
});

const setJson = (set: KeyValueSet) => ({
  reads: set.reads.map(readJson),
  range_queries_info: set.rangeQueries.map(rangeJson),
  writes: set.writes.map(({ key, isDelete, value }) => ({ key, is_delete: isDelete, value: base64(value) })),
  metadata_writes: set.metadataWrites.map(({ key, entries }) => ({
    key,
    entries: entries.map(({ name, value }) => ({ name, value: base64(value) })),
  })),
});

const isEmpty = ({ reads, rangeQueries, writes, metadataWrites }: KeyValueSet): boolean =>
  [reads, rangeQueries, writes, metadataWrites].every(({ length }) => length === 0);

const namespaceJson = (set: NamespaceSet) => ({
  namespace: set.namespace,
  rwset: isEmpty(set.public) ? null : setJson(set.public),
  // configtxlator leaves these sets as bytes: what is in them is held against the chain's commit hashes.
  collection_hashed_rwset: set.collections.map(({ collection, privateHash }) => ({
    collection_name: collection,
    hashed_rwset: expect.any(String) as string,
    pvt_rwset_hash: base64(privateHash),
  })),
});

const identityJson = (bytes: Uint8Array) => {
  if (bytes.length === 0) return null;
  const reading = common.SignatureHeader.deserializeBinary(
    Buffer.concat([Buffer.from([0x0a]), varint(bytes.length), bytes]),
  );
  expect(Buffer.from(reading.getCreator_asU8())).toEqual(Buffer.from(bytes));
  const mspidLength = bytes[1] ?? 0;
  const mspid = Buffer.from(bytes.subarray(2, 2 + mspidLength)).toString();
  const rest = Buffer.from(bytes.subarray(2 + mspidLength + 1));
  const lengthBytes = (rest[0] ?? 0) < 0x80 ? 1 : 2;
  return { mspid, id_bytes: rest.subarray(lengthBytes).toString('base64') };
};

function varint(value: number): Buffer {
  return value < 0x80 ? Buffer.from([value]) : Buffer.from([(value & 0x7f) | 0x80, value >> 7]);
}

function actionJson(action: LedgerAction) {
  const header = read(action.header);
  const call = read(action.call);
  const answer = read(action.action);
  const event = action.event === undefined ? undefined : read(action.event);
  return {
    header: { creator: identityJson(header.creator), nonce: base64(header.nonce) },
    payload: {
      chaincode_proposal_payload: {
        TransientMap: {},
        input: {
          chaincode_spec: {
            type: Object.entries(peer.ChaincodeSpec.Type).find(([, type]) => Number(type) === call.type)?.[0],
            chaincode_id: call.chaincodeId,
            input: {
              args: call.input?.args.map(base64),
              decorations: Object.fromEntries(
                (call.input?.decorations ?? []).map(({ name, value }) => [name, base64(value)]),
              ),
              is_init: call.input?.isInit,
            },
            timeout: call.timeout,
          },
        },
      },
      action: {
        proposal_response_payload: {
          proposal_hash: base64(read(action.response).proposalHash),
          extension: {
            chaincode_id: answer.chaincodeId,
            events:
              event === undefined
                ? null
                : {
                    chaincode_id: event.chaincodeId,
                    tx_id: event.txId,
                    event_name: event.name,
                    payload: base64(event.payload),
                  },
            response: answer.response && {
              status: answer.response.status,
              message: answer.response.message,
              payload: base64(answer.response.payload),
            },
            results: { data_model: 'KV', ns_rwset: read(action.sets).map(namespaceJson) },
          },
        },
        endorsements: action.endorsements.map(({ endorser, signature }) => ({
          endorser: base64(endorser.bytes),
          signature: base64(signature),
        })),
      },
    },
  };
}

function contentJson({ content }: LedgerTransaction) {
  if (content.kind === 'endorser transaction') return { actions: read(content.actions).map(actionJson) };
  if (content.kind !== 'configuration') throw new Error(`unexpected ${content.kind}`);
  return { config: read(content.configuration).config, last_update: null };
}

function transactionJson(transaction: LedgerTransaction) {
  const header = read(transaction.channelHeader);
  const signed = read(transaction.signatureHeader);
  return {
    payload: {
      header: {
        channel_header: {
          type: header.type,
          version: header.version,
          timestamp: transaction.claimedTime,
          channel_id: header.channelId,
          tx_id: header.txId,
          epoch: String(header.epoch),
          extension: transaction.contract === undefined ? null : { chaincode_id: transaction.contract },
          tls_cert_hash: base64(header.tlsCertHash),
        },
        signature_header: { creator: identityJson(signed.creator), nonce: base64(signed.nonce) },
      },
      data: contentJson(transaction),
    },
    signature: base64(read(transaction.envelope).signature),
  };
}

const blockJson = (block: LedgerBlock) => ({
  header: {
    number: String(block.number),
    previous_hash: base64(block.previousHash),
    data_hash: base64(block.dataHash),
  },
  data: { data: block.transactions.map(transactionJson) },
  metadata: { metadata: block.metadata.map((entry) => Buffer.from(entry).toString('base64')) },
});

describe('blocks of genuine nodes', () => {
  it.each(references)('%s %i is there whole, as configtxlator shows it', (channel, number) => {
    expect(blockJson(LedgerBlock.fromBytes(referenceBlockBytes(channel, number)))).toEqual(
      referenceJson(channel, number),
    );
  });

  it('have nothing in them that is not known', () => {
    for (const block of genuineChain().map((one) => new LedgerBlock(one))) {
      for (const transaction of block.transactions.filter(({ code }) => code === 0)) {
        expect(unknownFields(transaction), `${block.number}:${transaction.position}`).toEqual([]);
      }
    }
  });

  it('say who made, who endorsed and who ordered', () => {
    const block = new LedgerBlock(referenceBlock('parking-channel', 272));
    const [first] = block.transactions;
    expect(first?.creator).toMatchObject({ mspId: 'ParkingOperatorMSP', role: 'admin' });
    expect(first?.creator?.certificate?.commonName).toMatch(/^Admin@/);
    expect(first?.actions[0]?.endorsements.map(({ endorser }) => [endorser.mspId, endorser.role])).toEqual([
      ['ParkingOperatorMSP', 'peer'],
      ['CityManagementMSP', 'peer'],
    ]);
    expect(read(block.signed)).toMatchObject({ lastConfiguration: 0 });
    expect(read(block.signed).signatures.map(({ signer }) => [signer.mspId, signer.role])).toEqual([
      ['OrdererMSP', 'orderer'],
    ]);
    expect(read(block.commitHash)).toHaveLength(32);
    expect(block.transactions.map(({ status }) => status)).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
  });

  it('show every action, should there be more than one', () => {
    const original = common.Envelope.deserializeBinary(
      blockData(referenceBlock('parking-channel', 272))[0] ?? new Uint8Array(),
    );
    const payload = common.Payload.deserializeBinary(original.getPayload_asU8());
    const doubled = peer.Transaction.deserializeBinary(payload.getData_asU8());
    doubled.setActionsList([...doubled.getActionsList(), ...doubled.getActionsList()]);
    payload.setData(doubled.serializeBinary());
    original.setPayload(payload.serializeBinary());
    const block = new LedgerBlock(createBlock(1, new Uint8Array(), [original.serializeBinary()]));
    const actions = block.transactions[0]?.actions ?? [];
    expect(actions).toHaveLength(2);
    expect(actionJson(read(actions[1]))).toEqual(actionJson(read(actions[0])));
  });

  it('name nobody and no time where nobody does', () => {
    const [transaction] = new LedgerBlock(referenceBlock('wallet-channel', 0)).transactions;
    expect(transaction).toMatchObject({
      type: 'CONFIG',
      creator: undefined,
      contract: undefined,
      code: undefined,
    });
  });

  it('hold every kind of read and write', () => {
    const sets = genuineChain()
      .flatMap((block) => new LedgerBlock(block).transactions)
      .flatMap(({ actions }) => actions)
      .flatMap(({ sets: layer }) => (layer instanceof Undecodable ? [] : layer));
    const collections = sets.flatMap(({ collections: all }) => all);
    const counts = {
      rawRanges: sets.flatMap(({ public: own }) => own.rangeQueries).filter(({ rawReads }) => rawReads)
        .length,
      summarized: sets
        .flatMap(({ public: own }) => own.rangeQueries)
        .filter(({ merkleSummary }) => merkleSummary).length,
      deletes: sets.flatMap(({ public: own }) => own.writes).filter(({ isDelete }) => isDelete).length,
      metadata: sets.flatMap(({ public: own }) => own.metadataWrites).length,
      privateReads: collections.flatMap(({ reads }) => reads).length,
      privateWrites: collections.flatMap(({ writes }) => writes).length,
      privateDeletes: collections.flatMap(({ writes }) => writes).filter(({ isDelete }) => isDelete).length,
      purges: collections.flatMap(({ writes }) => writes).filter(({ isPurge }) => isPurge).length,
      privateMetadata: collections.flatMap(({ metadataWrites }) => metadataWrites).length,
    };
    expect(counts).toMatchInlineSnapshot(`
      {
        "deletes": 28,
        "metadata": 22,
        "privateDeletes": 12,
        "privateMetadata": 2,
        "privateReads": 46,
        "privateWrites": 77,
        "purges": 2,
        "rawRanges": 46,
        "summarized": 17,
      }
    `);
    expect(Object.values(counts)).not.toContain(0);
  });
});

describe('what cannot be read', () => {
  const only = (envelope: Uint8Array): LedgerTransaction => {
    const [transaction] = new LedgerBlock(createBlock(1, new Uint8Array(), [envelope])).transactions;
    if (transaction === undefined) throw new Error('there is no transaction');
    return transaction;
  };

  it('is kept as bytes: an envelope that is none', () => {
    const bytes = Buffer.from([0xff, 0xff, 1]);
    const transaction = only(bytes);
    expect(transaction.content).toEqual({ kind: 'other', bytes });
    expect(transaction).toMatchObject({ type: undefined, id: undefined, creator: undefined, actions: [] });
  });

  it('is kept as bytes: a type that does not belong here', () => {
    const header = new common.ChannelHeader();
    header.setType(99);
    const data = Buffer.from('whatever');
    const envelope = new common.Envelope();
    envelope.setPayload(payloadOf(header.serializeBinary(), new Uint8Array(), data).serializeBinary());
    expect(only(envelope.serializeBinary())).toMatchObject({ type: '99', content: { kind: 'other' } });
    expect(only(envelope.serializeBinary()).content).toMatchObject({ bytes: data });
  });

  it('is kept as bytes: fields nobody knows', () => {
    const [first = new Uint8Array()] = blockData(referenceBlock('parking-channel', 272));
    const strange = Buffer.from([0xba, 0x3e, 2, 7, 7]);
    expect(unknownFields(only(Buffer.concat([first, strange])))).toEqual([
      { path: 'envelope', bytes: strange },
    ]);
  });

  it('never stops the rest: every transaction of a chain cut short and with a byte changed', () => {
    const touch = (transaction: LedgerTransaction): unknown => [
      transaction.type,
      transaction.id,
      transaction.claimedTime,
      transaction.creator,
      transaction.contract,
      transaction.content,
      transaction.actions.map((action) => [
        action.header,
        action.call,
        action.sets,
        action.event,
        action.endorsements,
      ]),
      unknownFields(transaction),
    ];
    const envelopes = genuineChain().flatMap(blockData);
    let undecodable = 0;
    for (const [index, envelope] of envelopes.entries()) {
      const cut = only(envelope.subarray(0, (index * 131) % envelope.length));
      const changed = Buffer.from(envelope);
      const at = (index * 977) % envelope.length;
      changed.writeUInt8(changed.readUInt8(at) ^ 0x85, at);
      expect(() => [touch(cut), touch(only(changed))]).not.toThrow();
      if (cut.payload instanceof Undecodable) undecodable += 1;
    }
    expect(undecodable).toBeGreaterThan(envelopes.length / 2);
  });
});
