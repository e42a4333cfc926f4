import { useNetworkStatus } from '../../network/use-network';
import { formatNumber } from '../../ui/format';
import { PageHead } from '../../ui/page';
import { Facts, Panel } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import { SegmentedControl } from '../../ui/tabs';
import { densities, setDensity, setTheme, themes, useDensity, useTheme } from '../../ui/theme';
import './settings.css';

const titles = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
  compact: 'Compact',
  comfortable: 'Comfortable',
} as const;

/** How the console looks here, and what it is. */
export function Settings() {
  const theme = useTheme();
  const density = useDensity();
  return (
    <>
      <PageHead title="Settings" />
      <div className="body settings">
        <Panel title="Look" note="remembered in this window's profile">
          <div className="pad setting">
            <span>Theme</span>
            <SegmentedControl
              label="Theme"
              items={themes.map((id) => ({ id, title: titles[id] }))}
              selected={theme}
              onSelect={setTheme}
            />
            <span>Density of tables</span>
            <SegmentedControl
              label="Density of tables"
              items={densities.map((id) => ({ id, title: titles[id] }))}
              selected={density}
              onSelect={setDensity}
            />
          </div>
        </Panel>
        <About />
      </div>
    </>
  );
}

function About() {
  const status = useNetworkStatus();
  return (
    <Panel title="About">
      <Resource of={status} what="Asking about the network" lines={3}>
        {(data) => (
          <div className="pad">
            <Facts
              items={[
                ['Program', `CityFlow Operations Console ${__CONSOLE_VERSION__}`],
                ['Licence', 'Apache-2.0'],
                ['Network', data.network],
                ['Runtime', data.runtime ?? 'none yet'],
                ['Nodes', formatNumber(data.nodes.length)],
                ['State on disk', <span className="mono">{data.folder}</span>],
              ]}
            />
          </div>
        )}
      </Resource>
    </Panel>
  );
}
