import { X509Certificate, verify } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { blockData } from './block';
import { createEnvelope, parseEnvelope } from './envelope';
import { createAuthority } from './fixtures/authority';
import { parkingBlocks, referenceBlock } from './fixtures/blocks';
import {
  computeTxId,
  createSignedProposal,
  createTransactionEnvelope,
  endorsedBytes,
  parseSignedProposal,
  proposalHash,
} from './proposal';
import { createSigner } from './signing';

const authority = createAuthority('ca.one.example');
const client = createSigner({ mspId: 'OneMSP', ...authority.issue({ commonName: 'User1' }) });
const other = createSigner({ mspId: 'OneMSP', ...authority.issue({ commonName: 'User2' }) });

function response(payload: string, endorser: string, status = 200): peer.ProposalResponse {
  const inner = new peer.Response();
  inner.setStatus(status);
  inner.setMessage('said so');
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(Buffer.from(endorser));
  endorsement.setSignature(Buffer.from('signature'));
  const message = new peer.ProposalResponse();
  message.setResponse(inner);
  message.setPayload(Buffer.from(payload));
  message.setEndorsement(endorsement);
  return message;
}

describe('transactions genuine clients and peers wrote', () => {
  const transactions = parkingBlocks
    .flatMap((number) => blockData(referenceBlock('parking-channel', number)))
    .map((bytes) => parseEnvelope(bytes))
    .filter(({ channelHeader }) => channelHeader.getType() === common.HeaderType.ENDORSER_TRANSACTION);

  it('have the id SHA-256(nonce ‖ creator)', () => {
    expect(transactions.length).toBeGreaterThan(10);
    for (const { channelHeader, signatureHeader } of transactions) {
      const txId = computeTxId(signatureHeader.getNonce_asU8(), signatureHeader.getCreator_asU8());
      expect(txId).toBe(channelHeader.getTxId());
    }
  });

  it('carry the hash of their proposal', () => {
    for (const { header, data } of transactions) {
      for (const action of peer.Transaction.deserializeBinary(data).getActionsList()) {
        const payload = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
        const endorsed = peer.ProposalResponsePayload.deserializeBinary(
          payload.getAction()?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
        );
        expect(proposalHash(header, payload.getChaincodeProposalPayload_asU8()).toString('base64')).toBe(
          endorsed.getProposalHash_asB64(),
        );
      }
    }
  });
});

describe('a signed proposal', () => {
  const created = createSignedProposal(client, {
    channelId: 'parking-channel',
    chaincode: 'parking',
    args: ['RegisterSpot', Buffer.from([0xff, 0x00])],
    transient: { secret: Buffer.from('hidden'), another: Buffer.from([1]) },
    timestamp: new Date('2026-11-22T08:45:44.123Z'),
  });

  it('is opened to what went in', () => {
    const parsed = parseSignedProposal(created.signedProposal);
    expect(parsed.txId).toBe(created.txId);
    expect(parsed.txId).toBe(computeTxId(parsed.nonce, client.creator));
    expect(parsed.channelId).toBe('parking-channel');
    expect(parsed.chaincode).toBe('parking');
    expect(parsed.args.map((arg) => Buffer.from(arg).toString('hex'))).toEqual([
      Buffer.from('RegisterSpot').toString('hex'),
      'ff00',
    ]);
    expect([...parsed.transient.keys()].sort()).toEqual(['another', 'secret']);
    expect(Buffer.from(parsed.transient.get('secret') ?? []).toString()).toBe('hidden');
    expect(parsed.channelHeader.getTimestamp()?.toDate().toISOString()).toBe('2026-11-22T08:45:44.123Z');
    const { publicKey } = new X509Certificate(client.certificatePem);
    expect(verify('sha256', parsed.proposalBytes, publicKey, parsed.signature)).toBe(true);
  });

  it('has a hash that does not cover transient data', () => {
    const parsed = parseSignedProposal(created.signedProposal);
    expect(proposalHash(parsed.header, parsed.proposal.getPayload_asU8())).toEqual(parsed.proposalHash);
    const stripped = peer.ChaincodeProposalPayload.deserializeBinary(parsed.proposal.getPayload_asU8());
    stripped.clearTransientmapMap();
    expect(proposalHash(parsed.header, stripped.serializeBinary())).toEqual(parsed.proposalHash);
  });

  it('becomes a transaction whose envelope shows no transient data', () => {
    const envelope = createTransactionEnvelope(client, created.proposal, [
      response('same', 'A'),
      response('same', 'B'),
      response('same', 'A'),
    ]);
    expect(Buffer.from(envelope.serializeBinary()).includes('hidden')).toBe(false);
    const [action] = peer.Transaction.deserializeBinary(parseEnvelope(envelope).data).getActionsList();
    const payload = peer.ChaincodeActionPayload.deserializeBinary(
      action?.getPayload_asU8() ?? new Uint8Array(),
    );
    expect(payload.getAction()?.getEndorsementsList()).toHaveLength(2);
    expect(parseEnvelope(envelope).channelHeader.getTxId()).toBe(created.txId);
  });

  it.each([
    ['no response', [], 'at least one proposal response is required'],
    [
      'different payloads',
      [response('one', 'A'), response('two', 'B')],
      'ProposalResponsePayloads do not match',
    ],
    ['a refusal', [response('one', 'A', 500)], 'error code 500, msg said so'],
  ])('is not assembled from %s', (_, responses, message) => {
    expect(() => createTransactionEnvelope(client, created.proposal, responses)).toThrow(message);
  });

  it('is not signed by another identity than its creator', () => {
    expect(() => createTransactionEnvelope(other, created.proposal, [response('one', 'A')])).toThrow(
      'signer must be the same as the one referenced in the header',
    );
  });
});

