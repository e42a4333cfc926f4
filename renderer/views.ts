import type { IconName } from './ui/icon';

export interface View {
  /** Of its command `go.<id>` (Settings: `settings.open`), which menus and palette share. */
  readonly id: string;
  readonly title: string;
  readonly path:
    | '/'
    | '/network'
    | '/channels'
    | '/ledger'
    | '/transactions'
    | '/identities'
    | '/metrics'
    | '/tasks'
    | '/settings';
  readonly icon: IconName;
  /** `g`, then this letter. */
  readonly key: string;
  /** Views of one group stand together in the rail. */
  readonly group: 'state' | 'work' | 'live' | 'console';
}

/** The views of the rail, in its order. A view stands here once it exists; its route stands in routes.tsx. */
export const views: readonly View[] = [
  { id: 'overview', title: 'Overview', path: '/', icon: 'overview', key: 'o', group: 'state' },
  { id: 'network', title: 'Network', path: '/network', icon: 'network', key: 'n', group: 'state' },
  { id: 'channels', title: 'Channels', path: '/channels', icon: 'channels', key: 'c', group: 'state' },
  { id: 'ledger', title: 'Ledger', path: '/ledger', icon: 'ledger', key: 'b', group: 'state' },
  {
    id: 'transactions',
    title: 'Transactions',
    path: '/transactions',
    icon: 'transactions',
    key: 'x',
    group: 'work',
  },
  {
    id: 'identities',
    title: 'Identities',
    path: '/identities',
    icon: 'identities',
    key: 'i',
    group: 'work',
  },
  { id: 'metrics', title: 'Metrics', path: '/metrics', icon: 'metrics', key: 'm', group: 'live' },
  { id: 'tasks', title: 'Tasks', path: '/tasks', icon: 'tasks', key: 't', group: 'live' },
  { id: 'settings', title: 'Settings', path: '/settings', icon: 'settings', key: 's', group: 'console' },
];
