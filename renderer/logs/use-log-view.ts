import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { parseLogView } from './search';
import type { LogView } from './search';

/** How logs are looked at, as the address says, and the way to change it: each change replaces the address. */
export function useLogView(): readonly [LogView, (change: Partial<LogView>) => void] {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const view = useMemo(() => parseLogView(search), [search]);
  const change = useCallback(
    (next: Partial<LogView>) =>
      void navigate({
        to: '.',
        search: (before) => ({ ...before, ...next }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  return [view, change];
}
