import { useEffect } from 'react';
import { settingsChangeSchema } from '../../electron/api/settings';
import { useCommand, useOperation } from '../client/use-operation';
import { useMay } from '../client/use-role';
import { adoptLook, onLookChosen } from '../ui/theme';
import { setZone, useZone } from '../ui/time-zone';

const SETTINGS_POLL_MS = 5_000;
/** Set where whoever may not change settings chose a look of their own. */
const OWN_LOOK = 'cityflow.look.own';

/** The settings of all consoles on one CITYFLOW_HOME, as another of them may change them meanwhile. */
export const useSettings = () => useOperation('settings.get', {}, { pollMs: SETTINGS_POLL_MS });

export const useChangeSettings = () => useCommand('settings.set', ['settings.get', 'storage.usage']);

/**
 * Keeps this window to the settings: look and zone are taken over when they change, and what is chosen here, in whatever
 * place, is a setting from then on. The browser's own storage only repeats them, for the first paint. Who may not change
 * settings has a look of their own in this browser.
 */
export function useSettingsInForce(): void {
  const settings = useSettings().data;
  const { mutate: change } = useChangeSettings();
  const { may } = useMay('settings.set');
  // What shows times is drawn with the frame.
  useZone();
  useEffect(
    () =>
      onLookChosen((choice) => {
        if (may) change(settingsChangeSchema.parse(choice));
        else ownLook('set');
      }),
    [may, change],
  );
  const theme = settings?.theme;
  const density = settings?.density;
  useEffect(() => {
    if (theme && density && (may || !ownLook('get'))) adoptLook({ theme, density });
  }, [theme, density, may]);
  const times = settings?.times;
  useEffect(() => {
    if (times) setZone(times);
  }, [times]);
}

function ownLook(what: 'get' | 'set'): boolean {
  try {
    if (what === 'set') localStorage.setItem(OWN_LOOK, 'yes');
    return localStorage.getItem(OWN_LOOK) === 'yes';
  } catch {
    return false;
  }
}
