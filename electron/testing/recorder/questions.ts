import type { ConsoleClient } from '../../api/client';
import { nodeActionSchema } from '../../api/node-models';
import { metricNames } from '../../api/metric-models';
import type { Identity, NetworkStatus } from '../../api/models';
import type { OperationName, Operations, RequestOf } from '../../api/operations';
import type { Outcome } from '../../api/problems';
import { valueOf } from './value-of';

type QueryName = {
  [N in OperationName]: Operations[N]['kind'] extends 'query' ? N : never;
}[OperationName];

interface Place {
  readonly channel: string;
  readonly block: string;
  readonly position: number;
  readonly transactionId: string;
}

/** What is known of the network before it is asked about the rest. */
interface Known {
  readonly status: NetworkStatus;
  readonly identities: readonly Identity[];
  readonly contracts: readonly string[];
  /** One that every channel has, from the ledger. */
  readonly transactions: readonly { readonly channel: string; readonly transactionId: string }[];
  /** Those, one that is invalid and one that defines a contract, each where it stands. */
  readonly places: readonly Place[];
}

/** Every query operation with the requests it is recorded for; one that is added must say them, too, or it does not compile. */
const questions: { readonly [N in QueryName]: (known: Known) => readonly RequestOf<N>[] } = {
  'network.status': () => [{}],
  // Folders of the machine it was recorded on.
  'network.belongings': () => [],
  'identity.list': () => [{}],
  'contract.list': () => [{}],
  'task.list': () => [{}],
  'settings.get': () => [{}],
  'about.show': () => [{}],
  'storage.usage': () => [{}],
  'diagnostics.contents': () => [{}],
  'runtime.list': () => [{}],
  'network.list': () => [{}],
  'network.doctor': () => [{}],
  'metrics.catalogue': () => [{}],
  'channel.show': ({ status }) => status.channels.map(({ name }) => ({ channel: name })),
  'contract.show': ({ contracts }) => contracts.map((contract) => ({ contract })),
  'node.show': ({ status }) => status.nodes.map(({ name }) => ({ node: name })),
  'node.logLevel': ({ status }) =>
    status.nodes.filter(({ operations }) => operations !== null).map(({ name }) => ({ node: name })),
  'node.impact': ({ status }) =>
    status.nodes.flatMap(({ name }) => nodeActionSchema.options.map((action) => ({ node: name, action }))),
  'identity.show': ({ identities }) => identities.map(({ id }) => ({ identity: id })),
  'identity.usage': () => [{}],
  'identity.authorities': () => [{}],
  // Asked about a file of the user's.
  'identity.check': () => [],
  'identity.environment': ({ identities }) => identities.slice(0, 2).map(({ id }) => ({ identity: id })),
  'identity.exportCertificate': ({ identities }) => identities.map(({ id }) => ({ identity: id })),
  'network.profile': ({ status }) =>
    [
      ...new Set(status.nodes.filter(({ role }) => role === 'peer').map(({ organization }) => organization)),
    ].map((organization) => ({ organization })),
  // The whole of each chain: what a view wants of it is cut out of that.
  'ledger.blocks': ({ status }) => status.channels.map(({ name }) => ({ channel: name, from: '0' })),
  'ledger.block': ({ places }) => [
    ...places.map(({ channel, block }) => ({ channel, block })),
    ...places.slice(0, 1).map(({ channel }) => ({ channel, block: '0' })),
    ...places.slice(0, 1).map(({ channel }) => ({ channel, block: '1000000' })),
  ],
  'ledger.transaction': ({ places }) => [
    ...places.map(({ channel, transactionId }) => ({ channel, transactionId })),
    ...places.slice(0, 1).map(({ channel }) => ({ channel, block: '0', position: 0 })),
    ...places.slice(0, 1).map(({ channel }) => ({ channel, transactionId: 'ab'.repeat(32) })),
  ],
  'ledger.part': ({ places }) =>
    places
      .slice(0, 1)
      .flatMap(({ channel, block, position }) =>
        ['envelope', 'json'].map((part) => ({ channel, block, position, part, offset: 0 })),
      ),
  // A member may, and an identity of no member is refused by the peers themselves.
  'transaction.evaluate': () =>
    ['ParkingOperator/operator', 'Orderer/Admin'].map((as) => ({
      as,
      channel: 'parking-channel',
      contract: 'parking',
      function: 'ListSpots',
      args: ['', '10', ''],
    })),
  'transaction.history': () => [{}],
  'transaction.saved': () => [{}],
  'contract.endorsement': ({ contracts }) => contracts.map((contract) => ({ contract })),
  'audit.list': () => [{}],
  'metrics.series': () => [{ names: [...metricNames], maxPoints: 40 }],
  'logs.search': ({ transactions }) => [
    ...transactions.map(({ transactionId }) => ({ transactionId })),
    { text: 'error', limit: 50 },
  ],
};

export interface Answer {
  readonly operation: OperationName;
  readonly request: unknown;
  readonly outcome: Outcome<unknown>;
}

/** Everything a view may ask, asked of a running network. `network.status` comes first and so is the youngest. */
export async function askEverything(client: ConsoleClient): Promise<Answer[]> {
  const first = await client.call('network.status', {});
  const answers: Answer[] = [{ operation: 'network.status', request: {}, outcome: first }];
  const known = await whatIsKnown(client, valueOf(first));
  for (const operation of Object.keys(questions) as QueryName[]) {
    if (operation === 'network.status') continue;
    const requests: readonly RequestOf<typeof operation>[] = questions[operation](known);
    for (const request of requests) {
      answers.push({ operation, request, outcome: await client.call(operation, request) });
    }
  }
  return answers;
}

async function whatIsKnown(client: ConsoleClient, status: NetworkStatus): Promise<Known> {
  const chains = await Promise.all(
    status.channels.map(async ({ name }) => {
      const blocks = valueOf(await client.call('ledger.blocks', { channel: name, from: '0' }));
      return blocks.flatMap(({ number, transactions }) =>
        transactions.flatMap(({ transactionId, ...transaction }, position) =>
          transaction.type === 'ENDORSER_TRANSACTION'
            ? [{ place: { channel: name, block: number, position, transactionId }, transaction }]
            : [],
        ),
      );
    }),
  );
  const newest = chains.flatMap((chain) => chain.slice(-1).map(({ place }) => place));
  const all = chains.flat();
  const remarkable = [
    all.find(({ transaction }) => transaction.status !== 'VALID'),
    all.find(({ transaction }) => transaction.contract === '_lifecycle'),
  ].flatMap((found) => found?.place ?? []);
  return {
    status,
    identities: valueOf(await client.call('identity.list', {})),
    contracts: status.channels.flatMap(({ contract }) => (contract ? [contract.name] : [])),
    transactions: newest.map(({ channel, transactionId }) => ({ channel, transactionId })),
    places: [...newest, ...remarkable],
  };
}
