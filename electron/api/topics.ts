import { z } from 'zod';
import { networkStatusSchema, taskSchema } from './models';

const logPosition = z.string().max(100);

/** Streams. A subscriber first receives the present state, then each change. */
export const topics = {
  /** One task, from where it stands until it is over. */
  task: { parameters: z.strictObject({ task: z.string() }), event: taskSchema },
  /**
   * All tasks the core remembers, then each change, at most five times a second. `all`: these are all there are, what
   * was known before goes; otherwise `tasks` are those that changed.
   */
  tasks: {
    parameters: z.strictObject({}),
    event: z.strictObject({ all: z.boolean(), tasks: z.array(taskSchema) }),
  },
  /**
   * Lines of one node's log, older files moved aside by rotation included. Colours and what else a node writes for a
   * terminal stand in them; a line longer than 16 KB is cut and says by how much.
   */
  'node.logs': {
    parameters: z.strictObject({
      node: z.string(),
      /** Goes on with lines as they are written; otherwise the stream ends with the last line there is. */
      follow: z.boolean(),
      /** The last lines to begin with. */
      tail: z.int().min(0).max(1_000_000),
      /** Goes on after the line at this position instead; the tail is for a log that no longer has it. */
      after: logPosition.optional(),
      /** Ends before the line at this position: the tail is the lines before it, none where the log no longer has it. */
      before: logPosition.optional(),
      /** The tail ends where this moment begins, and the lines of the moment follow. */
      at: z.iso.datetime({ offset: true }).optional(),
      /** No more lines than this. */
      limit: z.int().min(1).optional(),
    }),
    event: z.strictObject({
      line: z.string(),
      /** Names the line while the log keeps it. */
      position: z.string(),
      /**
       * What lies before this line: `began anew` where the log was deleted or replaced, `missing` where lines after
       * `after` are no longer kept.
       */
      gap: z.enum(['began anew', 'missing']).optional(),
    }),
  },
  /**
   * The network as it stands, each time something in it changes: within a second where a node started or ended,
   * otherwise at most every two seconds.
   */
  'network.status': { parameters: z.strictObject({}), event: networkStatusSchema },
} as const;

export type Topics = typeof topics;
export type TopicName = keyof Topics;
export type ParametersOf<N extends TopicName> = z.input<Topics[N]['parameters']>;
export type EventOf<N extends TopicName> = z.infer<Topics[N]['event']>;

export const isTopicName = (name: string): name is TopicName => Object.hasOwn(topics, name);
