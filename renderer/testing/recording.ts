import { z } from 'zod';
import { isOperationName, operations, taskReply } from '../../electron/api/operations';
import type { OperationName } from '../../electron/api/operations';
import { problemSchema } from '../../electron/api/problems';
import { isTopicName, topics } from '../../electron/api/topics';
import type { TopicName } from '../../electron/api/topics';

/** What a console was answered by a running network, as it went over the wire. */
export const recordingSchema = z.object({
  recorded: z.object({
    /** When: views that show ages are rendered at this time. */
    at: z.iso.datetime(),
    runtime: z.string(),
    /** What the nodes call themselves. */
    version: z.string(),
    /** In a sentence, what the network had been through. */
    story: z.string(),
  }),
  answers: z.array(
    z.object({
      operation: z.string(),
      request: z.unknown(),
      outcome: z.discriminatedUnion('ok', [
        z.object({ ok: z.literal(true), value: z.unknown() }),
        z.object({ ok: z.literal(false), problem: problemSchema }),
      ]),
    }),
  ),
  streams: z.array(z.object({ topic: z.string(), parameters: z.unknown(), events: z.array(z.unknown()) })),
});
export type Recording = z.infer<typeof recordingSchema>;

/**
 * A recording whose every answer and event is of today's wire. Throws with all that is not: then the wire has changed,
 * and `npm run record` makes the recordings anew.
 */
export function parseRecording(json: string): Recording {
  const recording = recordingSchema.parse(JSON.parse(json));
  const wrong: string[] = [];
  const parsed = (what: string, schema: z.ZodType, value: unknown): unknown => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    wrong.push(`${what}: ${z.prettifyError(result.error)}`);
    return value;
  };
  const answers = recording.answers.map((answer) => {
    const { operation, outcome } = answer;
    if (!isOperationName(operation)) {
      wrong.push(`${operation}: no such operation`);
      return answer;
    }
    const request = parsed(`request of ${operation}`, operations[operation].request, answer.request);
    if (!outcome.ok) return { operation, request, outcome };
    const value = parsed(`answer of ${operation}`, replySchema(operation), outcome.value);
    return { operation, request, outcome: { ok: true as const, value } };
  });
  const streams = recording.streams.map((stream) => {
    const { topic } = stream;
    if (!isTopicName(topic)) {
      wrong.push(`${topic}: no such topic`);
      return stream;
    }
    const { parameters, event } = topics[topic];
    return {
      topic,
      parameters: parsed(`parameters of ${topic}`, parameters, stream.parameters),
      events: stream.events.map((one) => parsed(`event of ${topic}`, event, one)),
    };
  });
  if (wrong.length > 0) throw new Error(`The recording is not of today's wire:\n${wrong.join('\n')}`);
  return { ...recording, answers, streams };
}

/** A task's start answers its id only. */
export const replySchema = (operation: OperationName): z.ZodType =>
  operations[operation].kind === 'task' ? taskReply : operations[operation].reply;

/** Equal requests have equal keys, in whatever order their fields stand. */
export const requestKey = (name: OperationName | TopicName, request: unknown): string =>
  JSON.stringify([name, sorted(request)]);

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sorted(field)]),
  );
}
