import { common } from '@hyperledger/fabric-protos';
import { decodeReadWriteSet, type NamespaceSet } from '../read-write-set';
import { MalformedMessage } from '../strict-decoder';
import {
  endorsedTransaction,
  indexedTxId,
  openTransaction,
  type EndorsedTransaction,
  type TransactionFrame,
} from './transaction';

/** Where the channel configuration lies in state (core/peer/configtx_processor.go). */
export const CONFIG_NAMESPACE = '';
export const CONFIG_KEY = 'CHANNEL_CONFIG_ENV_BYTES';

/** One transaction of a block, each of its layers decoded once, when it is first asked for. */
export class BlockTransaction {
  readonly frame: TransactionFrame;
  #endorsed: EndorsedTransaction | MalformedMessage | undefined;
  #sets: NamespaceSet[] | MalformedMessage | undefined;

  constructor(
    /** Position in its block. */
    readonly position: number,
    encoded: Uint8Array,
  ) {
    this.frame = openTransaction(encoded);
  }

  /** Header type; undefined when the headers cannot be read. */
  get type(): number | undefined {
    return this.frame.channelHeader?.type;
  }

  /** Id under which it is indexed; empty when it has none. */
  get txId(): string {
    return indexedTxId(this.frame);
  }

  /** The endorsed action. Throws MalformedMessage. */
  endorsed(): EndorsedTransaction {
    const { payload } = this.frame;
    if (payload === undefined) throw new MalformedMessage('transaction has no payload');
    return unlessMalformed((this.#endorsed ??= attempt(() => endorsedTransaction(payload.data))));
  }

  /** Its read and write sets; a configuration transaction writes the configuration. Throws MalformedMessage. */
  sets(): NamespaceSet[] {
    return unlessMalformed((this.#sets ??= attempt(() => this.#decodeSets())));
  }

  #decodeSets(): NamespaceSet[] {
    if (this.type === common.HeaderType.ENDORSER_TRANSACTION) {
      return decodeReadWriteSet(this.endorsed().action.results);
    }
    if (this.type !== common.HeaderType.CONFIG || this.frame.payload === undefined) return [];
    const write = { key: CONFIG_KEY, isDelete: false, value: this.frame.payload.data };
    const publicSet = { reads: [], rangeQueries: [], writes: [write], metadataWrites: [] };
    return [{ namespace: CONFIG_NAMESPACE, public: publicSet, collections: [] }];
  }
}

export function blockTransactions(data: readonly Uint8Array[]): BlockTransaction[] {
  return data.map((encoded, position) => new BlockTransaction(position, encoded));
}

function attempt<T>(decode: () => T): T | MalformedMessage {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof MalformedMessage) return cause;
    throw cause;
  }
}

function unlessMalformed<T>(decoded: T | MalformedMessage): T {
  if (decoded instanceof MalformedMessage) throw decoded;
  return decoded;
}
