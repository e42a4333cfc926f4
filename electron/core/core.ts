import os from 'node:os';
import type { ConsoleClient } from '../api/client';
import { neededToCancel } from '../api/operations';
import type { Role } from '../api/operations';
import { connectHandlers } from './connect-handlers';
import { consoleHandlers } from './console-handlers';
import { Dispatcher } from './dispatcher';
import type { Handlers } from './dispatcher';
import type {
  ChannelReader,
  ContractDeployer,
  IdentityStore,
  LedgerReader,
  NodeReader,
  Transactor,
} from './ports/fabric';
import type { MetricsHistory, MetricsSource } from './ports/metrics';
import type { NetworkHost } from './ports/network-host';
import type { EndorsementPolicies, LogSearcher, NodeInspector } from './ports/node-inspection';
import type { AuditLog, Retention, SavedRequests, SettingsStore, TransactionHistory } from './ports/records';
import type { Support } from './ports/support';
import type { NodeDoctor, Surroundings } from './ports/surroundings';
import type { Wallet } from './ports/wallet';
import { problem } from './problem';
import { ContractEndorsementService } from './services/contract-endorsement';
import { ContractsService } from './services/contracts';
import { runDemo } from './services/demo';
import { NetworkLifecycle } from './services/lifecycle';
import { LiveStatus } from './services/live-status';
import { MetricSeriesService } from './services/metric-series';
import { MetricsRecorder } from './services/metrics-recorder';
import { verifyMoney } from './services/money';
import { NodeDetailService } from './services/node-details';
import { NodeImpactService } from './services/node-impact';
import { SavedRequestsService } from './services/saved-requests';
import { TransactionsService } from './services/transactions';
import { NetworkStatusService, requireChannel, requireNode } from './services/network-status';
import { requireIdentity } from './services/identities';
import { DiagnosticsService } from './services/diagnostics';
import { SettingsService } from './services/settings';
import { requireRole } from './required-role';
import { Session } from './session';
import type { StoreFaults } from './store-faults';
import { supportHandlers } from './support-handlers';
import { TaskRegistry } from './tasks';
import { TopicHub } from './topic-hub';

/** Everything outside that the use-cases need. */
export interface CorePorts {
  readonly host: NetworkHost;
  readonly nodes: NodeReader;
  readonly channels: ChannelReader;
  readonly transactor: Transactor;
  readonly ledger: LedgerReader;
  readonly identities: IdentityStore;
  readonly deployer: ContractDeployer;
  readonly wallet: Wallet;
  readonly inspector: NodeInspector;
  readonly logs: LogSearcher;
  readonly policies: EndorsementPolicies;
  readonly metrics: MetricsSource;
  readonly metricsHistory: MetricsHistory;
  readonly audit: AuditLog;
  readonly transactions: TransactionHistory;
  readonly savedRequests: SavedRequests;
  readonly settings: SettingsStore;
  readonly retention: Retention;
  readonly faults: StoreFaults;
  readonly support: Support;
  readonly surroundings: Surroundings;
  readonly doctor: NodeDoctor;
}

export interface Core {
  /** @param user who is signed in, for the audit log; default: whoever runs this process */
  openSession(role: Role, user?: string): ConsoleClient;
  /** Ends what goes on by itself: readings of metrics, log levels that wait to go back. */
  close(): void;
}

/** What the owner of the core wants to hear. */
export interface CoreEvents {
  /** All nodes were stopped on somebody's command. */
  networkDown(): void;
}

