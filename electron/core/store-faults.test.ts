import { expect, test } from 'vitest';
import { StoreFaults } from './store-faults';
import type { CoreLife } from './store-faults';

const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
const detailOf = async (life: CoreLife) => {
  const faults = new StoreFaults(() => Promise.resolve([]), life);
  faults.of('audit').failed('/audit.log', full);
  const [fault] = await faults.list();
  return fault?.detail;
};

test('what a console could not write waits for the next; after one command there is no next', async () => {
  expect(await detailOf('lasting')).toContain('wait in memory for the next');
  expect(await detailOf('one command')).toContain('is not written down');
  expect(await detailOf('one command')).not.toContain('wait');
});
