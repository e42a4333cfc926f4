import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { useOperation } from '../../client/use-operation';
import { useNetworkStatus } from '../../network/use-network';
import { Button } from '../../ui/button';
import { CopyButton } from '../../ui/copy-id';
import { Dialog } from '../../ui/dialog';
import { formatNumber } from '../../ui/format';
import { Facts, Panel } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import { Waiting } from '../../ui/waiting';

export function About() {
  const about = useOperation('about.show', {});
  const status = useNetworkStatus().data;
  const [isOpen, setOpen] = useState(false);
  const electron = /Electron\/([\d.]+)/.exec(navigator.userAgent)?.[1];
  return (
    <div className="body settings">
      <Panel
        title="CityFlow Operations Console"
        aside={<Button onPress={() => setOpen(true)}>Open-source notices</Button>}
      >
        <Resource of={about} what="Asking the core" lines={8}>
          {(data) => (
            <div className="pad">
              <Facts
                items={[
                  ['Page', __CONSOLE_VERSION__],
                  ['Core', data.version],
                  ['Protocol', `${data.protocol}, between page and core`],
                  ['Fabric', `${data.fabric}: its protocols are spoken, its programs can be run`],
                  ['Shell', electron ? `Electron ${electron}` : 'browser'],
                  ['Node', data.node],
                  ['System', data.platform],
                  ['Licence', data.licence],
                  ['Home', <Path path={data.home} />],
                  ['Network', <Path path={data.networkFolder} />],
                  ['Runtime', status?.runtime ?? 'none yet'],
                  ['Nodes', status ? formatNumber(status.nodes.length) : 'unknown'],
                ]}
              />
            </div>
          )}
        </Resource>
      </Panel>
      <p className="quiet settings-note">
        Embedded nodes are for demonstrations, tests and a first look, never for production.
      </p>
      <Dialog title="Open-source notices" isOpen={isOpen} onClose={() => setOpen(false)} wide="widest">
        <Notices />
        <footer>
          <Button onPress={() => setOpen(false)}>Close</Button>
        </footer>
      </Dialog>
    </div>
  );
}

function Path({ path }: { path: string }) {
  return (
    <span className="copy-id">
      <span className="mono" title={path}>
        {path}
      </span>
      <CopyButton text={path} what="path" />
    </span>
  );
}

const noticesSchema = z.array(
  z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() }),
);

/** Written by the build beside the pages: what they and the programs are made of. */
function Notices() {
  const notices = useQuery({
    queryKey: ['notices'],
    queryFn: async () => noticesSchema.parse(await (await fetch('notices.json')).json()),
    staleTime: Infinity,
  });
  if (notices.error) return <p className="dialog-body">They could not be read: {notices.error.message}</p>;
  if (!notices.data) return <Waiting what="Reading the notices" />;
  return (
    <ul className="notices" tabIndex={0} aria-label="Packages and their licences">
      {notices.data.map(({ name, version, licence, text }) => (
        <li key={`${name} ${version}`}>
          <details>
            <summary>
              <span className="mono">{name}</span> {version} <span className="quiet">{licence}</span>
            </summary>
            <pre>{text || 'No licence text comes with the package.'}</pre>
          </details>
        </li>
      ))}
    </ul>
  );
}
