import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { common } from '@hyperledger/fabric-protos';
import { stringify } from 'yaml';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blockHeader, configFromBlock } from './block';
import { decodeBlock } from './decode/block';
import { decodeEnvelope } from './decode/envelope';
import { signaturePolicyEnvelope } from './decode/identity-schemas';
import { decodeAs } from './decode/schema';
import { createEnvelope } from './envelope';
import { createAuthority } from './fixtures/authority';
import { referenceBlock } from './fixtures/blocks';
import { parsePolicy } from './policy';
import { createSigner } from './signing';

const binaries = process.env['FABRIC_BIN'];
const tool = (name: string): string => path.join(binaries ?? '', name);
const authority = createAuthority('ca.one.example');
const client = createSigner({
  mspId: 'OneMSP',
  ...authority.issue({ commonName: 'User1', units: ['client'] }),
});

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'genuine-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

beforeEach((context) => {
  if (binaries === undefined || !existsSync(tool('configtxgen'))) {
    context.skip('genuine Fabric binaries not found: set FABRIC_BIN');
  }
});

const REQUIRED = { Admins: "OR('A.admin')", Readers: "OR('A.member')", Writers: "OR('A.member')" };

/** Policies compiled by configtxgen, decoded; the organization's MSP is the one of `authority`. */
function genuinePolicies(policies: Readonly<Record<string, string>>): Record<string, unknown> {
  const mspFolder = path.join(folder, 'msp');
  mkdirSync(path.join(mspFolder, 'cacerts'), { recursive: true });
  mkdirSync(path.join(mspFolder, 'admincerts'), { recursive: true });
  writeFileSync(path.join(mspFolder, 'cacerts', 'ca.pem'), authority.certificatePem);
  writeFileSync(path.join(mspFolder, 'admincerts', 'admin.pem'), client.certificatePem);
  const rules = Object.fromEntries(
    Object.entries({ ...REQUIRED, ...policies }).map(([name, Rule]) => [name, { Type: 'Signature', Rule }]),
  );
  writeFileSync(
    path.join(folder, 'configtx.yaml'),
    stringify({ Organizations: [{ Name: 'One', ID: 'OneMSP', MSPDir: mspFolder, Policies: rules }] }),
  );
  const output = execFileSync(tool('configtxgen'), ['-printOrg', 'One', '-configPath', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const group = JSON.parse(output) as { policies: Record<string, { policy: { value: unknown } }> };
  return Object.fromEntries(
    Object.entries(group.policies).map(([name, entry]) => [name, entry.policy.value]),
  );
}

function genuineDecode(type: string, bytes: Uint8Array): unknown {
  const [input, output] = [path.join(folder, 'message.pb'), path.join(folder, 'message.json')];
  writeFileSync(input, bytes);
  execFileSync(tool('configtxlator'), [
    'proto_decode',
    `--type=${type}`,
    `--input=${input}`,
    `--output=${output}`,
  ]);
  return JSON.parse(readFileSync(output, 'utf8'));
}

describe('beside the genuine tools', () => {
  it('policies compile to the same', () => {
    const policies = {
      nested: "AND('A.peer', OR('B.peer', 'C.admin'), 'A.peer')",
      deep: "OR(AND('A.member', OutOf(1, 'B.client', AND('C.peer', 'D.orderer'))), 'E.member', AND('A.member'))",
      counted: "OutOf(2, 'A.member', 'B.member', 'C.member')",
      text: `outof("1", "A.member", 'B.member')`,
      none: "OutOf(0, 'A.member')",
      beyond: "OutOf(3, 'A.member', 'B.member')",
      dotted: "or('Org-1.example.member')",
    };
    const ours = Object.fromEntries(
      Object.entries(policies).map(([name, text]) => [
        name,
        decodeAs(signaturePolicyEnvelope, parsePolicy(text).serializeBinary()),
      ]),
    );
    expect(genuinePolicies(policies)).toMatchObject(ours);
  });

  it.each(["AND('A.chief')", 'AND(A.member)', "OutOf(4, 'A.member', 'B.member')", 'AND()', "'A.member'"])(
    'policy %s is refused by both',
    (text) => {
      expect(() => parsePolicy(text)).toThrow();
      expect(() => genuinePolicies({ wrong: text })).toThrow('invalid signature policy rule');
    },
  );

  it('a configuration update and its block decode to the same', () => {
    const config = configFromBlock(referenceBlock('parking-channel', 0));
    const update = new common.ConfigUpdate();
    update.setChannelId('parking-channel');
    update.setReadSet(config.getChannelGroup());
    update.setWriteSet(config.getChannelGroup());
    const signed = new common.ConfigUpdateEnvelope();
    signed.setConfigUpdate(update.serializeBinary());
    const signature = new common.ConfigSignature();
    const header = new common.SignatureHeader();
    header.setCreator(client.creator);
    signature.setSignatureHeader(header.serializeBinary());
    signature.setSignature(Buffer.from('signature'));
    signed.addSignatures(signature);
    const envelope = createEnvelope(client, {
      type: common.HeaderType.CONFIG_UPDATE,
      channelId: 'parking-channel',
      data: signed.serializeBinary(),
    });
    const bytes = envelope.serializeBinary();
    expect(decodeEnvelope(bytes)).toEqual(genuineDecode('common.Envelope', bytes));

    const configEnvelope = new common.ConfigEnvelope();
    configEnvelope.setConfig(config);
    configEnvelope.setLastUpdate(envelope);
    const block = referenceBlock('parking-channel', 0);
    blockHeader(block).setNumber(2 ** 53 - 1);
    block.getData()?.setDataList([
      createEnvelope(client, {
        type: common.HeaderType.CONFIG,
        channelId: 'parking-channel',
        data: configEnvelope.serializeBinary(),
        timestamp: new Date('2026-11-22T08:45:44.120Z'),
      }).serializeBinary(),
    ]);
    expect(decodeBlock(block.serializeBinary())).toEqual(
      genuineDecode('common.Block', block.serializeBinary()),
    );
  });
});
