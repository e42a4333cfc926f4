import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildContracts, contractNames } from './build.mjs';
import { channelOf, contractClasses, type ContractName } from './simulation/city';
import { startContract, type ContractProcess } from './simulation/contract-process';
import { functionsOf } from './simulation/functions';
import { identities } from './simulation/identities';
import { Ledger } from './simulation/ledger';
import { propose } from './simulation/proposal';
import { everyFunction } from './simulation/script';
import { ShimPeer } from './simulation/shim-peer';
import { Simulator } from './simulation/simulator';
import { issueServerCertificate } from './simulation/tls';

/** The programs as they are shipped: compiled, bundled, one process each, spoken to as a peer does. */
const folder = mkdtempSync(path.join(tmpdir(), 'contracts-'));
const names = Object.keys(contractClasses) as ContractName[];

beforeAll(async () => {
  await buildContracts(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const noOtherChannel = (): Promise<never> => Promise.reject(new Error('no other channel here'));

async function stop({ child, ended }: ContractProcess): Promise<void> {
  child.kill('SIGTERM');
  await ended;
}

describe('the metadata of the bundle', () => {
  interface Metadata {
    info: { title: string; version: string };
    contracts: Record<
      string,
      {
        info: { title: string; description: string; version: string };
        transactions: {
          name: string;
          tag: string[];
          description: string;
          returns: { $ref?: string; items?: { $ref: string } };
          parameters: { name: string; description: string; schema: object }[];
        }[];
      }
    >;
    components: { schemas: Record<string, object> };
  }

  it('is asked for every contract there is', () => {
    expect(contractNames.sort()).toEqual([...names].sort());
  });

  it.each(names)('of %s names every function with its parameters, types and tag', async (name) => {
    const program = await startContract(folder, name);
    const peer = await ShimPeer.connect(program.address, credentials.createInsecure());
    expect(peer.registeredAs).toBe(`${name}_1.0:test`);
    const proposal = propose({
      identity: identities.auditor,
      channel: channelOf(name),
      contract: name,
      args: ['org.hyperledger.fabric:GetMetadata'],
      time: Date.now(),
    });
    const answer = await peer.call(channelOf(name), proposal, new Simulator(new Ledger()), noOtherChannel);
    peer.close();
    await stop(program);

    const metadata = JSON.parse(answer.payload) as Metadata;
    const contract = metadata.contracts[name];
    expect(contract?.info).toMatchObject({ title: name, version: '1.0' });
    expect(contract?.info.description).not.toBe('');
    // The unbundled source is what the bundle is held against.
    const expected = functionsOf(name).map((called) => ({
      name: called.name,
      parameters: sourceParameters(name, called.name),
      tag: called.evaluateOnly ? ['EVALUATE'] : ['SUBMIT', 'submitTx'],
    }));
    expect(
      contract?.transactions.map((called) => ({
        name: called.name,
        parameters: called.parameters.map((parameter) => parameter.name),
        tag: called.tag,
      })),
    ).toEqual(expected);
    for (const { description, parameters, returns } of contract?.transactions ?? []) {
      expect(description).not.toBe('');
      for (const parameter of parameters) {
        expect(parameter.description).not.toBe('');
        expect(parameter.schema).toHaveProperty('type');
      }
      const type = (returns.$ref ?? returns.items?.$ref ?? '').replace('#/components/schemas/', '');
      expect(Object.keys(metadata.components.schemas)).toContain(type);
    }
  });

  /** Parameter names as the function itself has them, without its context. */
  function sourceParameters(name: ContractName, called: string): string[] {
    const prototype = contractClasses[name].prototype as unknown as Record<string, () => unknown>;
    const [, list = ''] = /\(([^)]*)\)/.exec(String(prototype[called])) ?? [];
    return list
      .split(',')
      .map((parameter) => parameter.trim())
      .filter((parameter) => parameter !== '' && parameter !== 'ctx');
  }
});

describe('two processes of a contract', () => {
  const shift = path.join(folder, 'shift-clock.cjs');
  const minutes = 60_000;
  const places = [
    {
      TZ: 'Pacific/Kiritimati',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      CLOCK_OFFSET: String(4 * minutes),
    },
    { TZ: 'America/St_Johns', LANG: 'C', LC_ALL: 'C', CLOCK_OFFSET: String(-4 * minutes) },
  ];
  let programs: { name: ContractName; process: ContractProcess; peer: ShimPeer }[];

  beforeAll(async () => {
    writeFileSync(
      shift,
      `const Real = Date, offset = Number(process.env.CLOCK_OFFSET);
       globalThis.Date = class Date extends Real {
         constructor(...parts) { parts.length > 0 ? super(...parts) : super(Real.now() + offset); }
         static now() { return Real.now() + offset; }
       };`,
    );
    programs = await Promise.all(
      names.flatMap((name) =>
        places.map(async (place) => {
          const environment = { CHAINCODE_TLS_DISABLED: 'true', ...place };
          const process = await startContract(folder, name, environment, ['--require', shift]);
          const peer = await ShimPeer.connect(process.address, credentials.createInsecure());
          return { name, process, peer };
        }),
      ),
    );
  });
  afterAll(async () => {
    for (const { peer, process } of programs) {
      peer.close();
      await stop(process);
    }
  });

  it('with other clocks, locales and time zones answer and write the same for every function', async () => {
    const ledgers = new Map(names.map((name) => [name, new Ledger()]));
    const now = Date.now();
    const succeeded = new Set<string>();
    const refused = new Set<string>();
    for (const [as, contract, call, ...args] of everyFunction(now)) {
      const ledger = ledgers.get(contract) ?? new Ledger();
      const time = Date.now();
      const proposal = propose({
        identity: identities[as],
        channel: channelOf(contract),
        contract,
        args: [call, ...args.map(String)],
        time,
      });
      const outcomes = [];
      for (const [index, { peer }] of programs.filter(({ name }) => name === contract).entries()) {
        const wallet = programs.filter(({ name }) => name === 'wallet')[index]?.peer;
        const simulator = new Simulator(ledger);
        const completion = await peer.call(
          channelOf(contract),
          proposal,
          simulator,
          async (target, targetArgs) => {
            expect(target).toBe('wallet/wallet-channel');
            const input = propose({
              identity: identities[as],
              channel: '',
              contract,
              args: targetArgs,
              time,
            }).input;
            const inner = new Simulator(ledgers.get('wallet') ?? new Ledger());
            if (wallet === undefined) throw new Error('no wallet process');
            const { payload, ...answer } = await wallet.call(
              'wallet-channel',
              { ...proposal, input },
              inner,
              noOtherChannel,
            );
            return { ...answer, payload: Buffer.from(payload) };
          },
        );
        outcomes.push({ completion, readWriteSet: simulator.readWriteSet });
      }
      const [first, second] = outcomes;
      expect(first?.completion, call).toEqual(second?.completion);
      expect(first?.readWriteSet, call).toEqual(second?.readWriteSet);
      if (first === undefined || first.completion.status >= 400) {
        refused.add(first?.completion.message.split(':')[0] ?? '');
        continue;
      }
      succeeded.add(`${contract}.${call}`);
      // A change is told by one event; a repeated call changes nothing and tells nothing.
      expect(first.completion.event !== undefined, call).toBe(first.readWriteSet.writes.size > 0);
      expect(ledger.commit([{ txId: proposal.txId, time, readWriteSet: first.readWriteSet }])).toEqual([
        'VALID',
      ]);
    }
    const all = names.flatMap((name) => functionsOf(name).map((called) => `${name}.${called.name}`));
    expect(all.filter((called) => !succeeded.has(called))).toEqual([]);
    expect(refused).toContain('PAYMENT_MISMATCH');
    expect(refused).toContain('IDEMPOTENCY_CONFLICT');
  });

  it('stay small', () => {
    for (const { process } of programs) {
      const kilobytes = Number(
        execFileSync('ps', ['-o', 'rss=', '-p', String(process.child.pid)]).toString(),
      );
      expect(kilobytes / 1024).toBeLessThan(100);
    }
  });
});

describe('the program', () => {
  it('serves over TLS with its certificate', async () => {
    const { certificatePem, certificateFile, keyFile } = await issueServerCertificate(folder);
    const program = await startContract(folder, 'user', {
      CHAINCODE_TLS_CERT: certificateFile,
      CHAINCODE_TLS_KEY: keyFile,
    });
    expect(program.log()).toMatch(
      /contract user 1\.0 serves user_1\.0:test on 127\.0\.0\.1:\d+ over TLS, pid \d+/,
    );
    const trusted = credentials.createSsl(Buffer.from(certificatePem));
    const peer = await ShimPeer.connect(program.address.replace('127.0.0.1', 'localhost'), trusted);
    expect(peer.registeredAs).toBe('user_1.0:test');
    peer.close();
    await stop(program);
  });

  it('refuses to serve in plain text unless told so', async () => {
    const program = await startContract(folder, 'user', {});
    expect(await program.ended).toBe(1);
    expect(program.log()).toMatch(
      /contract user cannot start: CHAINCODE_TLS_CERT is not set; set CHAINCODE_TLS_DISABLED=true/,
    );
  });

  it('says which address is taken', async () => {
    const first = await startContract(folder, 'user');
    const second = await startContract(folder, 'user', {
      CHAINCODE_TLS_DISABLED: 'true',
      CHAINCODE_SERVER_ADDRESS: first.address,
    });
    expect(await second.ended).toBe(1);
    expect(second.log()).toContain(`cannot start: cannot listen on ${first.address}`);
    await stop(first);
  });

  it('ends in good order on SIGTERM, and when its supervisor is gone', async () => {
    const asked = await startContract(folder, 'user');
    asked.child.kill('SIGTERM');
    expect(await asked.ended).toBe(0);
    const supervised = await startContract(folder, 'user', {
      CHAINCODE_TLS_DISABLED: 'true',
      CITYFLOW_SUPERVISED: '1',
    });
    supervised.child.stdin.end();
    expect(await supervised.ended).toBe(0);
    expect(supervised.log()).toContain('contract user stopped: its supervisor is gone');
  });
});
