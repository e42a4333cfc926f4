import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { channelsSearch } from './features/channels/search';
import { connectSearch } from './features/connect/search';
import { identitiesSearch } from './features/identities/search';
import { transactionSearch } from './features/ledger/search';
import { logsSearch } from './features/logs/search';
import { metricsSearch } from './features/metrics/search';
import { networkSearch, nodeSearch } from './features/network/search';
import { overviewSearch } from './features/overview/search';
import { settingsSearch } from './features/settings/search';
import { tasksSearch } from './features/tasks/search';
import { transactionsSearch } from './features/transactions/search';
import { Frame } from './frame/frame';
import { NotFound, RouteFailure } from './frame/route-failure';
import { rootSearch } from './search';
import type { RootSearch } from './search';

const root = createRootRoute({
  component: Frame,
  validateSearch: (search): RootSearch => rootSearch.parse(search),
  search: {
    middlewares: [
      // The channel stays chosen from view to view, until a link names another or, by `undefined`, none.
      ({ search, next }) => {
        const wanted = next(search);
        return 'channel' in wanted || search.channel === undefined
          ? wanted
          : { ...wanted, channel: search.channel };
      },
    ],
  },
  notFoundComponent: NotFound,
  errorComponent: RouteFailure,
});

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (search) => overviewSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/overview/overview'), 'Overview'),
});

const channels = createRoute({
  getParentRoute: () => root,
  path: '/channels',
  validateSearch: (search) => channelsSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/channels/channels'), 'Channels'),
});

const connect = createRoute({
  getParentRoute: () => root,
  path: '/connect',
  validateSearch: (search) => connectSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/connect/connect'), 'Connect'),
});

const network = createRoute({
  getParentRoute: () => root,
  path: '/network',
  validateSearch: (search) => networkSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/network/network'), 'Network'),
});

const node = createRoute({
  getParentRoute: () => root,
  path: '/network/$node',
  validateSearch: (search) => nodeSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/network/node-page'), 'NodePage'),
});

const logs = createRoute({
  getParentRoute: () => root,
  path: '/logs',
  validateSearch: (search) => logsSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/logs/logs'), 'Logs'),
});

const ledger = createRoute({
  getParentRoute: () => root,
  path: '/ledger',
  component: lazyRouteComponent(() => import('./features/ledger/ledger'), 'Ledger'),
});

const block = createRoute({
  getParentRoute: () => root,
  path: '/ledger/$channel/blocks/$block',
  component: lazyRouteComponent(() => import('./features/ledger/block-page'), 'BlockPage'),
});

/** Its place names any transaction; an id of its own need not be there. */
const transactionAt = createRoute({
  getParentRoute: () => root,
  path: '/ledger/$channel/blocks/$block/$position',
  validateSearch: (search) => transactionSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/ledger/transaction-page'), 'TransactionAtPage'),
});

const transaction = createRoute({
  getParentRoute: () => root,
  path: '/ledger/$channel/tx/$transaction',
  validateSearch: (search) => transactionSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/ledger/transaction-page'), 'TransactionPage'),
});

const transactions = createRoute({
  getParentRoute: () => root,
  path: '/transactions',
  validateSearch: (search) => transactionsSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/transactions/transactions'), 'Transactions'),
});

const identities = createRoute({
  getParentRoute: () => root,
  path: '/identities',
  validateSearch: (search) => identitiesSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/identities/identities'), 'Identities'),
});

const metrics = createRoute({
  getParentRoute: () => root,
  path: '/metrics',
  validateSearch: (search) => metricsSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/metrics/metrics'), 'Metrics'),
});

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: (search) => tasksSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/tasks/tasks'), 'Tasks'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: (search) => settingsSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/settings/settings'), 'Settings'),
});

/** Hash history: the same addresses under `app://`, behind HTTP and in a file of screenshots. */
export function createConsoleRouter() {
  return createRouter({
    routeTree: root.addChildren([
      overview,
      connect,
      network,
      node,
      logs,
      channels,
      ledger,
      block,
      transactionAt,
      transaction,
      transactions,
      identities,
      metrics,
      tasks,
      settings,
    ]),
    history: createHashHistory(),
    defaultErrorComponent: RouteFailure,
    defaultPreload: 'intent',
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
