import { common, msp, peer } from '@hyperledger/fabric-protos';
import { namespace, set, write } from '../../../embedded/peer/ledger/testing-blocks';
import { writeCommitMetadata } from '../../../embedded/peer/ledger/commit-metadata';
import { blockData, blockHeader, blockHeaderBytes, createBlock } from '../../block';
import { ChannelConfig } from '../../channel-config';
import { signatureHeaderOf, signPayload } from '../../envelope';
import { createAuthority, type Authority, type CertificateFields } from '../../fixtures/authority';
import { createSignedProposal, createTransactionPayload, endorsedBytes, proposalHash } from '../../proposal';
import { createSigner, type Signer } from '../../signing';
import { validationCode, VALID } from '../../validation-code';
import { blockTransactions } from '../../validation/block-transaction';
import { deterministicBytes, nextCommitHash } from '../../validation/commit-hash';
import { decodeMessage } from '../../wire';
import { updatesWithoutState } from '../commit-chain';

/**
 * A genuine channel in which the test has members of every organization, so that it can sign anew what it altered:
 * then nothing but the alteration is wrong.
 */
export class OwnMembers {
  readonly config: ChannelConfig;
  readonly #authority: Authority = createAuthority('ca of the test');

  constructor(genuine: ChannelConfig) {
    const config = common.Config.deserializeBinary(genuine.config.serializeBinary());
    const root = config.getChannelGroup() ?? new common.ConfigGroup();
    for (const kind of ['Application', 'Orderer']) {
      root
        .getGroupsMap()
        .get(kind)
        ?.getGroupsMap()
        .forEach((organization) => {
          this.#admit(organization);
        });
    }
    this.config = ChannelConfig.fromConfig(genuine.channelId, config);
  }

