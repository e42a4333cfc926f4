import { Button as AriaButton } from 'react-aria-components/Button';
import type { ReactNode, Ref } from 'react';
import { Icon } from './icon';
import type { IconName } from './icon';
import { Tooltip } from './tooltip';

/**
 * `primary`: the one thing this view is for. `danger`: changes or stops something; `destroy`: the same, inside the
 * dialog that names it.
 */
export type ButtonKind = 'primary' | 'outline' | 'danger' | 'destroy' | 'quiet';

export interface ButtonProps {
  readonly children: ReactNode;
  readonly kind?: ButtonKind;
  readonly icon?: IconName;
  readonly small?: boolean;
  readonly wide?: boolean;
  readonly onPress?: () => void;
  readonly isDisabled?: boolean;
  /** Shows that it works on it and takes no second press; stays focusable. */
  readonly isPending?: boolean;
  readonly autoFocus?: boolean;
  readonly type?: 'button' | 'submit';
  /** Shown behind the words, e.g. `Ctrl ↵`. */
  readonly shortcut?: string;
  readonly slot?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-describedby'?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

const kindClass: Record<ButtonKind, string> = {
  primary: 'primary',
  outline: '',
  danger: 'danger',
  destroy: 'destroy',
  quiet: 'ghost',
};

export function Button({
  children,
  kind = 'outline',
  icon,
  small = false,
  wide = false,
  shortcut,
  ...rest
}: ButtonProps) {
  const className = ['btn', kindClass[kind], small && 'small', wide && 'wide'].filter(Boolean).join(' ');
  return (
    <AriaButton className={className} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
      {shortcut && <kbd>{shortcut}</kbd>}
    </AriaButton>
  );
}

/** A button that is a sign only: its label is read out and shown on hover and focus. */
export function IconButton({
  label,
  icon,
  onPress,
  isDisabled = false,
  slot,
}: {
  label: string;
  icon: IconName;
  onPress?: () => void;
  isDisabled?: boolean;
  slot?: string;
}) {
  return (
    <Tooltip text={label}>
      <AriaButton
        className="copy"
        aria-label={label}
        isDisabled={isDisabled}
        {...(onPress && { onPress })}
        {...(slot && { slot })}
      >
        <Icon name={icon} small />
      </AriaButton>
    </Tooltip>
  );
}
