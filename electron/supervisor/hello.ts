import { z } from 'zod';
import { roles } from '../api/operations';

/**
 * A connection's first message may name the role and the user of its session; without it the session is an admin's.
 * Whoever can open the socket owns the network anyway: this is how a service that signs others in holds them to their
 * role. Later messages can't change it, so what is relayed from them never raises it.
 */
export const helloSchema = z.strictObject({
  kind: z.literal('hello'),
  role: z.enum(roles),
  /** Who stands in the audit log; absent: who owns the socket. */
  user: z.string().optional(),
});
export type Hello = z.infer<typeof helloSchema>;
