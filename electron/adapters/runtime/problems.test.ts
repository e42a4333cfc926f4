import { expect, test } from 'vitest';
import { EngineLostError } from '../../../network/runtime/docker/engine-unavailable';
import { NodeStartError, PortTakenError } from '../../../network/runtime/network-runtime';
import { ProblemError } from '../../core/problem';
import { declared } from '../../core/fakes';
import { runtimeProblem } from './problems';

const problemOf = (error: Error) => {
  const translated = runtimeProblem(error, { declared });
  if (!(translated instanceof ProblemError)) throw new Error('not translated');
  return translated.problem;
};

test.each([
  ['cannot write blocks: the disk is full', 'DISK_FULL'],
  ['block file blocks.dat is damaged at block 1: checksum mismatch', 'LEDGER_DAMAGED'],
  ['the certificate expired', 'CERTIFICATE_INVALID'],
  ['exited with code 7', 'NODE_FAILED'],
  ['exec: "peer": executable file not found in $PATH: unknown', 'NODE_FAILED'],
])('a node whose last words are "%s" has the problem %s', (words, code) => {
  const problem = problemOf(new NodeStartError('peer0.test', words));
  expect(problem.code).toBe(code);
  expect(problem.detail).toBe(words);
  expect(problem.hint).toContain('cityflow logs peer0.test');
});

test('an engine that died in the middle is told as that, and may be asked again', () => {
  const problem = problemOf(new EngineLostError('unix:///podman.sock', new Error('socket hang up')));
  expect(problem).toMatchObject({ code: 'RUNTIME_UNAVAILABLE', retryable: true });
  expect(problem.detail).toBe('the Docker engine at unix:///podman.sock does not answer: socket hang up.');
});

test('the holder of a port is named on one short line', () => {
  const { detail } = problemOf(
    new PortTakenError('peer0.test', 7051, {
      pid: 42,
      program: `python3 -c "first\nsecond${'x'.repeat(100)}"`,
    }),
  );
  expect(detail).toMatch(/^Process 42 \(python3 -c "first second.*…\) holds it\.$/);
  expect(detail.length).toBeLessThan(100);
});
