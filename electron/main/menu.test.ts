import type { MenuItemConstructorOptions } from 'electron';
import { expect, test, vi } from 'vitest';
import { menuCommands } from '../api/commands';
import { menuTemplate } from './menu';

const linux = { platform: 'linux', packaged: true } as const;

function actions() {
  return {
    run: vi.fn(),
    openLink: vi.fn(),
  };
}

const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);

const click = (item: MenuItemConstructorOptions | undefined) =>
  (item?.click as unknown as (() => void) | undefined)?.();

test('every command stands in its menu and runs by its id', () => {
  const done = actions();
  const items = flat(menuTemplate(menuCommands, done, linux));
  for (const command of menuCommands) {
    const item = items.find(({ id }) => id === command.id);
    expect(item?.label).toBe(command.title);
    click(item);
    expect(done.run).toHaveBeenLastCalledWith(command.id);
  }
});

test('keys that the page listens for are shown but not taken from it', () => {
  const items = flat(menuTemplate(menuCommands, actions(), linux));
  expect(items.find(({ id }) => id === 'palette.open')).toMatchObject({
    accelerator: 'CmdOrCtrl+K',
    registerAccelerator: false,
  });
});

test('no two items have the same key', () => {
  const keys = menuCommands.flatMap(({ accelerator }) => accelerator ?? []);
  expect(new Set(keys).size).toBe(keys.length);
});

test('a packaged app offers no developer tools; a Mac has its own first menu', () => {
  const roles = (surroundings: Parameters<typeof menuTemplate>[2]) =>
    flat(menuTemplate([], actions(), surroundings)).map(({ role }) => role);
  expect(roles(linux)).not.toContain('toggleDevTools');
  expect(roles({ ...linux, packaged: false })).toContain('toggleDevTools');
  expect(roles({ ...linux, platform: 'darwin' })[0]).toBe('appMenu');
});
