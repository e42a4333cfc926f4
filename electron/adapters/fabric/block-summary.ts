import { common, msp, peer } from '@hyperledger/fabric-protos';
import {
  blockData,
  blockHeader,
  blockHeaderHash,
  commitHash,
  transactionsFilter,
} from '../../../network/protocol/block';
import { parseEnvelope } from '../../../network/protocol/envelope';
import { validationCodeName } from '../../../network/protocol/validation-code';
import type { BlockSummary } from '../../api/models';

type TransactionSummary = BlockSummary['transactions'][number];

const NOT_VALIDATED = peer.TxValidationCode.NOT_VALIDATED;

/** The facts of a block and one line for each of its transactions. */
export function blockSummary(block: common.Block): BlockSummary {
  const header = blockHeader(block);
  const filter = transactionsFilter(block);
  const commit = commitHash(block);
  return {
    number: String(header.getNumber()),
    headerHash: blockHeaderHash(header).toString('hex'),
    previousHash: hex(header.getPreviousHash_asU8()),
    dataHash: hex(header.getDataHash_asU8()),
    commitHash: commit.length > 0 ? hex(commit) : null,
    transactions: blockData(block).map((envelope, index) =>
      transactionSummary(envelope, filter[index] ?? NOT_VALIDATED),
    ),
  };
}

function transactionSummary(bytes: Uint8Array, code: number): TransactionSummary {
  const { channelHeader, signatureHeader, data } = parseEnvelope(bytes);
  const creator = signatureHeader.getCreator_asU8();
  const call =
    channelHeader.getType() === common.HeaderType.ENDORSER_TRANSACTION ? calledFunction(data) : undefined;
  // Zero stands for none: nobody claims 1970.
  const claimed = channelHeader.getTimestamp();
  return {
    transactionId: channelHeader.getTxId(),
    type: headerTypeName(channelHeader.getType()),
    status: validationCodeName(code),
    code,
    creatorMspId: creator.length > 0 ? msp.SerializedIdentity.deserializeBinary(creator).getMspid() : null,
    contract: call?.contract ?? null,
    function: call?.function ?? null,
    claimedTime: claimed && claimed.getSeconds() > 0 ? claimed.toDate().toISOString() : null,
  };
}

/** Contract and function of the first action. */
function calledFunction(transaction: Uint8Array): { contract: string; function: string } | undefined {
  const [action] = peer.Transaction.deserializeBinary(transaction).getActionsList();
  if (!action) return undefined;
  const payload = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const proposal = peer.ChaincodeProposalPayload.deserializeBinary(
    payload.getChaincodeProposalPayload_asU8(),
  );
  const spec = peer.ChaincodeInvocationSpec.deserializeBinary(proposal.getInput_asU8()).getChaincodeSpec();
  const [name] = spec?.getInput()?.getArgsList_asU8() ?? [];
  return {
    contract: spec?.getChaincodeId()?.getName() ?? '',
    function: Buffer.from(name ?? new Uint8Array()).toString('utf8'),
  };
}

const headerTypeName = (type: number): string =>
  Object.entries(common.HeaderType).find(([, value]) => value === type)?.[0] ?? String(type);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