export function createCore(ports: CorePorts, events: CoreEvents): Core {
  const { host } = ports;
  const tasks = new TaskRegistry();
  const status = new NetworkStatusService(
    host,
    ports.nodes,
    ports.channels,
    ports.metricsHistory,
    ports.faults,
  );
  const live = new LiveStatus(host, () => status.status());
  const details = new NodeDetailService(host, status, ports.inspector, ports.logs);
  const recorder = new MetricsRecorder(host, ports.metrics, ports.metricsHistory, report);
  recorder.start();
  const settings = new SettingsService(ports.settings, ports.retention);
  ports.faults.onFault(({ kind, title, detail }) => {
    if (kind === 'failing') process.emitWarning(`${title} ${detail}`, 'CityFlow');
    live.poke();
  });
  void settings.apply().catch(report);
  const networkDown = () => {
    dispatcher.end();
    // After the answer is on its way: whoever owns the core may close it now.
    setImmediate(() => events.networkDown());
  };
  const handlers = createHandlers(ports, { networkDown }, { tasks, status, details, settings });
  const dispatcher = new Dispatcher(handlers, tasks, ports.audit, () => live.poke());
  const hub = new TopicHub({
    task: ({ task }, signal) => tasks.watch(task, signal),
    tasks: (_parameters, signal) => tasks.watchAll(signal),
    'node.logs': async function* ({ node, ...range }, signal) {
      yield* host.logs(requireNode(host.declared(), node).name, range, signal);
    },
    'network.status': (_parameters, signal) => live.watch(signal),
  });
  return {
    openSession: (role, user = os.userInfo().username) => new Session(dispatcher, hub, role, user),
    close: () => {
      recorder.close();
      details.close();
    },
  };
}

/** What fails beside what was asked for: said where the supervisor's own log is, and never the caller's problem. */
function report(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}

interface Shared {
  readonly tasks: TaskRegistry;
  readonly status: NetworkStatusService;
  readonly details: NodeDetailService;
  readonly settings: SettingsService;
}

