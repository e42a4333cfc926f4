import { Button as AriaButton } from 'react-aria-components/Button';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Separator } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import type { ReactNode } from 'react';
import { Icon } from './icon';

export interface MenuEntry {
  readonly id: string;
  /** What typing a letter finds and what is read out. */
  readonly text: string;
  readonly content?: ReactNode;
  readonly note?: string;
  /** The key that does the same from anywhere. */
  readonly shortcut?: string;
  readonly onAction: () => void;
  readonly isDisabled?: boolean;
  /** A line above it. */
  readonly separated?: boolean;
}

/**
 * A button that opens a list of things to choose or do. `selected` marks the one in force. The button is called by
 * `label` and what it shows, so that it can also be called by what one sees on it.
 */
export function Menu({
  label,
  trigger,
  triggerClass = 'btn',
  entries,
  selected,
  isOpen,
  onOpenChange,
}: {
  label: string;
  trigger: ReactNode;
  triggerClass?: string;
  entries: readonly MenuEntry[];
  selected?: string;
  /** Where something else than the button opens it too. */
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
}) {
  return (
    <MenuTrigger {...(isOpen !== undefined && { isOpen })} {...(onOpenChange && { onOpenChange })}>
      <AriaButton className={triggerClass}>
        <span className="sr">{label} </span>
        {trigger}
        <Icon name="chev" />
      </AriaButton>
      <Popover className="popover" placement="bottom start" offset={4}>
        <AriaMenu
          className="menu"
          aria-label={label}
          {...(selected !== undefined && { selectionMode: 'single' as const, selectedKeys: [selected] })}
        >
          {entries.flatMap(
            ({ id, text, content, note, shortcut, onAction, isDisabled = false, separated = false }) => [
              ...(separated ? [<Separator key={`${id}-line`} className="sep" />] : []),
              <MenuItem key={id} id={id} textValue={text} onAction={onAction} isDisabled={isDisabled}>
                {content ?? text}
                {note && <span className="quiet">{note}</span>}
                {shortcut && <kbd aria-hidden="true">{shortcut}</kbd>}
              </MenuItem>,
            ],
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
