import type { ReactNode } from 'react';
import type { Settings } from '../../../electron/api/settings';
import { useMay } from '../../client/use-role';
import { useChangeSettings, useSettings } from '../../network/settings';
import { useIdentities } from '../../network/use-network';
import { Select } from '../../ui/fields';
import { OrgTile } from '../../ui/organization';
import { Panel } from '../../ui/panel';
import { ProblemView } from '../../ui/problem-view';
import { Resource } from '../../ui/resource';
import { SegmentedControl } from '../../ui/tabs';
import { setDensity, setTheme, useDensity, useTheme } from '../../ui/theme';

const LAST_USED = '';

export function General() {
  const settings = useSettings();
  const change = useChangeSettings();
  const { refusal } = useMay('settings.set');
  return (
    <div className="body settings">
      {refusal && (
        <p className="soft settings-note">
          {refusal} Theme and density that you choose hold in this browser only.
        </p>
      )}
      {change.error && <ProblemView problem={change.error.problem} />}
      <Look />
      <Resource of={settings} what="Reading the settings" lines={5}>
        {(data) => <Work settings={data} refusal={refusal} onChange={(part) => change.mutate(part)} />}
      </Resource>
      <p className="quiet settings-note">
        Settings are one file, settings.json in CITYFLOW_HOME: every console on it, in the desktop or in a
        browser, has the same within five seconds. This browser remembers theme, density and times besides, so
        that the first paint is right.
      </p>
    </div>
  );
}

function Look() {
  const theme = useTheme();
  const density = useDensity();
  return (
    <Panel title="Look">
      <Setting title="Theme" hint="As the system follows light and dark as the day goes.">
        <SegmentedControl
          label="Theme"
          items={[
            { id: 'system', title: 'As the system' },
            { id: 'light', title: 'Light' },
            { id: 'dark', title: 'Dark' },
          ]}
          selected={theme}
          onSelect={setTheme}
        />
      </Setting>
      <Setting title="Density" hint="Of the rows of tables: 32 or 40 pixels.">
        <SegmentedControl
          label="Density of tables"
          items={[
            { id: 'compact', title: 'Compact' },
            { id: 'comfortable', title: 'Comfortable' },
          ]}
          selected={density}
          onSelect={setDensity}
        />
      </Setting>
    </Panel>
  );
}

function Work({
  settings,
  refusal,
  onChange,
}: {
  settings: Settings;
  refusal: string | undefined;
  onChange: (part: Partial<Settings>) => void;
}) {
  const identities = useIdentities().data ?? [];
  const isDisabled = refusal !== undefined;
  const offset = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'shortOffset' })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName')?.value;
  return (
    <Panel title="Work">
      <Setting
        title="Times"
        hint={`In every view, also in charts and logs. Local is ${offset ?? 'this machine’s'} here.`}
      >
        <SegmentedControl
          label="Times"
          items={[
            { id: 'local', title: 'Local' },
            { id: 'utc', title: 'UTC' },
          ]}
          selected={settings.times}
          onSelect={(times) => onChange({ times })}
          isDisabled={isDisabled}
        />
      </Setting>
      <Setting title="Begin as" hint="Who a new window acts as. The header changes it at any time.">
        <Select
          label="Begin as"
          hideLabel
          isDisabled={isDisabled}
          choices={[
            { id: LAST_USED, text: 'Whoever was acted as last' },
            ...identities.map(({ id, organization, name }) => ({
              id,
              text: id,
              content: (
                <>
                  <OrgTile name={organization} />
                  {organization} / {name}
                </>
              ),
            })),
          ]}
          selected={settings.actingIdentity ?? LAST_USED}
          onSelect={(id) => onChange({ actingIdentity: id === LAST_USED ? null : id })}
        />
      </Setting>
      <Setting title="Metrics open with" hint="The range charts show until another is chosen.">
        <SegmentedControl
          label="Range of metrics"
          items={[
            { id: '15', title: '15 min' },
            { id: '60', title: '1 h' },
            { id: '360', title: '6 h' },
            { id: '1440', title: '24 h' },
          ]}
          selected={String(settings.metricsRangeMinutes)}
          onSelect={(minutes) => onChange({ metricsRangeMinutes: Number(minutes) })}
          isDisabled={isDisabled}
        />
      </Setting>
      <Setting
        title="When the console closes"
        hint="What becomes of a network it started: the window asks once, Ctrl-C in a terminal stops it unless it is left here. Stopping keeps keys and ledgers."
      >
        <SegmentedControl
          label="When the console closes"
          items={[
            { id: 'ask', title: 'Ask' },
            { id: 'leave', title: 'Leave it running' },
            { id: 'stop', title: 'Stop it' },
          ]}
          selected={settings.onClose}
          onSelect={(onClose) => onChange({ onClose })}
          isDisabled={isDisabled}
        />
      </Setting>
    </Panel>
  );
}

export function Setting({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return (
    <div className="setting">
      <span className="setting-title">
        {title}
        <small>{hint}</small>
      </span>
      {children}
    </div>
  );
}
