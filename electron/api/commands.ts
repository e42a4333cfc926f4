/**
 * Commands that the desktop app's menus offer besides what the system does by itself. A command is a name and words;
 * the renderer's registry does it, so that menu, palette and key press do the same. The browser has no menus.
 */
export interface MenuCommand {
  readonly id: string;
  readonly title: string;
  readonly menu: 'file' | 'view' | 'go' | 'help';
  /**
   * As Electron writes it. Shown in the menu; where the renderer listens for the same keys (`handledByPage`) it is
   * shown only, so that one press is one command.
   */
  readonly accelerator?: string;
  readonly handledByPage?: boolean;
}

const goTo = (id: string, title: string): MenuCommand => ({ id: `go.${id}`, title, menu: 'go' });

export const menuCommands: readonly MenuCommand[] = [
  { id: 'settings.open', title: 'Settings', menu: 'file', accelerator: 'CmdOrCtrl+,' },
  {
    id: 'palette.open',
    title: 'Command palette',
    menu: 'view',
    accelerator: 'CmdOrCtrl+K',
    handledByPage: true,
  },
  { id: 'theme.light', title: 'Light theme', menu: 'view' },
  { id: 'theme.dark', title: 'Dark theme', menu: 'view' },
  { id: 'theme.system', title: 'Theme of the system', menu: 'view' },
  goTo('overview', 'Overview'),
  goTo('network', 'Network'),
  goTo('channels', 'Channels'),
  goTo('ledger', 'Ledger'),
  goTo('transactions', 'Transactions'),
  goTo('identities', 'Identities'),
  goTo('metrics', 'Metrics'),
  goTo('tasks', 'Tasks'),
  goTo('connect', 'Connect'),
  { id: 'shortcuts.show', title: 'Keyboard shortcuts', menu: 'help' },
];
