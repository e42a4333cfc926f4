import { Dialog } from '../ui/dialog';
import { useCommands } from './provider';
import { shortcutLabel } from './shortcuts';

/** Keys that belong to what has the focus rather than to a command. */
const local = [
  ['↑ ↓ Home End', 'Move between rows, tabs and entries'],
  ['Enter', 'Open the row'],
  ['Esc', 'Close a dialog, a menu or a panel'],
] as const;

export function ShortcutList({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const commands = useCommands().filter((command) => command.shortcut !== undefined);
  const sections = [...new Set(commands.map((command) => command.section))];
  return (
    <Dialog title="Keys" isOpen={isOpen} onClose={onClose} wide="widest">
      <div className="shortcut-list">
        {sections.map((section) => (
          <section key={section}>
            <h3>{section}</h3>
            <dl>
              {commands
                .filter((command) => command.section === section)
                .map(({ id, title, shortcut = '' }) => (
                  <Key key={id} keys={shortcutLabel(shortcut)} does={title} />
                ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>Where the focus is</h3>
          <dl>
            {local.map(([keys, does]) => (
              <Key key={keys} keys={keys} does={does} />
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}

function Key({ keys, does }: { keys: string; does: string }) {
  return (
    <div>
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd>{does}</dd>
    </div>
  );
}
