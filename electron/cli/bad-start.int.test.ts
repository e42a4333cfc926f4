import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandLine } from './testing/command-line';

let cityflow: CommandLine;
beforeEach(async () => {
  cityflow = await CommandLine.create();
});
afterEach(() => cityflow.close());

test('a wrong topology is answered with file, line, field and what was expected', async () => {
  await writeFile(cityflow.topologyFile, 'name: cityflow\nordering:\n  maxMessageCount: many\n');
  const problem = await cityflow.problem('up', '--detach');
  expect(problem.code).toBe('TOPOLOGY_INVALID');
  expect(problem.detail).toMatch(/topology\.yaml:3:\d+ ordering\.maxMessageCount: expected .*number.*found/i);
});

test('a home folder that cannot be created', async () => {
  const file = path.join(cityflow.home, 'a-file');
  await writeFile(file, '');
  const { exitCode, stdout } = await cityflow.run(['--json', 'up', '--detach'], { CITYFLOW_HOME: file });
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ problem: { code: 'HOME_UNUSABLE' } });
});

test('a home folder that may not be written', async ({ skip }) => {
  if (process.getuid?.() === 0) skip('root may write everywhere: run as another user');
  const home = path.join(cityflow.home, 'read-only');
  await mkdir(home, { mode: 0o500 });
  const { stdout } = await cityflow.run(['--json', 'up', '--detach'], { CITYFLOW_HOME: home });
  await chmod(home, 0o700);
  expect(JSON.parse(stdout)).toMatchObject({ problem: { code: 'HOME_UNUSABLE' } });
});

test('genuine programs that are not there', async () => {
  const { stdout } = await cityflow.run(['--json', 'up', '--detach', '--runtime', 'native'], {
    FABRIC_BIN: cityflow.home,
    PATH: cityflow.home,
  });
  expect(JSON.parse(stdout)).toMatchObject({ problem: { code: 'RUNTIME_UNAVAILABLE' } });
});

test('before the first start there is nothing, and that is said', async () => {
  expect(await cityflow.json('status')).toMatchObject({ state: 'stopped', runtime: null });
  expect(await cityflow.json('identities', 'list')).toEqual([]);
  expect(await cityflow.json('down')).toEqual({ stopped: 0 });
  expect(await cityflow.json('down', '--purge')).toEqual({ stopped: 0, deleted: [] });
  expect((await cityflow.problem('env', 'UserService/Admin')).code).toBe('UNKNOWN_IDENTITY');
});

test('damaged files of the home are told by name, and nothing else fails of them', async () => {
  const settings = path.join(cityflow.home, 'settings.json');
  const identity = path.join(cityflow.home, 'wallet', 'cityflow', 'UserService_late.json');
  await mkdir(path.dirname(identity), { recursive: true });
  await writeFile(settings, 'not json');
  await writeFile(identity, '{}');
  const { exitCode, stdout, stderr } = await cityflow.run(['status']);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`The settings are damaged. ${settings}: It is no JSON`);
  expect(stdout).toContain(`An identity of the wallet is damaged. ${identity}: It lacks organization`);
  expect(await cityflow.json('identities', 'list')).toEqual([]);
  expect(await readFile(identity, 'utf8')).toBe('{}');
});

test('names that would lead out of the home folder are wrong usage, told as JSON too', async () => {
  const { exitCode, stdout } = await cityflow.run(['--json', '--network', '../elsewhere', 'down', '--purge']);
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ problem: { code: 'BAD_REQUEST' } });
});

test('two starts at the same moment end with one network, and a damaged topology file does not keep it', async () => {
  const results = await Promise.all([
    cityflow.json<{ state: string }>('up', '--detach'),
    cityflow.json<{ state: string }>('up', '--detach'),
  ]);
  expect(results.map(({ state }) => state)).toEqual(['running', 'running']);
  await writeFile(path.join(cityflow.folder, 'topology.yaml'), 'name: [');
  await writeFile(cityflow.topologyFile, 'name: [');
  expect(await cityflow.json('down', '--purge')).toMatchObject({ stopped: 13 });
});

test('another network’s genesis under an existing ledger is refused', async () => {
  await cityflow.json('up', '--detach');
  await cityflow.json('down');
  for (const folder of ['organizations', 'genesis', 'packages']) {
    await rm(path.join(cityflow.folder, folder), { recursive: true });
  }
  const problem = await cityflow.problem('up', '--detach');
  expect(problem.code).toBe('NETWORK_FOREIGN_DATA');
  expect(problem.hint).toContain('--purge');
});

test('a certificate that does not belong to its CA is refused before anything starts', async () => {
  await cityflow.json('up', '--detach');
  await cityflow.json('down');
  const [organization, other] = ['parkingoperator', 'userservice'].map((name) =>
    path.join(cityflow.folder, 'organizations', 'peerOrganizations', `${name}.cityflow.com`),
  );
  const certificate = (folder: string, name: string) =>
    path.join(
      folder,
      'peers',
      `peer0.${name}.cityflow.com`,
      'msp',
      'signcerts',
      `peer0.${name}.cityflow.com-cert.pem`,
    );
  const { readFile } = await import('node:fs/promises');
  const foreign = await readFile(certificate(other ?? '', 'userservice'));
  await writeFile(certificate(organization ?? '', 'parkingoperator'), foreign);
  const problem = await cityflow.problem('up', '--detach');
  expect(problem.code).toBe('CERTIFICATE_INVALID');
  expect(problem.detail).toContain('peer0.parkingoperator');
});