  #admit(organization: common.ConfigGroup): void {
    const value = organization.getValuesMap().get('MSP') ?? new common.ConfigValue();
    const config = msp.MSPConfig.deserializeBinary(value.getValue_asU8());
    const fabric = msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
    fabric.setRootCertsList([...fabric.getRootCertsList_asU8(), Buffer.from(this.#authority.certificatePem)]);
    const units = fabric.getFabricNodeOus();
    for (const unit of [
      units?.getClientOuIdentifier(),
      units?.getPeerOuIdentifier(),
      units?.getAdminOuIdentifier(),
      units?.getOrdererOuIdentifier(),
    ]) {
      // Units are bound to the organization's own authority otherwise.
      unit?.setCertificate('');
    }
    config.setConfig(fabric.serializeBinary());
    value.setValue(config.serializeBinary());
  }

  member(
    mspId: string,
    role: 'client' | 'peer' | 'orderer',
    validity: Pick<CertificateFields, 'notBefore' | 'notAfter'> = {},
  ): Signer {
    const issued = this.#authority.issue({ commonName: `${role} of the test`, units: [role], ...validity });
    return createSigner({ mspId, ...issued });
  }
}

export interface TransactionParts {
  readonly client: Signer;
  readonly endorsers: readonly Signer[];
  /** Alters the transaction before the client signs it. */
  readonly alter?: (payload: common.Payload) => void;
}

/** A transaction that writes one key of `probe`. */
export function writeTransaction({ client, endorsers, alter }: TransactionParts): common.Envelope {
  const fields = { channelId: 'parking-channel', chaincode: 'probe', args: ['put', 'mine', '1'] };
  const { proposal } = createSignedProposal(client, fields);
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName('probe');
  chaincodeId.setVersion('1.0');
  const action = new peer.ChaincodeAction();
  action.setChaincodeId(chaincodeId);
  const results = Buffer.concat([Buffer.from([0x12, 0]), namespace('probe', set(write('mine', '1')))]);
  results.writeUInt8(results.length - 2, 1);
  action.setResults(results);
  const payload = new peer.ProposalResponsePayload();
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  payload.setProposalHash(proposalHash(header, proposal.getPayload_asU8()));
  payload.setExtension$(action.serializeBinary());
  const responses = endorsers.map((endorser) => {
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(endorser.creator);
    endorsement.setSignature(endorser.sign(endorsedBytes(payload.serializeBinary(), endorser.creator)));
    const response = new peer.ProposalResponse();
    const status = new peer.Response();
    status.setStatus(200);
    response.setResponse(status);
    response.setPayload(payload.serializeBinary());
    response.setEndorsement(endorsement);
    return response;
  });
  const transaction = createTransactionPayload(proposal, responses);
  alter?.(transaction);
  return signPayload(client, transaction);
}

/** Opens the endorsed action of a transaction for a change, and closes it again. */
export function alterAction(
  payload: common.Payload,
  change: (action: peer.ChaincodeActionPayload) => void,
): void {
  const transaction = decodeMessage(peer.Transaction, payload.getData_asU8(), 'Transaction');
  const [action = new peer.TransactionAction()] = transaction.getActionsList();
  const inner = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  change(inner);
  action.setPayload(inner.serializeBinary());
  payload.setData(transaction.serializeBinary());
}

export interface BlockParts {
  readonly number: number;
  readonly previousHash: Uint8Array;
  readonly previousCommitHash: Uint8Array;
  readonly data: readonly Uint8Array[];
  readonly orderer: Signer;
  readonly lastConfiguration?: number;
}

/** A block as an orderer signs and a peer commits it, every transaction recorded as valid. */
export async function committedBlock(parts: BlockParts): Promise<common.Block> {
  const block = createBlock(parts.number, parts.previousHash, parts.data);
  signAsOrderer(block, parts.orderer, parts.lastConfiguration ?? 0);
  const codes = parts.data.map(() => VALID);
  const filter = Uint8Array.from(codes);
  const updates = await updatesWithoutState(parts.number, blockTransactions(parts.data), filter);
  if (updates === undefined) throw new Error('a test block changes no metadata');
  const hash = nextCommitHash(filter, deterministicBytes(updates), parts.previousCommitHash);
  writeCommitMetadata(block, codes.map(validationCode), hash);
  return block;
}

/** Signs header and last configuration anew. */
export function signAsOrderer(block: common.Block, orderer: Signer, lastConfiguration: number): void {
  const lastConfig = new common.LastConfig();
  lastConfig.setIndex(lastConfiguration);
  const value = new common.OrdererBlockMetadata();
  value.setLastConfig(lastConfig);
  const signatureHeader = signatureHeaderOf(
    orderer.creator,
    Buffer.from('nonce of the test'),
  ).serializeBinary();
  const signature = new common.MetadataSignature();
  signature.setSignatureHeader(signatureHeader);
  const signed = Buffer.concat([
    value.serializeBinary(),
    signatureHeader,
    blockHeaderBytes(blockHeader(block)),
  ]);
  signature.setSignature(orderer.sign(signed));
  const metadata = new common.Metadata();
  metadata.setValue(value.serializeBinary());
  metadata.setSignaturesList([signature]);
  setMetadata(block, common.BlockMetadataIndex.SIGNATURES, metadata.serializeBinary());
}

export function setMetadata(block: common.Block, index: number, entry: Uint8Array): void {
  const metadata = block.getMetadata() ?? new common.BlockMetadata();
  const entries = metadata.getMetadataList_asU8();
  entries[index] = entry;
  metadata.setMetadataList(entries);
  block.setMetadata(metadata);
}

export function withData(block: common.Block, data: readonly Uint8Array[]): void {
  const list = new common.BlockData();
  list.setDataList([...data]);
  block.setData(list);
}

export const copyOf = (block: common.Block): common.Block =>
  common.Block.deserializeBinary(block.serializeBinary());

export const envelopeAt = (block: common.Block, position: number): common.Envelope =>
  common.Envelope.deserializeBinary(blockData(block)[position] ?? new Uint8Array());
