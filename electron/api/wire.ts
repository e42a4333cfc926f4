import { z } from 'zod';
import { problemSchema } from './problems';

/** What a client sends. Ids are the client's own, unique while the exchange they name is open. */
export const clientMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id: z.int(), operation: z.string(), request: z.unknown() }),
  z.strictObject({ kind: z.literal('abort'), id: z.int() }),
  z.strictObject({ kind: z.literal('subscribe'), id: z.int(), topic: z.string(), parameters: z.unknown() }),
  z.strictObject({ kind: z.literal('unsubscribe'), id: z.int() }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** What the core sends back. */
export const serverMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reply'), id: z.int(), value: z.unknown() }),
  z.strictObject({ kind: z.literal('problem'), id: z.int(), problem: problemSchema }),
  z.strictObject({ kind: z.literal('events'), id: z.int(), events: z.array(z.unknown()), dropped: z.int() }),
  z.strictObject({ kind: z.literal('ended'), id: z.int(), problem: problemSchema.optional() }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;
