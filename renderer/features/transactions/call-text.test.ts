import { spawnSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { codeOf, commandOf } from './call-text';

const call = {
  as: 'ParkingOperator/operator',
  channel: 'parking-channel',
  contract: 'parking',
  function: 'RegisterSpot',
  args: ['SPOT-12', 'centre', 'street', '250'],
};

/** What a shell makes of the words behind `cityflow`. */
function words(command: string, env: Record<string, string> = {}): string[] {
  const script = command.replace(/^cityflow/, String.raw`printf '%s\0'`);
  const { stdout, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env });
  expect(status).toBe(0);
  return stdout.split('\0').slice(0, -1);
}

describe('the same call on the command line', () => {
  test('reads as one types it', () => {
    expect(commandOf('submit', call, [])).toBe(
      'cityflow submit \\\n    --as ParkingOperator/operator \\\n    --channel parking-channel \\\n    --contract parking \\\n    RegisterSpot SPOT-12 centre street 250',
    );
  });

  test('arrives word for word, whatever is in it', () => {
    const args = [
      '',
      "it's",
      '"quoted"',
      '$HOME `date` $(date)',
      'two\nlines',
      '*',
      '\\',
      '-5',
      'ünïcode 🚗',
      '#no',
    ];
    expect(words(commandOf('query', { ...call, args }, [])).slice(-12)).toEqual([
      '--',
      'RegisterSpot',
      ...args,
    ]);
  });

  test('names secrets instead of writing them, and who endorses', () => {
    const command = commandOf(
      'submit',
      { ...call, endorsingOrganizations: ['AMSP', 'BMSP'], transient: { 'pin code': 'hidden' } },
      ['pin code'],
    );
    expect(command).not.toContain('hidden');
    expect(words(command, { PIN_CODE: 'a b' })).toContain('pin code=a b');
    expect(command).toContain('--endorser AMSP \\\n    --endorser BMSP');
    expect(commandOf('query', { ...call, endorsingOrganizations: ['AMSP'] }, [])).not.toContain('--endorser');
  });
});

test('the same call as code is code, whatever is in it', () => {
  const args = ["it's", '"quoted"', '`${x}`', 'two\nlines', '\\', '\u2028'];
  const code = codeOf({ ...call, args, endorsingOrganizations: ['AMSP'], mspId: 'AMSP' }, ['pin']);
  const { diagnostics } = ts.transpileModule(code, { reportDiagnostics: true });
  expect(diagnostics).toEqual([]);
  for (const arg of args) {
    const literal = code.split('\n').find((line) => {
      const text = line.trim().replace(/,$/, '');
      return text.startsWith("'") && runInNewContext(text) === arg;
    });
    expect(literal, arg).toBeDefined();
  }
  expect(code).toContain("'pin': process.env['PIN'] ?? ''");
  expect(code.match(/endorsingOrganizations/g)).toHaveLength(1);
});
