import type { ConsoleClient } from '../../api/client';
import type { NetworkStatus, TaskModel } from '../../api/models';
import type { ParametersOf, TopicName } from '../../api/topics';

/** Lines of each node's log. */
const TAIL = 40;
/** How long the slowest stream may take until it has said what there is. */
const PATIENCE_MS = 60_000;

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
    'node.logs': () => status.nodes.map(({ name }) => ({ node: name, follow: false, tail: TAIL })),
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
  const stream = client.subscribe(topic, parameters, (more) => {
    events.push(...more);
    // Of what is told whole the first event is enough; the others only repeat it later. A log ends by itself.
    if (topic !== 'node.logs') stream.close();
  });
  const patience = setTimeout(() => stream.close(), PATIENCE_MS);
  const broken = await stream.ended;
  clearTimeout(patience);
  if (broken) throw new Error(`${topic}: ${broken.title} ${broken.detail}`);
  if (events.length === 0)
    throw new Error(`${topic} ${JSON.stringify(parameters)} said nothing: record again.`);
  return { topic, parameters, events: topic === 'node.logs' ? events : events.slice(0, 1) };
}
