import { z } from 'zod';
import { networkStatusSchema, taskSchema } from './models';

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
  /** Lines of one node's log; `follow` goes on, otherwise the stream ends after the tail. */
  'node.logs': {
    parameters: z.strictObject({
      node: z.string(),
      follow: z.boolean(),
      tail: z.int().min(0).max(100_000),
    }),
    event: z.strictObject({ line: z.string() }),
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
