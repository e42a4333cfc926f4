import { app } from 'electron';
import type { Session } from 'electron';
import path from 'node:path';
import { isConsoleUrl } from './console-origin';

/** Files that the console's page made itself; it loads nothing else, and saves nothing else. */
export const maySave = (url: string): boolean =>
  url.startsWith('blob:') && isConsoleUrl(url.slice('blob:'.length));

/** A proposed name as a name: without folders, not hidden. */
export const fileNameOf = (proposed: string): string =>
  proposed.replace(/[\\/:\0]/g, '_').replace(/^\.+/, '') || 'cityflow';

/** What the page offers to save is saved where the user says, by the system's own dialog; all else is refused. */
export function watchDownloads(session: Session, log: (line: string) => void): void {
  session.on('will-download', (event, item) => {
    if (!maySave(item.getURL())) {
      event.preventDefault();
      log(`not saved: ${item.getURL().slice(0, 200)}`);
      return;
    }
    const name = fileNameOf(item.getFilename());
    item.setSaveDialogOptions({
      title: `Save ${name}`,
      defaultPath: path.join(app.getPath('downloads'), name),
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    item.once('done', (_event, state) => {
      if (state === 'interrupted') log(`${name} could not be saved to ${item.getSavePath()}`);
    });
  });
}
