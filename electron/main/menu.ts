import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../api/commands';

export interface MenuActions {
  /** A command of the console, done by the page. */
  run(command: string): void;
  openLink(url: string): void;
}

export interface MenuSurroundings {
  readonly platform: NodeJS.Platform;
  /** Developer tools are for developers: a packaged app has none in its menu. */
  readonly packaged: boolean;
}

const DOCUMENTATION = 'https://hyperledger-fabric.readthedocs.io/en/release-2.5/';

/** The menus: what the system expects in each, and the console's commands where they belong. */
export function menuTemplate(
  commands: readonly MenuCommand[],
  actions: MenuActions,
  { platform, packaged }: MenuSurroundings,
): MenuItemConstructorOptions[] {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const of = (menu: MenuCommand['menu']): MenuItemConstructorOptions[] =>
    commands
      .filter((command) => command.menu === menu)
      .map(({ id, title, accelerator, handledByPage }) => ({
        id,
        label: title,
        ...(accelerator === undefined ? {} : { accelerator }),
        registerAccelerator: !handledByPage,
        click: () => actions.run(id),
      }));
  const developer: MenuItemConstructorOptions[] = packaged ? [] : [separator, { role: 'toggleDevTools' }];
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: [...of('file'), separator, { role: 'quit' }] },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...of('view'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        { role: 'reload' },
        ...developer,
      ],
    },
    { label: '&Go', submenu: of('go') },
    { role: 'windowMenu' },
    {
      label: '&Help',
      role: 'help',
      submenu: [
        ...of('help'),
        { label: 'Hyperledger Fabric documentation', click: () => actions.openLink(DOCUMENTATION) },
        ...(platform === 'darwin' ? [] : [separator, { role: 'about' } as const]),
      ],
    },
  ];
}
