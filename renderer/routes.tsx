import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { Frame } from './frame/frame';
import { NotFound, RouteFailure } from './frame/route-failure';
import { channelsSearch, rootSearch, tasksSearch } from './search';
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
  component: lazyRouteComponent(() => import('./features/overview/overview'), 'Overview'),
});

const channels = createRoute({
  getParentRoute: () => root,
  path: '/channels',
  validateSearch: (search) => channelsSearch.parse(search),
  component: lazyRouteComponent(() => import('./features/channels/channels'), 'Channels'),
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
  component: lazyRouteComponent(() => import('./features/settings/settings'), 'Settings'),
});

/** Hash history: the same addresses under `app://`, behind HTTP and in a file of screenshots. */
export function createConsoleRouter() {
  return createRouter({
    routeTree: root.addChildren([overview, channels, tasks, settings]),
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
