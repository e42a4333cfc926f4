import { Button as AriaButton } from 'react-aria-components/Button';
import { Dialog as AriaDialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover as AriaPopover } from 'react-aria-components/Popover';
import type { ReactNode } from 'react';
import { Icon } from './icon';
import type { IconName } from './icon';

/** A button that opens a small form beside it. Esc or a press elsewhere closes it; the focus returns to the button. */
export function PopoverButton({
  label,
  icon,
  trigger,
  children,
}: {
  /** Read out for the button and what it opens. */
  label: string;
  icon?: IconName;
  trigger: ReactNode;
  children: (close: () => void) => ReactNode;
}) {
  return (
    <DialogTrigger>
      <AriaButton className="btn" aria-label={label}>
        {icon && <Icon name={icon} />}
        {trigger}
        <Icon name="chev" />
      </AriaButton>
      <AriaPopover className="popover" placement="bottom end" offset={4}>
        <AriaDialog className="popover-form" aria-label={label}>
          {({ close }) => children(close)}
        </AriaDialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
