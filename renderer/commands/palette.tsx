import { useId, useState } from 'react';
import { Dialog } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { useCommands } from './provider';
import { findCommands } from './search';
import { shortcutLabel } from './shortcuts';

/** Find or do: type, arrows choose, Enter runs. */
export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title="Find or do" isOpen={isOpen} onClose={onClose} wide>
      <PaletteList onClose={onClose} />
    </Dialog>
  );
}

function PaletteList({ onClose }: { onClose: () => void }) {
  const commands = useCommands();
  const [typed, setTyped] = useState('');
  const [index, setIndex] = useState(0);
  const listId = useId();
  const found = findCommands(commands, typed);
  const active = Math.min(index, found.length - 1);
  const run = (position: number) => {
    const command = found[position];
    if (!command) return;
    onClose();
    command.run();
  };
  return (
    <div className="palette-body">
      <span className="input">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-label="Find or do"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found[active] && `${listId}-${found[active].id}`}
          placeholder="A view, an identity, something to do"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setIndex(0);
          }}
          onKeyDown={(event) => {
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (step !== undefined) {
              event.preventDefault();
              setIndex((active + step + found.length) % Math.max(1, found.length));
            } else if (event.key === 'Enter') {
              event.preventDefault();
              run(active);
            }
          }}
        />
      </span>
      <ul className="menu inset" role="listbox" id={listId} aria-label="Found">
        {found.map((command, position) => (
          <li
            key={command.id}
            id={`${listId}-${command.id}`}
            role="option"
            aria-selected={position === active}
            onClick={() => run(position)}
            onPointerMove={() => setIndex(position)}
            ref={position === active ? (item) => item?.scrollIntoView({ block: 'nearest' }) : undefined}
          >
            <span className="quiet section">{command.section}</span>
            {command.title}
            {command.shortcut && <kbd>{shortcutLabel(command.shortcut)}</kbd>}
          </li>
        ))}
        {found.length === 0 && <li role="presentation">Nothing is called so.</li>}
      </ul>
    </div>
  );
}
