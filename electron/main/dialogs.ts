import { dialog } from 'electron';
import type { BrowserWindow, MessageBoxOptions } from 'electron';
import type { CrashDialogs } from './crashes';
import type { LeavingDialogs } from './leaving';

/** Every native dialog of the shell. Each names what happens; the harmless answer has the focus and is Escape's. */
export function nativeDialogs(currentWindow: () => BrowserWindow | undefined): LeavingDialogs & CrashDialogs {
  const show = (options: MessageBoxOptions) => {
    const window = currentWindow();
    return window && !window.isDestroyed()
      ? dialog.showMessageBox(window, options)
      : dialog.showMessageBox(options);
  };
  /** True for the second button; the first is the harmless one. */
  const confirm = async (options: MessageBoxOptions & { buttons: [string, string] }) =>
    (await show({ ...options, defaultId: 0, cancelId: 0, noLink: true })).response === 1;

  return {
    ask: async (network) => {
      const { response, checkboxChecked } = await show({
        type: 'question',
        message: `The network ${network} is running.`,
        detail:
          'It can go on without the console: open the console again, or run `cityflow down` to stop it. ' +
          'Stopping keeps its keys and ledgers.',
        buttons: ['Leave it running', 'Stop it', 'Cancel'],
        defaultId: 0,
        cancelId: 2,
        noLink: true,
        checkboxLabel: 'Always do this (Settings changes it)',
        checkboxChecked: true,
      });
      if (response === 0) return { choice: 'leave', remember: checkboxChecked };
      return response === 1 ? { choice: 'stop', remember: checkboxChecked } : undefined;
    },
    stopping: (network) => currentWindow()?.setTitle(`Stopping the network ${network} …`),
    stopFailed: (problem) =>
      confirm({
        type: 'warning',
        message: `The network could not be stopped. ${problem.title}`,
        detail: [problem.detail, problem.hint].filter(Boolean).join('\n'),
        buttons: ['Stay', 'Leave it as it is'],
      }),
    pageGone: (reason) =>
      confirm({
        type: 'error',
        message: 'The console’s page ended twice within a minute.',
        detail: `Reason: ${reason}. The network is not affected.`,
        buttons: ['Leave it closed', 'Load it again'],
      }),
    pageHangs: () =>
      confirm({
        type: 'warning',
        message: 'The console’s page does not answer.',
        detail: 'The network is not affected. Loading the page again loses what is typed into it.',
        buttons: ['Wait', 'Load it again'],
      }),
  };
}
