import type { BrowserWindow } from 'electron';

/** A page that crashes again within this time is not loaded again by itself. */
const AGAIN_MS = 60_000;

export interface CrashDialogs {
  /** True: load the page again. */
  pageGone(reason: string): Promise<boolean>;
  /** True: end the page and load it again; false: wait. */
  pageHangs(): Promise<boolean>;
}

/**
 * A page whose process died is loaded again once by itself, then asked about; one that no longer answers is asked
 * about and left alone when it comes back by itself. The network is none of the page's: it goes on meanwhile.
 */
export function watchPage(
  window: BrowserWindow,
  dialogs: CrashDialogs,
  log: (line: string) => void,
  now: () => number = () => performance.now(),
): void {
  let lastCrash: number | undefined;
  let asking = false;
  const ask = async (question: () => Promise<boolean>, act: () => void) => {
    if (asking) return;
    asking = true;
    try {
      const yes = await question();
      if (yes && !window.isDestroyed()) act();
    } finally {
      asking = false;
    }
  };
  const reload = () => window.webContents.reload();

  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log(`the page's process is gone: ${reason}, exit code ${exitCode}`);
    const first = lastCrash === undefined || now() - lastCrash > AGAIN_MS;
    lastCrash = now();
    if (first) reload();
    else void ask(() => dialogs.pageGone(reason), reload);
  });

  let hanging = false;
  window.on('unresponsive', () => {
    hanging = true;
    log('the page does not answer');
    void ask(
      () => dialogs.pageHangs(),
      () => {
        if (!hanging) return;
        // Its death is reported as `killed`; reload follows from there, or from here on a second hang.
        lastCrash = undefined;
        window.webContents.forcefullyCrashRenderer();
      },
    );
  });
  window.on('responsive', () => {
    hanging = false;
    log('the page answers again');
  });
}
