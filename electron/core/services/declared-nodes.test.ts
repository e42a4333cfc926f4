import { expect, test } from 'vitest';
import { declared } from '../fakes';
import { nodeAt } from './declared-nodes';

test.each(['localhost:3', '127.0.0.1:3', 'peer0.alpha.test:3'])(
  'a node advertises itself as %s',
  (address) => {
    expect(nodeAt(declared, address)?.name).toBe('peer0.alpha.test');
  },
);

test.each(['localhost:33', 'peer0.alpha.test:4', 'elsewhere.test:3', ''])(
  '%s is no node of this network',
  (address) => {
    expect(nodeAt(declared, address)).toBeUndefined();
  },
);
