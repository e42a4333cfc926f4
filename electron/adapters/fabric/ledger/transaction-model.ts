import { decodeEnvelope } from '../../../../network/protocol/decode/envelope';
import { sha256 } from '../../../../network/protocol/hash';
import type { Configuration } from '../../../../network/protocol/inspection/configuration';
import { Undecodable } from '../../../../network/protocol/inspection/layer';
import type { LedgerBlock } from '../../../../network/protocol/inspection/ledger-block';
import type { LedgerTransaction } from '../../../../network/protocol/inspection/ledger-transaction';
import { unknownFields } from '../../../../network/protocol/inspection/unknown-fields';
import { validationCodeName } from '../../../../network/protocol/validation-code';
import type { Endorsement } from '../../../api/models';
import type { LedgerActionModel, LedgerTransactionModel } from '../../../api/ledger-models';
import { actionModel, readable, type Unreadable } from './action-model';
import { NOT_VALIDATED } from '../block-summary';
import { configurationModel } from './configuration-model';
import { Contents, hex } from './contents';
import { identityModel } from './identity-model';

export interface PlacedTransaction {
  readonly channel: string;
  readonly block: LedgerBlock;
  readonly transaction: LedgerTransaction;
  /** The configuration before, for a transaction that brings one. */
  readonly previous: Configuration | undefined;
  readonly readFrom: string;
}

/** Everything that stands in the block about a transaction; why it is invalid, and what was before, is not in it. */
export function transactionModel(
  { channel, block, transaction, previous, readFrom }: PlacedTransaction,
  contents: Contents,
): LedgerTransactionModel {
  const { code = NOT_VALIDATED, creator } = transaction;
  const unreadable: Unreadable = new Map();
  const envelope = readable(transaction.envelope, 'envelope', unreadable);
  readable(transaction.payload, 'payload', unreadable);
  readable(transaction.channelHeader, 'channel header', unreadable);
  const signed = readable(transaction.signatureHeader, 'signature header', unreadable);
  if (transaction.content.kind === 'endorser transaction') {
    readable(transaction.content.actions, 'actions', unreadable);
  }
  const actions = transaction.actions.map((action, index) =>
    actionModel(action, `actions.${index}`, contents, unreadable),
  );
  const configuration = configurationModel(transaction, block.number === 0, previous, contents, unreadable);
  return {
    channel,
    blockNumber: String(block.number),
    position: transaction.position,
    transactionId: transaction.id ?? null,
    status: validationCodeName(code),
    code,
    type: transaction.type ?? null,
    claimedTime: transaction.claimedTime ?? null,
    creator: creator ? identityModel(creator) : null,
    nonce: signed ? hex(signed.nonce) : null,
    signature: envelope ? hex(envelope.signature) : null,
    size: transaction.bytes.length,
    contract: transaction.contract?.name ?? null,
    endorsement: endorsementOf(transaction, actions[0]),
    actions,
    configuration,
    explanation: null,
    undecodable: [...unreadable].map(([{ reason, bytes }, what], index) => ({
      what,
      reason,
      bytes: contents.of(`undecodable.${index}`, bytes),
    })),
    unknownFields: unknownFields(transaction).map(({ path, bytes }, index) => ({
      path,
      bytes: contents.of(`unknown.${index}`, bytes),
    })),
    readFrom,
  };
}

function endorsementOf(
  { actions }: LedgerTransaction,
  shown: LedgerActionModel | undefined,
): Endorsement | null {
  const payload = actions[0]?.payload;
  if (payload === undefined || payload instanceof Undecodable || shown === undefined) return null;
  return {
    endorsers: shown.endorsements.map(({ endorser: { mspId, commonName } }) => ({
      mspId,
      name: commonName ?? '',
    })),
    responseStatus: shown.response?.status ?? 0,
    responseHash: sha256(payload.action?.proposalResponsePayload ?? new Uint8Array()).toString('hex'),
  };
}

/** The bytes behind a part; undefined where the transaction has none of that name. */
export function partOf(placed: PlacedTransaction, part: string): Uint8Array | undefined {
  const { transaction } = placed;
  if (part === 'envelope') return transaction.bytes;
  if (part === 'json') return Buffer.from(JSON.stringify(decodeEnvelope(transaction.bytes)));
  const contents = new Contents();
  transactionModel(placed, contents);
  return contents.part(part);
}
