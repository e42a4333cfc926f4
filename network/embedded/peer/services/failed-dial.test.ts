import { expect, it } from 'vitest';
import { failedDial } from './failed-dial';

it.each([
  [
    'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:7051. Resolution note: ',
    'dial tcp 127.0.0.1:7051: connect: connection refused',
  ],
  ['Last error: connect ECONNREFUSED 127.0.0.1:7051', 'dial tcp 127.0.0.1:7051: connect: connection refused'],
  [
    'Name resolution failed for target dns:nowhere.example:7051',
    'dial tcp: lookup nowhere.example: no such host',
  ],
  ['Deadline exceeded', undefined],
])('%s', (details, said) => {
  expect(failedDial(details)).toBe(said);
});
