import { Button as AriaButton } from 'react-aria-components/Button';
import { useId } from 'react';
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
  /** Why this cannot be done now: the button takes no press, stays focusable and says the reason. */
  readonly refusal?: string | undefined;
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
  refusal,
  ...rest
}: ButtonProps) {
  const className = ['btn', kindClass[kind], small && 'small', wide && 'wide'].filter(Boolean).join(' ');
  const content = (
    <>
      {icon && <Icon name={icon} />}
      {children}
      {shortcut && <kbd aria-hidden="true">{shortcut}</kbd>}
    </>
  );
  if (refusal !== undefined) {
    const { ref, slot, 'aria-label': label } = rest;
    return (
      <RefusedButton
        className={className}
        reason={refusal}
        {...(ref && { ref })}
        {...(slot && { slot })}
        {...(label && { label })}
      >
        {content}
      </RefusedButton>
    );
  }
  return (
    <AriaButton className={className} {...rest}>
      {content}
    </AriaButton>
  );
}

/** Can be reached, to learn why it does nothing. */
function RefusedButton({
  className,
  reason,
  label,
  ref,
  slot,
  children,
}: {
  className: string;
  reason: string;
  label?: string;
  ref?: Ref<HTMLButtonElement>;
  slot?: string;
  children: ReactNode;
}) {
  const description = useId();
  return (
    <>
      <Tooltip text={reason}>
        <AriaButton
          className={`${className} refused`}
          aria-disabled="true"
          aria-describedby={description}
          {...(ref && { ref })}
          {...(slot && { slot })}
          {...(label && { 'aria-label': label })}
        >
          {children}
        </AriaButton>
      </Tooltip>
      <span className="sr" id={description}>
        {reason}
      </span>
    </>
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
