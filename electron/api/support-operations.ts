import { z } from 'zod';
import { define } from './operation-definition';
import * as support from './support-models';

const nothing = z.strictObject({});

/** What the console says of itself, and what it gives to whoever helps. */
export const supportOperations = {
  'about.show': define('query', 'viewer', nothing, support.aboutSchema),
  'storage.usage': define('query', 'viewer', nothing, z.array(support.storedSchema)),
  /** What a bundle made now would hold. */
  'diagnostics.contents': define('query', 'admin', nothing, z.array(support.bundleEntrySchema)),
  /** Everything that helps to understand a fault, without keys, passwords and transient data. */
  'diagnostics.bundle': define('command', 'admin', nothing, support.bundleSchema),
} as const;
