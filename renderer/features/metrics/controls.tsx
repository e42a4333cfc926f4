import { useState } from 'react';
import type { ChartTimes } from '../../charts/chart-model';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/fields';
import { Menu } from '../../ui/menu';
import { PopoverButton } from '../../ui/popover';
import { fromInput, rangeError, rangeWords, refreshWords, toInput } from './range';
import { refreshes } from './search';
import type { Refresh } from './search';
import { useZone } from '../../ui/time-zone';

/** The range as it is shown; opens a form for another one. */
export function RangePicker({
  times,
  onRange,
}: {
  times: Pick<ChartTimes, 'from' | 'to'> | undefined;
  onRange: (from: string, to: string) => void;
}) {
  const words = times ? rangeWords(times.from, times.to) : 'Range';
  return (
    <PopoverButton label={`Range: ${words}. Choose another`} icon="clock" trigger={words}>
      {(close) => (
        <RangeForm
          from={times?.from ?? Date.now() - 900_000}
          to={times?.to ?? Date.now()}
          onRange={(from, to) => {
            onRange(from, to);
            close();
          }}
        />
      )}
    </PopoverButton>
  );
}

function RangeForm({
  from,
  to,
  onRange,
}: {
  from: number;
  to: number;
  onRange: (from: string, to: string) => void;
}) {
  const zone = useZone();
  const [start, setStart] = useState(() => toInput(from));
  const [end, setEnd] = useState(() => toInput(to));
  const error = rangeError(start, end);
  const submit = () => {
    if (error === undefined) onRange(fromInput(start), fromInput(end));
  };
  return (
    <>
      <TextField
        label="From"
        inputType="datetime-local"
        value={start}
        onChange={setStart}
        onSubmit={submit}
      />
      <TextField
        label="To"
        inputType="datetime-local"
        value={end}
        onChange={setEnd}
        onSubmit={submit}
        error={error}
        hint={`${zone === 'utc' ? 'In UTC.' : 'Your own time.'} Drawing over a chart chooses a range too.`}
      />
      <Button kind="primary" onPress={submit} isDisabled={error !== undefined}>
        Show
      </Button>
    </>
  );
}

export function RefreshMenu({
  seconds,
  onSelect,
}: {
  seconds: number;
  onSelect: (seconds: Refresh) => void;
}) {
  return (
    <Menu
      label={`Refresh: ${refreshWords(seconds)}`}
      trigger={refreshWords(seconds)}
      selected={String(seconds)}
      entries={refreshes.map((choice) => ({
        id: String(choice),
        text: choice === 0 ? 'Off' : `Every ${refreshWords(choice)}`,
        onAction: () => onSelect(choice),
      }))}
    />
  );
}
