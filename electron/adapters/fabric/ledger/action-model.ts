import { Undecodable, type Layer } from '../../../../network/protocol/inspection/layer';
import type { LedgerAction } from '../../../../network/protocol/inspection/ledger-action';
import {
  approvalKeys,
  lifecycleKeyInWords,
  lifecycleStep,
  lifecycleStepInWords,
  lifecycleValueInWords,
} from '../../../../network/protocol/inspection/lifecycle-words';
import { LIFECYCLE_NAMESPACE } from '../../../../network/protocol/lifecycle/state';
import {
  deletes,
  deletesHashed,
  type CollectionHashedSet,
  type MetadataEntry,
  type NamespaceSet,
  type RangeQuery,
  type Read,
  type Write,
} from '../../../../network/protocol/read-write-set';
import type { Version } from '../../../../network/protocol/version';
import type {
  LedgerActionModel,
  LedgerCollection,
  LedgerNamespace,
  LedgerRead,
  LedgerVersion,
  LedgerWrite,
} from '../../../api/ledger-models';
import { hex, type Contents } from './contents';
import { identityModel } from './identity-model';

/** Layers that could not be read, each once: what lies inside one carries the same bytes. */
export type Unreadable = Map<Undecodable, string>;

/** The layer where it could be read. */
export function readable<T>(layer: Layer<T>, what: string, unreadable: Unreadable): T | undefined {
  if (!(layer instanceof Undecodable)) return layer;
  if (!unreadable.has(layer)) unreadable.set(layer, what);
  return undefined;
}

/** One action as it stands in the block; what its keys held before is unknown so far. */
export function actionModel(
  action: LedgerAction,
  path: string,
  contents: Contents,
  unreadable: Unreadable,
): LedgerActionModel {
  const call = readable(action.call, `${path}: call`, unreadable);
  const response = readable(action.response, `${path}: proposal response`, unreadable);
  const answer = readable(action.action, `${path}: answer of the contract`, unreadable);
  const sets = readable(action.sets, `${path}: reads and writes`, unreadable);
  const event = action.event && readable(action.event, `${path}: event`, unreadable);
  readable(action.header, `${path}: header`, unreadable);
  const step = lifecycleStep(action);
  // Approvals are private to an organization; whoever knows the definition knows which keys they have.
  const known =
    step === undefined
      ? new Map<string, string>()
      : approvalKeys(step.definition.name, step.definition.sequence);
  // What the contract says it is includes the version that was endorsed; what the client asked for need not.
  const contract = answer?.chaincodeId ?? call?.chaincodeId;
  return {
    contract: contract ? { name: contract.name, version: contract.version, path: contract.path } : null,
    isInit: call?.input?.isInit ?? false,
    args: (call?.input?.args ?? []).map((arg, index) => contents.of(`${path}.args.${index}`, arg)),
    decorations: (call?.input?.decorations ?? []).map(({ name, value }, index) => ({
      name,
      value: contents.of(`${path}.decorations.${index}`, value),
    })),
    response: answer?.response
      ? {
          status: answer.response.status,
          message: answer.response.message,
          payload: contents.of(`${path}.response`, answer.response.payload),
        }
      : null,
    proposalHash: response ? hex(response.proposalHash) : null,
    namespaces: (sets ?? []).map((set, index) =>
      namespaceModel(set, `${path}.namespaces.${index}`, contents, known),
    ),
    event: event
      ? {
          name: event.name,
          contract: event.chaincodeId,
          payload: contents.of(`${path}.event`, event.payload),
        }
      : null,
    endorsements: action.endorsements.map(({ endorser, signature }) => ({
      endorser: identityModel(endorser),
      signature: hex(signature),
    })),
    lifecycle: step === undefined ? null : lifecycleStepInWords(step),
  };
}

function namespaceModel(
  { namespace, public: set, collections }: NamespaceSet,
  path: string,
  contents: Contents,
  known: ReadonlyMap<string, string>,
): LedgerNamespace {
  const inWords = (key: string): string | null =>
    (namespace === LIFECYCLE_NAMESPACE ? lifecycleKeyInWords(key) : undefined) ?? null;
  const read = ({ key, version }: Read): LedgerRead => ({
    key,
    words: inWords(key),
    version: versionModel(version),
  });
  const write = (one: Write, index: number): LedgerWrite => ({
    key: one.key,
    words: inWords(one.key),
    isDelete: deletes(one),
    value: contents.of(`${path}.writes.${index}`, one.value),
    valueWords:
      (namespace === LIFECYCLE_NAMESPACE ? lifecycleValueInWords(one.key, one.value) : undefined) ?? null,
    before: beforeOf(set.reads.find(({ key }) => key === one.key)),
  });
  return {
    name: namespace,
    reads: set.reads.map(read),
    rangeQueries: set.rangeQueries.map((query) => rangeModel(query, read)),
    writes: set.writes.map(write),
    metadataWrites: set.metadataWrites.map(({ key, entries }, index) => ({
      key,
      entries: entryModels(entries, `${path}.metadata.${index}`, contents),
    })),
    collections: collections.map((collection, index) =>
      collectionModel(collection, `${path}.collections.${index}`, contents, known),
    ),
  };
}

function beforeOf(read: Read | undefined): LedgerWrite['before'] {
  if (read === undefined) return { kind: 'unknown', reason: 'It was written without being read.' };
  if (read.version === undefined) return { kind: 'absent' };
  return { kind: 'unknown', reason: 'The block that wrote it before was not looked at.' };
}

const rangeModel = (
  { startKey, endKey, exhausted, rawReads, merkleSummary }: RangeQuery,
  read: (read: Read) => LedgerRead,
) => ({
  startKey,
  endKey,
  exhausted,
  reads: rawReads?.map(read) ?? null,
  merkle: merkleSummary
    ? {
        maxDegree: merkleSummary.maxDegree,
        maxLevel: merkleSummary.maxLevel,
        hashes: merkleSummary.maxLevelHashes.map(hex),
      }
    : null,
});

function collectionModel(
  { collection, privateHash, reads, writes, metadataWrites }: CollectionHashedSet,
  path: string,
  contents: Contents,
  known: ReadonlyMap<string, string>,
): LedgerCollection {
  const key = (keyHash: string) => {
    const hash = Buffer.from(keyHash, 'latin1').toString('hex');
    return { keyHash: hash, key: known.get(hash) ?? null };
  };
  return {
    name: collection,
    privateHash: hex(privateHash),
    reads: reads.map(({ keyHash, version }) => ({ ...key(keyHash), version: versionModel(version) })),
    writes: writes.map((write) => ({
      ...key(write.keyHash),
      kind: write.isPurge
        ? ('purge' as const)
        : deletesHashed(write)
          ? ('delete' as const)
          : ('write' as const),
      valueHash: hex(write.valueHash),
    })),
    metadataWrites: metadataWrites.map(({ keyHash, entries }, index) => ({
      keyHash: key(keyHash).keyHash,
      entries: entryModels(entries, `${path}.metadata.${index}`, contents),
    })),
  };
}

const entryModels = (entries: readonly MetadataEntry[], path: string, contents: Contents) =>
  entries.map(({ name, value }, index) => ({ name, value: contents.of(`${path}.${index}`, value) }));

export const versionModel = (version: Version | undefined): LedgerVersion | null =>
  version === undefined ? null : { block: String(version.block), position: version.tx };
