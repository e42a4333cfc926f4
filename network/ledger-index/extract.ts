import { textOf, Undecodable } from '../protocol/inspection/layer';
import type { LedgerAction } from '../protocol/inspection/ledger-action';
import type { LedgerBlock } from '../protocol/inspection/ledger-block';
import type { LedgerTransaction } from '../protocol/inspection/ledger-transaction';
import { deletes, type Write } from '../protocol/read-write-set';
import { VALID } from '../protocol/validation-code';
import type { BlockEntry, ClaimedTime, TouchedKey, TransactionEntry } from './records';
import {
  codeTerm,
  contractTerm,
  creatorTerm,
  eventTerm,
  functionTerm,
  idTerm,
  keyPrefixTerms,
  keyTerm,
  organizationTerm,
  timeTerms,
  typeTerm,
  wordTerm,
} from './terms';
import { addWords, beginningOf } from './words';

/** Free text is searched in the first 32 KiB of a transaction's arguments and values, in UTF-16 units. */
export const TEXT_BOUND = 32 * 1024;
/** A function with a longer name is none. */
const FUNCTION_LENGTH = 256;

export interface CommittedWrite {
  readonly contract: string;
  readonly key: string;
  readonly deleted: boolean;
  readonly value: Uint8Array;
}

/** All that the index takes of a transaction. */
export interface ExtractedTransaction {
  readonly entry: TransactionEntry;
  readonly terms: ReadonlySet<string>;
  readonly texts: readonly string[];
  /** What it did to world state: nothing, where it is not valid. */
  readonly writes: readonly CommittedWrite[];
}

export function extractBlock(block: LedgerBlock, bytes: number): BlockEntry {
  const [first] = block.transactions;
  return {
    number: block.number,
    headerHash: Buffer.from(block.headerHash),
    transactions: block.transactions.length,
    invalid: block.transactions.filter(({ code }) => code !== undefined && code !== VALID).length,
    bytes,
    claimedTime: first && claimedTimeOf(first),
    configuration: first?.content.kind === 'configuration',
  };
}

export function extractTransaction(transaction: LedgerTransaction): ExtractedTransaction {
  const { actions, creator, code, type = '', id = '' } = transaction;
  const mspId = creator?.mspId ?? '';
  const subject = creator?.certificate?.subject ?? '';
  const claimedTime = claimedTimeOf(transaction);
  const terms = new Set([codeTerm(code)]);
  if (type !== '') terms.add(typeTerm(type));
  if (id !== '') terms.add(idTerm(id));
  if (creator !== undefined) terms.add(creatorTerm(mspId, subject)).add(organizationTerm(mspId));
  if (claimedTime !== undefined) for (const term of timeTerms(claimedTime.seconds)) terms.add(term);

  const contracts = new Set<string>();
  const functions = new Set<string>();
  const events = new Set<string>();
  const keys = new Map<string, TouchedKey>();
  const texts = new Texts();
  if (transaction.contract !== undefined) contracts.add(transaction.contract.name);
  for (const action of actions) {
    const { call, event } = action;
    if (!(call instanceof Undecodable)) {
      if (call.chaincodeId !== undefined) contracts.add(call.chaincodeId.name);
      const [name] = call.input?.args ?? [];
      const text = name && name.length <= FUNCTION_LENGTH ? textOf(name) : undefined;
      if (text !== undefined) functions.add(text);
      for (const argument of call.input?.args ?? []) texts.add(argument);
    }
    if (event !== undefined && !(event instanceof Undecodable)) events.add(event.name);
    collectSets(action, keys, texts);
  }
  contracts.delete('');
  for (const name of contracts) terms.add(contractTerm(name));
  for (const name of functions) terms.add(functionTerm(name));
  for (const name of events) terms.add(eventTerm(name));
  for (const [term, { contract, key }] of keys) {
    terms.add(term);
    for (const prefix of keyPrefixTerms(contract, key)) terms.add(prefix);
  }
  for (const word of texts.words()) terms.add(wordTerm(word));

  const entry: TransactionEntry = {
    ...{ id, type, mspId, subject, claimedTime, code, textCut: texts.cut },
    contract: [...contracts][0] ?? '',
    function: [...functions][0] ?? '',
    events: [...events],
    keys: [...keys.values()],
  };
  return { entry, terms, texts: texts.all, writes: code === VALID ? writesOf(actions) : [] };
}

function collectSets(action: LedgerAction, keys: Map<string, TouchedKey>, texts: Texts): void {
  const { sets } = action;
  if (sets instanceof Undecodable) return;
  for (const { namespace: contract, public: own } of sets) {
    for (const touched of [own.reads, own.writes, own.metadataWrites]) {
      for (const { key } of touched) keys.set(keyTerm(contract, key), { contract, key });
    }
    for (const { value } of own.writes) texts.add(value);
  }
}

/** A valid transaction has one action. */
function writesOf([action]: readonly LedgerAction[]): CommittedWrite[] {
  const sets = action?.sets;
  if (sets === undefined || sets instanceof Undecodable) return [];
  return sets.flatMap(({ namespace: contract, public: own }) =>
    [...lastWrites(own.writes)].map((write) => ({
      contract,
      key: write.key,
      deleted: deletes(write),
      value: write.value,
    })),
  );
}

const lastWrites = (writes: readonly Write[]): Iterable<Write> =>
  writes.length < 2 ? writes : new Map(writes.map((write) => [write.key, write])).values();

function claimedTimeOf({ channelHeader }: LedgerTransaction): ClaimedTime | undefined {
  if (channelHeader instanceof Undecodable) return undefined;
  const { seconds, nanos } = channelHeader.timestamp;
  // Nobody claims 1970; a negative number stands there as one that is no safe integer.
  return seconds > 0 && Number.isSafeInteger(seconds) && nanos >= 0 && nanos < 1e9
    ? { seconds, nanos }
    : undefined;
}

/** Texts of one transaction, as far as they are searched. */
class Texts {
  readonly all: string[] = [];
  cut = false;
  #room = TEXT_BOUND;

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#room === 0) {
      this.cut = true;
      return;
    }
    const text = textOf(bytes);
    if (text === undefined) return;
    this.cut ||= text.length > this.#room;
    const kept = beginningOf(text, this.#room);
    this.#room -= kept.length;
    this.all.push(kept);
  }

  words(): Set<string> {
    const words = new Set<string>();
    for (const text of this.all) addWords(text, words);
    return words;
  }
}
