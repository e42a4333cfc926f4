import type { ConsoleClient } from '../../api/client';
import type { NetworkStatus, TaskModel } from '../../api/models';
import type { ParametersOf, TopicName } from '../../api/topics';

/** Lines of each node's log. */
const TAIL = 40;
/** A stream that follows says what there is at once; what comes later is another recording's. */
const PRESENT_MS = 1_500;

export interface RecordedStream {
  readonly topic: TopicName;
  readonly parameters: unknown;
  readonly events: readonly unknown[];
}

/** Every topic's beginning: what a view sees when it opens. */
export function recordStreams(
  client: ConsoleClient,
  status: NetworkStatus,
  tasks: readonly TaskModel[],
): Promise<RecordedStream[]> {
  const record: { readonly [N in TopicName]: () => readonly ParametersOf<N>[] } = {
    'network.status': () => [{}],
    tasks: () => [{}],
    task: () => tasks.map(({ id }) => ({ task: id })),
    'node.logs': () => status.nodes.map(({ name }) => ({ node: name, follow: true, tail: TAIL })),
  };
  return Promise.all(
    (Object.keys(record) as TopicName[]).flatMap((topic) => {
      const wanted: readonly ParametersOf<typeof topic>[] = record[topic]();
      return wanted.map((parameters) => beginning(client, topic, parameters));
    }),
  );
}

async function beginning<N extends TopicName>(
  client: ConsoleClient,
  topic: N,
  parameters: ParametersOf<N>,
): Promise<RecordedStream> {
  const events: unknown[] = [];
  const stream = client.subscribe(topic, parameters, (more) => events.push(...more));
  const patience = setTimeout(() => stream.close(), PRESENT_MS);
  const broken = await stream.ended;
  clearTimeout(patience);
  if (broken) throw new Error(`${topic}: ${broken.title} ${broken.detail}`);
  // Of what is told whole the first event is enough; the others only repeat it later.
  return { topic, parameters, events: topic === 'node.logs' ? events : events.slice(0, 1) };
}
