import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import type { ReactNode } from 'react';

export interface TabItem<Id extends string> {
  readonly id: Id;
  readonly title: string;
  /** Small and grey behind the title, e.g. a count. */
  readonly note?: string;
}

/** Tabs with their panel. Only the chosen one's content is made. */
export function Tabs<Id extends string>({
  label,
  items,
  selected,
  onSelect,
  children,
}: {
  label: string;
  items: readonly TabItem<Id>[];
  selected: Id;
  onSelect: (id: Id) => void;
  children: ReactNode;
}) {
  return (
    <AriaTabs
      className="tabs-root"
      selectedKey={selected}
      onSelectionChange={(key) => {
        const item = items.find(({ id }) => id === key);
        if (item) onSelect(item.id);
      }}
    >
      <TabList className="tabs" aria-label={label}>
        {items.map(({ id, title, note }) => (
          <Tab key={id} id={id}>
            {title}
            {note && <small>{note}</small>}
          </Tab>
        ))}
      </TabList>
      <TabPanel key={selected} id={selected} className="tab-panel">
        {children}
      </TabPanel>
    </AriaTabs>
  );
}

/** One of a few, all in sight: a range, a theme, graph or table. */
export function SegmentedControl<Id extends string>({
  label,
  items,
  selected,
  onSelect,
  isDisabled = false,
}: {
  label: string;
  items: readonly TabItem<Id>[];
  selected: Id;
  onSelect: (id: Id) => void;
  isDisabled?: boolean;
}) {
  return (
    <ToggleButtonGroup
      className="segments"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      isDisabled={isDisabled}
      selectedKeys={[selected]}
      onSelectionChange={(keys) => {
        const item = items.find(({ id }) => keys.has(id));
        if (item) onSelect(item.id);
      }}
    >
      {items.map(({ id, title, note }) => (
        <ToggleButton key={id} id={id}>
          {title}
          {note && <small>{note}</small>}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

/** A filter that is on or off. */
export function FilterChip({
  children,
  isSelected,
  onChange,
}: {
  children: ReactNode;
  isSelected: boolean;
  onChange: (isSelected: boolean) => void;
}) {
  return (
    <ToggleButton className="chip" isSelected={isSelected} onChange={onChange}>
      {children}
    </ToggleButton>
  );
}
