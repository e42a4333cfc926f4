import { expect, test } from 'vitest';
import { failedChecks } from './readiness';

test('a health report is told in words', () => {
  const report = {
    status: 'Service Unavailable',
    failed_checks: [{ component: 'ledger', reason: 'damaged' }],
  };
  expect(failedChecks(JSON.stringify(report))).toBe('ledger: damaged');
});

test('a report of another form is told as it is', () => {
  expect(failedChecks('busy\n')).toBe('busy');
  expect(failedChecks('{"status":"x"}')).toBe('{"status":"x"}');
});
