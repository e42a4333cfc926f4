import { peer, type common } from '@hyperledger/fabric-protos';
import { beforeAll, describe, expect, it } from 'vitest';
import { genuineChain } from '../../embedded/peer/commit/genuine-chain';
import { referenceBlock } from '../fixtures/blocks';
import { ChainVerifier } from '../verification/chain-verifier';
import { MemoryPins } from '../verification/genesis-pins';
import type { VerifiedTransaction } from '../verification/verified';
import { explainTransaction, type Explanation } from './explain-transaction';
import { explainValidationCode } from './validation-words';

const chain = genuineChain();
const nameOf = (mspId: string): string => mspId.replace(/MSP$/, '');
const explained = new Map<string, Explanation>();

beforeAll(async () => {
  const verifier = new ChainVerifier('parking-channel', { pins: new MemoryPins() });
  for (const block of chain) {
    const verified = await verifier.verify(block);
    for (const transaction of verified.transactions.filter(({ recorded }) => recorded !== 0)) {
      const explanation = await explain(block, transaction);
      if (explanation === undefined)
        throw new Error(`${verified.number}:${transaction.position} is not explained`);
      explained.set(`${verified.number}:${transaction.position}`, explanation);
    }
  }
});

const explain = (block: common.Block, { position, staleRead, policyFailure }: Partial<VerifiedTransaction>) =>
  explainTransaction({
    block,
    position: position ?? 0,
    staleRead,
    policyFailure,
    earlier: (number) => Promise.resolve(chain[number]),
    most: 100,
    nameOf,
  });

describe('every transaction genuine peers found invalid', () => {
  it('is explained', () => {
    const counts: Record<string, number> = {};
    for (const { status } of explained.values()) counts[status] = (counts[status] ?? 0) + 1;
    expect(counts).toMatchInlineSnapshot(`
      {
        "BAD_COMMON_HEADER": 2,
        "BAD_HEADER_EXTENSION": 1,
        "BAD_PROPOSAL_TXID": 1,
        "BAD_RESPONSE_PAYLOAD": 1,
        "BAD_RWSET": 3,
        "DUPLICATE_TXID": 2,
        "ENDORSEMENT_POLICY_FAILURE": 23,
        "ILLEGAL_WRITESET": 1,
        "INVALID_CHAINCODE": 6,
        "INVALID_ENDORSER_TRANSACTION": 3,
        "INVALID_OTHER_REASON": 3,
        "MVCC_READ_CONFLICT": 21,
        "PHANTOM_READ_CONFLICT": 26,
      }
    `);
  });

  it.each([
    ['4:1', 'Someone changed n of probe first. Nothing was written.'],
    [
      '11:2',
      'Someone changed a private key (hash e8bc163c…) of secrets in probe first. Nothing was written.',
    ],
    ['7:1', 'A list that was read changed first, by b of probe. Nothing was written.'],
    ['7:3', 'A list that was read changed first, by m0050x of probe. Nothing was written.'],
    ['15:0', 'What it had read was no longer so. Nothing was written.'],
    ['8:0', '2 of ParkingOperator, UserService and CityManagement must endorse. Only ParkingOperator did.'],
    ['11:3', 'UserService must endorse. Only ParkingOperator and CityManagement did.'],
    ['22:0', 'ParkingOperator must endorse. Only UserService did.'],
    ['8:2', 'Transaction 1 of the same block has the same id. Nothing was written twice.'],
    ['23:4', 'Block 23 has it as invalid: BAD_RWSET.'],
  ])('%s: %s', (place, title) => {
    expect(explained.get(place)?.title).toBe(title);
  });

  it.each([
    [
      '4:1',
      'Transaction e7abcfde1bf299260fce2799713c82fab99eb86bb9dd27ca32762e98dd908414 wrote it in block 4; this one had read what was written in block 3, transaction 6 there.',
    ],
    [
      '8:0',
      'That is the policy of contract probe. Endorsed by ParkingOperatorMSP.peer. Nothing was written.',
    ],
    [
      '11:3',
      'That is the policy of collection keep of contract probe. Endorsed by ParkingOperatorMSP.peer and CityManagementMSP.peer. Nothing was written.',
    ],
    [
      '20:0',
      'That is the policy of key own of contract probe. Endorsed by ParkingOperatorMSP.peer and CityManagementMSP.peer. Nothing was written.',
    ],
    [
      '22:0',
      'That is the policy of the private key with hash 015f7e6b… of keep in probe. Endorsed by UserServiceMSP.peer. Nothing was written.',
    ],
    [
      '19:3',
      'Its endorsements do not satisfy the endorsement policy of the contract. Nothing was written. ParkingOperator and UserService endorsed it. The reason: validation parameters for key [a] in namespace [probe:] have been changed in this block.',
    ],
    [
      '25:4',
      "Its endorsements do not satisfy the endorsement policy of the contract. Nothing was written. ParkingOperator and UserService endorsed it. The reason: no org found in channel with MSPID 'GhostMSP'.",
    ],
  ])('%s in detail: %s', (place, detail) => {
    expect(explained.get(place)?.detail).toBe(detail);
  });

  it('names the transaction that wrote first', () => {
    const lost = [...explained.values()].filter(({ status }) => status === 'MVCC_READ_CONFLICT');
    // A value that expired, and reads that a client of this chain made up: nobody wrote.
    const nobody = lost.filter(({ conflict }) => conflict === undefined);
    expect(nobody.map(({ detail }) => detail)).toMatchInlineSnapshot(`
      [
        "The key with hash ad328846aa18b32a335816374511cac1063c704b8c57999e51da9f908290a7a4 of collection secrets of probe was read as block 10, transaction 0, wrote it; at commit it was absent. No transaction that wrote it was found in the 100 blocks before.",
        ""f2" of probe was read as block 18, transaction 2, wrote it; at commit it was absent. No transaction that wrote it was found in the 100 blocks before.",
        ""f3" of probe was read as block 28, transaction 1, wrote it; at commit it was absent. No transaction that wrote it was found in the 100 blocks before.",
        ""f0" of probe was read as block 8, transaction 1, wrote it; at commit it was absent. No transaction that wrote it was found in the 100 blocks before.",
      ]
    `);
    expect(lost).toHaveLength(21);
    expect(explained.get('4:1')?.conflict?.writer).toMatchObject({ block: 4, tx: 0 });
  });
});

describe('without the chain before', () => {
  it('the blocks themselves say what they can', async () => {
    const block = referenceBlock('parking-channel', 271);
    expect(await explain(block, {})).toMatchInlineSnapshot(`
      {
        "conflict": undefined,
        "detail": "Its endorsements do not satisfy the endorsement policy of the contract. Nothing was written. ParkingOperator endorsed it.",
        "hint": "Leave the endorsing organizations to the gateway, or name those the policy needs (\`cityflow contracts show\`).",
        "retryable": false,
        "status": "ENDORSEMENT_POLICY_FAILURE",
        "title": "Block 271 has it as invalid: ENDORSEMENT_POLICY_FAILURE.",
      }
    `);
    expect(await explain(referenceBlock('parking-channel', 270), {})).toBeUndefined();
  });
});

describe('every validation code', () => {
  it.each(Object.keys(peer.TxValidationCode))('%s has words of its own', (name) => {
    const { detail } = explainValidationCode(name);
    expect(detail).not.toContain('does not know');
    expect(detail).toMatch(/\.$/);
  });

  it('and one nobody knows is told as that', () => {
    expect(explainValidationCode('77').detail).toContain('the code 77, which this program does not know');
  });
});
