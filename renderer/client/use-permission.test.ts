import { expect, test } from 'vitest';
import { mayCall, refusalOf } from './use-permission';

test('a role may do what it needs, and what lower roles may', () => {
  expect(mayCall('viewer', 'network.status')).toBe(true);
  expect(mayCall('viewer', 'node.stop')).toBe(false);
  expect(mayCall('operator', 'transaction.submit')).toBe(true);
  expect(mayCall('operator', 'node.stop')).toBe(false);
  expect(mayCall('admin', 'node.stop')).toBe(true);
});

test('who may not is told who may', () => {
  expect(refusalOf('viewer', 'transaction.submit')).toBe(
    'Only an operator may do this. You are signed in as a viewer.',
  );
});
