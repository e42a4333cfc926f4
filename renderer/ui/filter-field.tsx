import { useEffect, useRef, useState } from 'react';
import { TextField } from './fields';

/**
 * What a view's rows are narrowed by. `value` lives in the address, which is a moment behind what is typed: the field
 * shows what is typed, and takes the address's value over when something else changed it.
 */
export function FilterField({
  label,
  placeholder,
  value,
  onChange,
}: {
  /** Read out only. */
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setTyped(value);
  }, [value]);
  return (
    <span data-filter className="filter-field">
      <TextField
        label={label}
        hideLabel
        inputType="search"
        placeholder={placeholder}
        value={typed}
        onChange={(text) => {
          told.current = text;
          setTyped(text);
          onChange(text);
        }}
      />
    </span>
  );
}
