import { peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import type { GatewayEndorser } from './endorser';
import { EndorsementPlan } from './plan';

const endorser = (mspId: string, address: string): GatewayEndorser => ({
  mspId,
  address,
  local: false,
  processProposal: () => Promise.reject(new Error('not asked in this test')),
});

const response = (endorsedBy: string, payload = 'same'): peer.ProposalResponse => {
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(Buffer.from(endorsedBy));
  const answer = new peer.ProposalResponse();
  answer.setPayload(Buffer.from(payload));
  answer.setEndorsement(endorsement);
  return answer;
};

const [a0, a1, b0, c0] = [endorser('A', 'a0'), endorser('A', 'a1'), endorser('B', 'b0'), endorser('C', 'c0')];
const groups = new Map([
  ['A', [a0, a1]],
  ['B', [b0]],
  ['C', [c0]],
]);
const layout = (...names: string[]): Map<string, number> => new Map(names.map((name) => [name, 1]));

describe('an endorsement plan', () => {
  it('is complete once every group of a layout has endorsed', () => {
    const plan = new EndorsementPlan([layout('A', 'B')], groups);
    expect(plan.nextEndorsers()).toEqual([a0, b0]);
    plan.accept(a0, response('a0'));
    expect(plan.responses).toBeUndefined();
    plan.accept(b0, response('b0'));
    expect(plan.responses).toHaveLength(2);
  });

  it('offers the other peer of an organization when one fails', () => {
    const plan = new EndorsementPlan([layout('A')], groups);
    plan.nextEndorsers();
    expect(plan.alternativeTo(a0)).toBe(a1);
    expect(plan.alternativeTo(a1)).toBeUndefined();
    expect(plan.nextEndorsers()).toEqual([]);
  });

  it('goes on with another layout when a group is exhausted, keeping what was collected', () => {
    const plan = new EndorsementPlan([layout('A', 'B'), layout('A', 'C')], groups);
    plan.nextEndorsers();
    plan.accept(a0, response('a0'));
    plan.fail(b0, 'down');
    expect(plan.alternativeTo(b0)).toBeUndefined();
    expect(plan.nextEndorsers()).toEqual([c0]);
    plan.accept(c0, response('c0'));
    expect(plan.responses).toHaveLength(2);
    expect(plan.failures).toEqual([{ address: 'b0', mspId: 'B', message: 'down' }]);
  });

  it('does not count an endorsement of another result', () => {
    const plan = new EndorsementPlan([layout('A', 'B')], groups);
    plan.nextEndorsers();
    plan.accept(a0, response('a0'));
    expect(plan.accept(b0, response('b0', 'different'))).toBe(false);
    expect(plan.failures[0]?.message).toBe('ProposalResponsePayloads do not match');
    expect(plan.responses).toBeUndefined();
  });

  it('does not ask the first endorser again', () => {
    const plan = new EndorsementPlan([layout('A', 'B')], groups);
    plan.accept(a1, response('a1'));
    expect(plan.nextEndorsers()).toEqual([b0]);
  });
});
