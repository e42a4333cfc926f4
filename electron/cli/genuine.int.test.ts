import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { NetworkStatus } from '../api/models';
import { CommandLine, genuineMissing } from './testing/command-line';

const run = promisify(execFile);

describe('cityflow demo', () => {
  test.for([
    ['on nine genuine nodes', ['--runtime', 'native'], 9],
    ['with embedded peers under a genuine orderer', ['--native', 'orderer.cityflow.com'], 1],
  ] as const)('%s', { timeout: 240_000 }, async ([, options, genuineNodes], { skip }) => {
    if (genuineMissing) skip(genuineMissing);
    const cityflow = await CommandLine.create();
    try {
      const { steps } = await cityflow.json<{ steps: number }>('demo', ...options);
      expect(steps).toBeGreaterThan(30);
      const { nodes } = await cityflow.json<NetworkStatus>('status');
      expect(nodes.filter(({ program }) => program === 'genuine')).toHaveLength(genuineNodes);
    } finally {
      await cityflow.close();
    }
  });
});

/** The genuine commands against embedded nodes, with nothing but what `cityflow env` exports. */
test(
  'genuine peer and osnadmin commands work on the embedded network',
  { timeout: 240_000 },
  async ({ skip }) => {
    if (genuineMissing) skip(genuineMissing);
    const cityflow = await CommandLine.create();
    try {
      await cityflow.json('up', '--detach');
      const bin = process.env['FABRIC_BIN'] ?? '';
      const environmentOf = async (identity: string) =>
        (await cityflow.json<{ variables: Record<string, string> }>('env', identity)).variables;
      const admin = await environmentOf('ParkingOperator/Admin');
      const operator = await environmentOf('ParkingOperator/operator');
      const peer = async (variables: Record<string, string>, ...args: string[]) => {
        const { stdout, stderr } = await run(path.join(bin, 'peer'), args, {
          env: { ...process.env, ...variables },
        });
        return stdout + stderr;
      };
      const orderer = ['-o', admin['ORDERER_ADDRESS'] ?? '', '--tls', '--cafile', admin['ORDERER_CA'] ?? ''];
      const neighbour = await environmentOf('UserService/Admin');
      const endorsers = [admin, neighbour].flatMap((variables) => [
        '--peerAddresses',
        variables['CORE_PEER_ADDRESS'] ?? '',
        '--tlsRootCertFiles',
        variables['CORE_PEER_TLS_ROOTCERT_FILE'] ?? '',
      ]);

      expect(await peer(admin, 'channel', 'list')).toMatch(/parking-channel/);
      expect(await peer(admin, 'channel', 'getinfo', '-c', 'parking-channel')).toMatch(/"height":3/);
      const block = path.join(cityflow.home, 'newest.block');
      await peer(admin, 'channel', 'fetch', 'newest', block, '-c', 'parking-channel', ...orderer);
      await peer(admin, 'channel', 'fetch', '0', block, '-c', 'parking-channel');
      await expect(peer(admin, 'channel', 'join', '-b', block)).rejects.toThrow(/already exists/);

      expect(await peer(admin, 'lifecycle', 'chaincode', 'queryinstalled')).toMatch(/parking_1\.0:/);
      expect(await peer(admin, 'lifecycle', 'chaincode', 'querycommitted', '-C', 'parking-channel')).toMatch(
        /Name: parking, Version: 1\.0, Sequence: 1/,
      );
      const definition = ['-C', 'parking-channel', '-n', 'parking', '-v', '1.0', '--sequence', '2'];
      const approvals = () => peer(admin, 'lifecycle', 'chaincode', 'checkcommitreadiness', ...definition);
      expect(await approvals()).toMatch(/ParkingOperatorMSP: false/);
      const installed = await peer(admin, 'lifecycle', 'chaincode', 'queryinstalled');
      const packageId = /Package ID: (parking_1\.0:[0-9a-f]+)/.exec(installed)?.[1] ?? '';
      for (const variables of [admin, neighbour]) {
        await peer(
          variables,
          'lifecycle',
          'chaincode',
          'approveformyorg',
          ...definition,
          '--package-id',
          packageId,
          ...orderer,
        );
      }
      expect(await approvals()).toMatch(/ParkingOperatorMSP: true/);
      await peer(admin, 'lifecycle', 'chaincode', 'commit', ...definition, ...orderer, ...endorsers);
      expect(await peer(admin, 'lifecycle', 'chaincode', 'querycommitted', '-C', 'parking-channel')).toMatch(
        /Sequence: 2/,
      );

      const chaincode = ['-C', 'parking-channel', '-n', 'parking'];
      const invoke = JSON.stringify({ Args: ['RegisterSpot', 'SPOT-GENUINE', 'centre', 'street', '250'] });
      expect(
        await peer(
          operator,
          'chaincode',
          'invoke',
          ...chaincode,
          '-c',
          invoke,
          '--waitForEvent',
          ...orderer,
          ...endorsers,
        ),
      ).toMatch(/status:200/);
      const query = JSON.stringify({ Args: ['GetSpot', 'SPOT-GENUINE'] });
      expect(await peer(operator, 'chaincode', 'query', ...chaincode, '-c', query)).toMatch(/SPOT-GENUINE/);

      const { stdout } = await run(path.join(bin, 'osnadmin'), [
        'channel',
        'list',
        '-o',
        admin['OSN_ADMIN_ADDRESS'] ?? '',
        '--ca-file',
        admin['OSN_TLS_CA_ROOT_CERT'] ?? '',
        '--client-cert',
        admin['OSN_TLS_CLIENT_CERT'] ?? '',
        '--client-key',
        admin['OSN_TLS_CLIENT_KEY'] ?? '',
      ]);
      expect(stdout).toMatch(/wallet-channel/);
      expect(await cityflow.json('verify', 'parking-channel')).toMatchObject({ ok: true });
    } finally {
      await cityflow.close();
    }
  },
);
