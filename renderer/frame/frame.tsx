import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useOfferCommands } from '../commands/provider';
import { organizationsOf } from '../network/membership';
import { useSettingsInForce } from '../network/settings';
import { useNetworkStatus } from '../network/use-network';
import { OrganizationLooks } from '../ui/organization';
import { Header } from './header';
import { Rail } from './rail';
import { StatusBar } from './status-bar';
import { useFirstRun } from './first-run';
import { useFrameCommands } from './frame-commands';
import { useNodeCommands } from './node-commands';
import './frame.css';

const Palette = lazy(() =>
  import('../commands/palette').then(({ Palette: component }) => ({ default: component })),
);
const ShortcutList = lazy(() =>
  import('../commands/shortcut-list').then(({ ShortcutList: component }) => ({ default: component })),
);

type Overlay = 'palette' | 'keys' | undefined;

/** What stands around every view. */
export function Frame() {
  const status = useNetworkStatus();
  const [overlay, setOverlay] = useState<Overlay>(undefined);
  const organizations = useMemo(() => (status.data ? organizationsOf(status.data) : []), [status.data]);
  const openers = useMemo(
    () => ({ openPalette: () => setOverlay('palette'), openKeys: () => setOverlay('keys') }),
    [],
  );
  useOfferCommands(useFrameCommands(openers));
  useOfferCommands(useNodeCommands());
  useFirstRun();
  useSettingsInForce();
  // The view before stays until the code of the next has come.
  const isOpening = useRouterState({ select: ({ status: state }) => state === 'pending' });
  const close = () => setOverlay(undefined);
  return (
    <OrganizationLooks organizations={organizations}>
      <a className="skip" href="#view" onClick={skipToView}>
        Skip to the view
      </a>
      <div className="app">
        <Rail onKeys={openers.openKeys} />
        <Header onPalette={openers.openPalette} />
        <main className="view" id="view" aria-busy={isOpening}>
          <Outlet />
        </main>
        <StatusBar />
      </div>
      <Suspense>
        {overlay === 'palette' && <Palette isOpen onClose={close} />}
        {overlay === 'keys' && <ShortcutList isOpen onClose={close} />}
      </Suspense>
    </OrganizationLooks>
  );
}

/** The address's fragment is the router's: the link moves the focus only. */
function skipToView(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('#view h1')?.focus();
}