function createHandlers(
  ports: CorePorts,
  events: CoreEvents,
  { tasks, status, details, settings }: Shared,
): Handlers {
  const { host } = ports;
  const contracts = new ContractsService(host, ports.channels);
  const explained: Transactor = {
    evaluate: (call, signal) => contracts.explained(call, () => ports.transactor.evaluate(call, signal)),
    submit: (call, signal, onStage) =>
      contracts.explained(call, () => ports.transactor.submit(call, signal, onStage)),
  };
  const transactions = new TransactionsService(explained, ports.transactions);
  const lifecycle = new NetworkLifecycle(host);
  const changeNode = async (name: string, change: (node: string) => Promise<void>) => {
    const node = requireNode(host.declared(), name);
    await change(node.name);
    return status.node(node.name);
  };
  const running = async () => {
    if ((await host.runs()).some(({ state }) => state === 'running')) return;
    throw problem('NETWORK_NOT_RUNNING', {
      title: `The network ${host.declared().name} is not running.`,
      hint: 'Run `cityflow up`, then this command again.',
      retryable: true,
    });
  };
  const walletQuery = (signal: AbortSignal) => {
    const wallet = contracts.require('wallet');
    return async (functionName: string, args: readonly string[]) =>
      (
        await ports.transactor.evaluate(
          {
            as: 'UserService/registrar',
            channel: wallet.channel,
            contract: wallet.name,
            function: functionName,
            args,
          },
          signal,
        )
      ).result;
  };
  return {
    'network.up': async ({ runtime, native }, { signal }, progress) => {
      await lifecycle.up({ runtime, native: native ?? [] }, progress, signal);
      return status.status();
    },
    'network.down': async () => {
      const stopped = await lifecycle.down();
      events.networkDown();
      return { stopped };
    },
    'network.belongings': async () => ({ belongings: await host.belongings() }),
    'network.purge': async () => {
      const deleted = await lifecycle.purge();
      // What the core knows of the network is of one that is no more.
      events.networkDown();
      return { deleted };
    },
    'network.status': () => status.status(),
    'network.profile': ({ organization }) => ports.identities.profile(organization),
    'node.start': ({ node }) => changeNode(node, (name) => host.start(name)),
    'node.stop': ({ node }) => changeNode(node, (name) => host.stop(name)),
    'node.kill': ({ node }) => changeNode(node, (name) => host.kill(name)),
    'node.pause': ({ node }) => changeNode(node, (name) => host.pause(name)),
    'node.resume': ({ node }) => changeNode(node, (name) => host.resume(name)),
    'node.remove': ({ node }) => changeNode(node, (name) => host.remove(name)),
    'node.recreate': ({ node }) =>
      changeNode(node, async (name) => {
        await host.remove(name);
        await host.start(name);
      }),
    'node.exec': ({ node, command }) => host.exec(requireNode(host.declared(), node).name, command),
    'node.restart': ({ node }) =>
      changeNode(node, async (name) => {
        await host.stop(name);
        await host.start(name);
      }),
    'channel.show': async ({ channel }) => {
      requireChannel(host.declared(), channel);
      await running();
      return status.channel(channel);
    },
    'contract.list': async () => {
      await running();
      return contracts.list();
    },
    'contract.show': async ({ contract }) => {
      contracts.require(contract);
      await running();
      return contracts.show(contract);
    },
    'contract.deploy': async ({ contract }, { signal }, progress) => {
      contracts.require(contract);
      await running();
      await ports.deployer.deploy(contract, progress, signal);
      return contracts.status(contract);
    },
    'identity.list': () => ports.identities.list(),
    'identity.environment': async ({ identity }) => {
      const { id } = await requireIdentity(ports.identities, identity);
      return { variables: await ports.identities.environment(id) };
    },
    'transaction.evaluate': async (call, { signal }) => {
      const { id } = await requireIdentity(ports.identities, call.as);
      requireChannel(host.declared(), call.channel);
      await running();
      return transactions.evaluate({ ...call, as: id }, signal);
    },
    'transaction.submit': async (call, { signal }) => {
      const { id } = await requireIdentity(ports.identities, call.as);
      requireChannel(host.declared(), call.channel);
      await running();
      return transactions.submit({ ...call, as: id }, signal);
    },
    'ledger.blocks': async ({ channel, from, to }) => {
      requireChannel(host.declared(), channel);
      await running();
      return ports.ledger.blocks(channel, from, to);
    },
    'ledger.block': async ({ channel, block }) => {
      requireChannel(host.declared(), channel);
      await running();
      return ports.ledger.block(channel, block);
    },
    'ledger.transaction': async (place) => {
      requireChannel(host.declared(), place.channel);
      await running();
      return ports.ledger.transaction(place);
    },
    'ledger.part': async (request) => {
      requireChannel(host.declared(), request.channel);
      await running();
      return ports.ledger.part(request);
    },
    'ledger.verify': async ({ channel }, { signal }, progress) => {
      requireChannel(host.declared(), channel);
      await running();
      return ports.ledger.verify(channel, progress, signal);
    },
    'money.verify': async (_request, { signal }, progress) => {
      await running();
      return verifyMoney(walletQuery(signal), progress);
    },
    'demo.run': async (_request, { signal }, progress) =>
      runDemo({ ...ports, status, contracts }, progress, signal),
    'task.list': () => Promise.resolve(tasks.list()),
    'task.cancel': ({ task }, { role }) => {
      const { operation } = tasks.show(task);
      requireRole(role, neededToCancel(operation), `Cancelling ${operation}`);
      tasks.cancel(task);
      return Promise.resolve({});
    },
    ...connectHandlers(ports),
    ...supportHandlers(
      ports.support,
      new DiagnosticsService({ ...ports, status, details, tasks: () => tasks.list() }),
    ),
    ...consoleHandlers({
      ...ports,
      details,
      settings,
      transactions,
      contracts,
      endorsement: new ContractEndorsementService(host, ports.policies),
      saved: new SavedRequestsService(ports.savedRequests),
      metrics: new MetricSeriesService(host, ports.metricsHistory),
      impact: new NodeImpactService(host, ports.policies),
      requireRunning: running,
    }),
  };
}