describe('malformed proposals', () => {
  const signed = (change: (proposal: peer.Proposal) => void): peer.SignedProposal => {
    const { proposal } = createSignedProposal(client, { channelId: 'c', chaincode: 'k', args: ['f'] });
    change(proposal);
    const message = new peer.SignedProposal();
    message.setProposalBytes(proposal.serializeBinary());
    return message;
  };

  it('are refused with the genuine texts', () => {
    const garbage = new peer.SignedProposal();
    garbage.setProposalBytes(Buffer.from('not a proposal'));
    expect(() => parseSignedProposal(garbage)).toThrow('error unmarshalling Proposal: proto:');
    expect(() => parseSignedProposal(signed((proposal) => proposal.setHeader('')))).toThrow(
      'ChaincodeHeaderExtension.ChaincodeId is nil',
    );
    expect(() => parseSignedProposal(signed((proposal) => proposal.setPayload('')))).toThrow(
      'chaincode invocation spec did not contain chaincode spec',
    );
    const { signedProposal } = createSignedProposal(client, { channelId: 'c', chaincode: '', args: ['f'] });
    expect(() => parseSignedProposal(signedProposal)).toThrow(
      'ChaincodeHeaderExtension.ChaincodeId.Name is empty',
    );
  });
});

describe('envelopes', () => {
  it('are signed over the payload', () => {
    const envelope = createEnvelope(client, {
      type: common.HeaderType.DELIVER_SEEK_INFO,
      channelId: 'parking-channel',
      data: Buffer.from('seek'),
      tlsCertHash: Buffer.alloc(32, 7),
    });
    const parsed = parseEnvelope(envelope.serializeBinary());
    expect(Buffer.from(parsed.data).toString()).toBe('seek');
    expect(Buffer.from(parsed.channelHeader.getTlsCertHash_asU8())).toEqual(Buffer.alloc(32, 7));
    expect(parsed.signatureHeader.getNonce_asU8()).toHaveLength(24);
    const { publicKey } = new X509Certificate(client.certificatePem);
    expect(verify('sha256', parsed.payload, publicKey, parsed.signature)).toBe(true);
  });

  it('without a signer are anonymous', () => {
    const parsed = parseEnvelope(
      createEnvelope(undefined, { type: 1, channelId: 'c', data: new Uint8Array() }),
    );
    expect(parsed.signature).toHaveLength(0);
    expect(parsed.signatureHeader.getCreator_asU8()).toHaveLength(0);
  });

  it('that are malformed are refused', () => {
    expect(() => parseEnvelope(Buffer.from([0x0a, 0x05, 0x01]))).toThrow('error unmarshalling Envelope');
    expect(() => parseEnvelope(new common.Envelope())).toThrow('envelope must have a Header');
  });

  it('endorsements cover payload and endorser', () => {
    expect(endorsedBytes(Buffer.from('ab'), Buffer.from('c')).toString()).toBe('abc');
  });
});
