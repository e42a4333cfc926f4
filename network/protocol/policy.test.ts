import { common, msp } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthority } from './fixtures/authority';
import { mspConfig } from './fixtures/msp-config';
import { Msp, MspManager } from './msp';
import { formatPolicy, parsePolicy, signaturePolicy, type SignedData } from './policy';
import { parsePrincipal, principalName } from './principal';
import { createSigner, type Signer } from './signing';

const organizations = Object.fromEntries(
  ['A', 'B', 'C'].map((name) => [name, createAuthority(`ca.${name}.example`)]),
);
const msps = new MspManager(
  Object.entries(organizations).map(
    ([name, authority]) => new Msp(mspConfig(`${name}MSP`, { roots: [authority.certificatePem] })),
  ),
);

function signer(organization: string, unit: string): Signer {
  const authority = organizations[organization];
  if (authority === undefined) throw new Error(`no organization ${organization}`);
  return createSigner({
    mspId: `${organization}MSP`,
    ...authority.issue({ commonName: `${unit}0`, units: [unit] }),
  });
}

const message = Buffer.from('message');
const signed = (by: Signer): SignedData => ({
  identity: by.creator,
  data: message,
  signature: by.sign(message),
});

const peerA = signer('A', 'peer');
const peerA2 = signer('A', 'peer');
const peerB = signer('B', 'peer');
const clientA = signer('A', 'client');
const peerC = signer('C', 'peer');

function verdict(policy: string, ...signers: Signer[]): boolean {
  return signaturePolicy(parsePolicy(policy), msps).evaluate(signers.map(signed)).satisfied;
}

