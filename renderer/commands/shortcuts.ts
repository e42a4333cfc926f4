import type { Command } from './registry';

/** A second key of a sequence (`g o`) has to follow within this time. */
const SEQUENCE_MS = 1_200;

export const isMac = (): boolean => /mac/i.test(navigator.platform);

/** A shortcut as its keys are labelled: `Ctrl K`, `⌘ K`, `g then o`. */
export function shortcutLabel(shortcut: string, mac = isMac()): string {
  return shortcut
    .split(' ')
    .map((chord) =>
      chord
        .split('+')
        .map((key) => keyLabel(key, mac))
        .join(' '),
    )
    .join(' then ');
}

function keyLabel(key: string, mac: boolean): string {
  switch (key) {
    case 'mod':
      return mac ? '⌘' : 'Ctrl';
    case 'shift':
      return mac ? '⇧' : 'Shift';
    case 'enter':
      return '↵';
    case 'escape':
      return 'Esc';
    default:
      return key.length === 1 && shortcutIsChord(key) ? key.toUpperCase() : key;
  }
}

const shortcutIsChord = (key: string): boolean => key === 'k';

/** One pressed key in the notation of shortcuts. */
export function chordOf(event: KeyboardEvent, mac = isMac()): string {
  const key = event.key.toLowerCase();
  const mod = mac ? event.metaKey : event.ctrlKey;
  // `?` needs Shift on many keyboards: with a printed sign Shift is no part of the shortcut.
  const shift = event.shiftKey && key.length > 1;
  return [mod && 'mod', shift && 'shift', key].filter(Boolean).join('+');
}

/** A key that writes is the field's, not the console's; so is everything but chords while a dialog is open. */
export function belongsToField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target.closest('[role=dialog], [role=alertdialog], [role=menu], [role=listbox]')
  )
    return true;
  return ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Runs the command whose shortcut was pressed, sequences included. Returns what stops listening. */
export function listenForShortcuts(commands: () => readonly Command[], target: Document): () => void {
  let pending: { key: string; at: number } | undefined;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey) return;
    const chord = chordOf(event);
    const writes = !chord.startsWith('mod+');
    if (writes && (event.ctrlKey || event.metaKey)) return;
    if (writes && belongsToField(event.target)) return;
    const now = event.timeStamp;
    const sequence = pending && now - pending.at < SEQUENCE_MS ? `${pending.key} ${chord}` : undefined;
    pending = undefined;
    const available = commands();
    const command =
      available.find(({ shortcut }) => shortcut !== undefined && shortcut === sequence) ??
      available.find(({ shortcut }) => shortcut === chord);
    if (command) {
      event.preventDefault();
      command.run();
      return;
    }
    if (available.some(({ shortcut }) => shortcut?.startsWith(`${chord} `))) {
      pending = { key: chord, at: now };
    }
  };
  target.addEventListener('keydown', onKeyDown);
  return () => target.removeEventListener('keydown', onKeyDown);
}
