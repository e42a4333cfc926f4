import { z } from 'zod';
import * as connect from './connect-models';
import { define } from './operation-definition';

const nothing = z.strictObject({});

/** What there is to connect to on this machine, and what stands in the way. */
export const connectOperations = {
  'runtime.list': define('query', 'viewer', nothing, z.array(connect.runtimeAvailabilitySchema)),
  'network.list': define('query', 'viewer', nothing, z.array(connect.savedNetworkSchema)),
  /** Examines nodes one by one, from the name to the clock; changes nothing. */
  'network.doctor': define(
    'query',
    'viewer',
    z.strictObject({
      /** Default: all. */
      nodes: z.array(z.string()).optional(),
    }),
    connect.examinationSchema,
  ),
} as const;
