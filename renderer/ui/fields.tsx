import { Button as AriaButton } from 'react-aria-components/Button';
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox';
import { ComboBox as AriaComboBox } from 'react-aria-components/ComboBox';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import type { ReactNode, Ref } from 'react';
import { Icon } from './icon';

interface FieldProps {
  readonly label: string;
  /** Name and type as the contract or configuration calls it; small, monospace, beside the label. */
  readonly type?: string;
  readonly hint?: ReactNode;
  /** What is wrong with the value and what would be right. */
  readonly error?: string | undefined;
  readonly isDisabled?: boolean;
  /** The label is read out only: its row says it. */
  readonly hideLabel?: boolean;
}

function FieldLabel({ label, type, hideLabel = false }: Pick<FieldProps, 'label' | 'type' | 'hideLabel'>) {
  return (
    <Label className={hideLabel ? 'sr' : 'label'}>
      {label}
      {type && <span className="type">{type}</span>}
    </Label>
  );
}

function Hint({ hint }: { hint: ReactNode }) {
  return (
    <Text slot="description" className="hint">
      {hint}
    </Text>
  );
}

export interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onSubmit?: () => void;
  readonly placeholder?: string;
  readonly unit?: string;
  readonly monospace?: boolean;
  /** More than one line. */
  readonly rows?: number;
  readonly inputType?: 'text' | 'search' | 'password' | 'datetime-local';
  readonly autoFocus?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
}

export function TextField({
  value,
  onChange,
  onSubmit,
  placeholder = '',
  unit,
  monospace = false,
  rows,
  inputType = 'text',
  autoFocus = false,
  inputRef,
  ...field
}: TextFieldProps) {
  return (
    <AriaTextField
      className="field"
      value={value}
      onChange={onChange}
      isInvalid={field.error !== undefined}
      isDisabled={field.isDisabled ?? false}
      type={inputType}
      autoFocus={autoFocus}
    >
      <FieldLabel {...field} />
      <span className={`input ${monospace ? 'mono' : ''} ${rows ? 'area' : ''}`}>
        {inputType === 'search' && <Icon name="search" small />}
        {rows ? (
          <TextArea rows={rows} placeholder={placeholder} spellCheck={false} />
        ) : (
          <Input
            placeholder={placeholder}
            spellCheck={false}
            autoComplete="off"
            {...(inputRef && { ref: inputRef })}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && onSubmit) {
                event.preventDefault();
                onSubmit();
              }
            }}
          />
        )}
        {unit && <span className="unit">{unit}</span>}
      </span>
      {field.hint && <Hint hint={field.hint} />}
      <FieldError className="hint bad">{field.error}</FieldError>
    </AriaTextField>
  );
}

export interface Choice {
  readonly id: string;
  readonly text: string;
  readonly content?: ReactNode;
  readonly note?: string;
}

function Choices({ choices }: { choices: readonly Choice[] }) {
  return (
    <ListBox className="menu">
      {choices.map(({ id, text, content, note }) => (
        <ListBoxItem key={id} id={id} textValue={text}>
          {content ?? text}
          {note && <span className="quiet">{note}</span>}
        </ListBoxItem>
      ))}
    </ListBox>
  );
}

/** One of a known list. */
export function Select({
  choices,
  selected,
  onSelect,
  placeholder = 'Choose',
  ...field
}: FieldProps & {
  choices: readonly Choice[];
  selected: string | null;
  onSelect: (id: string) => void;
  placeholder?: string;
}) {
  return (
    <AriaSelect
      className="field"
      value={selected}
      onChange={(key) => key !== null && onSelect(String(key))}
      isInvalid={field.error !== undefined}
      isDisabled={field.isDisabled ?? false}
      placeholder={placeholder}
    >
      <FieldLabel {...field} />
      <AriaButton className="input">
        <SelectValue className="value" />
        <Icon name="chev" />
      </AriaButton>
      {field.hint && <Hint hint={field.hint} />}
      <FieldError className="hint bad">{field.error}</FieldError>
      <Popover className="popover field-popover" offset={4}>
        <Choices choices={choices} />
      </Popover>
    </AriaSelect>
  );
}

/** One of a long list: typing narrows it. */
export function ComboBox({
  choices,
  selected,
  onSelect,
  placeholder = '',
  ...field
}: FieldProps & {
  choices: readonly Choice[];
  selected: string | null;
  onSelect: (id: string) => void;
  placeholder?: string;
}) {
  return (
    <AriaComboBox
      className="field"
      value={selected}
      onChange={(key) => key !== null && onSelect(String(key))}
      isInvalid={field.error !== undefined}
      isDisabled={field.isDisabled ?? false}
      menuTrigger="focus"
    >
      <FieldLabel {...field} />
      <span className="input">
        <Input placeholder={placeholder} />
        <AriaButton className="copy" aria-label={`Show choices of ${field.label}`}>
          <Icon name="chev" />
        </AriaButton>
      </span>
      {field.hint && <Hint hint={field.hint} />}
      <FieldError className="hint bad">{field.error}</FieldError>
      <Popover className="popover field-popover" offset={4}>
        <Choices choices={choices} />
      </Popover>
    </AriaComboBox>
  );
}

export function Checkbox({
  children,
  isSelected,
  onChange,
  isDisabled = false,
}: {
  children: ReactNode;
  isSelected: boolean;
  onChange: (isSelected: boolean) => void;
  isDisabled?: boolean;
}) {
  return (
    <AriaCheckbox className="check" isSelected={isSelected} onChange={onChange} isDisabled={isDisabled}>
      {({ isSelected: on }) => (
        <>
          <span className={on ? 'box on' : 'box'}>{on && <Icon name="check" />}</span>
          {children}
        </>
      )}
    </AriaCheckbox>
  );
}