describe('signature policies', () => {
  it('count who signed', () => {
    expect(verdict("OR('AMSP.peer','BMSP.peer')", peerB)).toBe(true);
    expect(verdict("OR('AMSP.peer','BMSP.peer')", peerC)).toBe(false);
    expect(verdict("AND('AMSP.peer', OR('BMSP.peer','CMSP.peer'))", peerC, peerA)).toBe(true);
    expect(verdict("AND('AMSP.peer', OR('BMSP.peer','CMSP.peer'))", peerA)).toBe(false);
    expect(verdict("OutOf(2, 'AMSP.member','BMSP.member','CMSP.member')", clientA, peerB)).toBe(true);
    expect(verdict("OutOf(0, 'AMSP.member')")).toBe(true);
  });

  it('count each signer once', () => {
    expect(verdict("AND('AMSP.peer','AMSP.peer')", peerA, peerA)).toBe(false);
    expect(verdict("AND('AMSP.peer','AMSP.peer')", peerA, peerA2)).toBe(true);
    expect(verdict("AND('AMSP.member','AMSP.client')", clientA)).toBe(false);
  });

  it('take identities in order, as genuine Fabric does, even where another order would satisfy', () => {
    // The first identity that is a member of A is used up by the first principal.
    expect(verdict("AND('AMSP.member','AMSP.client')", peerA, clientA)).toBe(true);
    expect(verdict("AND('AMSP.member','AMSP.client')", clientA, peerA)).toBe(false);
  });

  it('give back the identities of a branch that failed', () => {
    const policy = "OR(AND('AMSP.peer','CMSP.peer'), AND('AMSP.peer','BMSP.peer'))";
    expect(verdict(policy, peerA, peerB)).toBe(true);
  });

  it('do not count signatures that are wrong, over something else or of strangers', () => {
    const policy = signaturePolicy(parsePolicy("OR('AMSP.peer')"), msps);
    const right = signed(peerA);
    expect(policy.evaluate([{ ...right, data: Buffer.from('other') }])).toMatchObject({
      satisfied: false,
      reason: 'needs AMSP.peer; had no valid signature; the signature of AMSP.peer is invalid',
    });
    const stranger = createSigner({
      mspId: 'AMSP',
      ...createAuthority('ca.A.example').issue({ commonName: 'x', units: ['peer'] }),
    });
    expect(policy.evaluate([signed(stranger)]).reason).toMatch(
      /an identity of AMSP is not accepted \(.*certificate signed by unknown authority/,
    );
    expect(policy.evaluate([{ ...right, identity: Buffer.from('garbage') }]).satisfied).toBe(false);
  });

  it('say in words what was missing', () => {
    const policy = signaturePolicy(parsePolicy("AND('AMSP.peer', OR('BMSP.peer','CMSP.peer'))"), msps);
    expect(policy.evaluate([signed(peerB), signed(peerC)])).toEqual({
      satisfied: false,
      reason: 'needs AMSP.peer and one of (BMSP.peer, CMSP.peer); had BMSP.peer, CMSP.peer',
      message: 'signature set did not satisfy policy',
    });
  });

  it('that are malformed are refused when they are compiled', () => {
    const outOfRange = parsePolicy("OR('AMSP.peer')");
    outOfRange.clearIdentitiesList();
    expect(() => signaturePolicy(outOfRange, msps)).toThrow(
      'identity index out of range, requested 0, but identities length is 0',
    );
    expect(() => signaturePolicy(new common.SignaturePolicyEnvelope(), msps)).toThrow('Empty policy element');
    const future = parsePolicy("OR('AMSP.peer')");
    future.setVersion(1);
    expect(() => signaturePolicy(future, msps)).toThrow('version was 1');
  });
});

describe('the policy language', () => {
  const names = (policy: common.SignaturePolicyEnvelope): string[] =>
    policy.getIdentitiesList().map((principal) => principalName(parsePrincipal(principal)));

  it('numbers principals of nested gates first, as policydsl does', () => {
    expect(names(parsePolicy("AND('A.peer', OR('B.peer', 'C.admin'), 'A.peer')"))).toEqual([
      'B.peer',
      'C.admin',
      'A.peer',
      'A.peer',
    ]);
  });

  it('accepts its three spellings, both quotes and numbers as text', () => {
    const canonical = Buffer.from(parsePolicy("OutOf(2, 'A.member', 'B.client')").serializeBinary());
    for (const text of [
      'OUTOF( "2" ,"A.member",\n"B.client" )',
      "AND('A.member','B.client')",
      "And('A.member','B.client')",
      "and('A.member','B.client')",
    ]) {
      expect(Buffer.from(parsePolicy(text).serializeBinary()), text).toEqual(canonical);
    }
    expect(names(parsePolicy("OR('Org-1.example.orderer')"))).toEqual(['Org-1.example.orderer']);
  });

  it.each([
    ['', 'expected a complete policy'],
    ["'A.member'", 'a principal stands inside AND'],
    ['AND()', 'expected at least two arguments'],
    ["AND('A.member'", 'expected a complete policy, found the end'],
    ["AND('A.member' 'B.member')", "expected ',' or ')', found ''B.member')'"],
    ["AND('A.member',)", "expected a principal such as 'OrgMSP.peer'"],
    ["AND('A.member') or", 'expected nothing more'],
    ["XOR('A.member')", "unrecognized token 'XOR' in policy string"],
    ['AND(A.member)', "unrecognized token 'A.member' in policy string"],
    ["AND('A.chief')", "unrecognized token 'A.chief'"],
    ["AND('A_B.member')", "unrecognized token 'A_B.member'"],
    ["OutOf(4, 'A.member','B.member')", 'invalid t-out-of-n predicate, t 4, n 2'],
    ["OutOf('x', 'A.member')", 'expected a number of signatures'],
    ["OutOf(-1, 'A.member')", 'expected'],
  ])('refuses %j', (text, problem) => {
    expect(() => parsePolicy(text)).toThrow(problem);
  });

  it('is written back to what means the same', () => {
    const principal = fc
      .tuple(fc.constantFrom('A', 'Org-1.x'), fc.constantFrom('member', 'admin', 'client', 'peer', 'orderer'))
      .map(([name, role]) => `'${name}.${role}'`);
    const { policy } = fc.letrec<{ policy: string; rule: string }>((tie) => ({
      rule: fc.oneof({ maxDepth: 3 }, principal, tie('policy')),
      policy: fc
        .array(tie('rule'), { minLength: 1, maxLength: 4 })
        .chain((rules) =>
          fc
            .integer({ min: 0, max: rules.length + 1 })
            .map((count) => `OutOf(${[count, ...rules].join(', ')})`),
        ),
    }));
    fc.assert(
      fc.property(policy, (text) => {
        const parsed = parsePolicy(text);
        const again = parsePolicy(formatPolicy(parsed));
        expect(Buffer.from(again.serializeBinary())).toEqual(Buffer.from(parsed.serializeBinary()));
      }),
    );
  });

  it('names principals it cannot express', () => {
    const policy = parsePolicy("OR('A.member')");
    const unit = new msp.OrganizationUnit();
    unit.setMspIdentifier('A');
    unit.setOrganizationalUnitIdentifier('finance');
    const principal = new msp.MSPPrincipal();
    principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ORGANIZATION_UNIT);
    principal.setPrincipal(unit.serializeBinary());
    policy.setIdentitiesList([principal]);
    expect(formatPolicy(policy)).toBe('OR(<A with unit finance>)');
  });
});
