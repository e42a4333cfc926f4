/** Long enough for the shell's dialog to have taken the content over. */
const KEPT_MS = 60_000;

/**
 * Offers a file to be saved: the browser puts it among its downloads, the desktop app asks where it shall go. What
 * becomes of it is between the user and them.
 *
 * @param name the file's proposed name, without folders
 */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** A text file in UTF-8. @param type e.g. `text/csv` */
export const saveText = (name: string, text: string, type = 'text/plain'): void =>
  saveFile(name, new Blob([text], { type: `${type};charset=utf-8` }));
