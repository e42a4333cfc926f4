import type { NodeStatus } from '../../../electron/api/models';
import type { NodeDetail } from '../../../electron/api/node-models';
import { CopyButton } from '../../ui/copy-id';
import { Facts, Panel } from '../../ui/panel';
import { programWords } from './node-facts';
import { configurationOf } from './node-configuration';

/** Folders, addresses and settings of a node, and the commands that do what this console does. */
export function ConfigurationTab({ node, detail }: { node: NodeStatus; detail: NodeDetail }) {
  const { text, format } = configurationOf(detail);
  return (
    <div className="summary">
      <div className="column">
        <Panel title="Settings" note={format} aside={<CopyButton text={text} what="the settings" />}>
          <pre className="node-settings" tabIndex={0} aria-label={`Settings of ${node.name}`}>
            {text}
          </pre>
        </Panel>
      </div>
      <div className="column">
        <Panel title="Commands" note="that do the same">
          <ul className="commands">
            {commandsFor(node, detail.container !== null).map(([what, command]) => (
              <li key={command}>
                <span className="quiet">{what}</span>
                <code>{command}</code>
                <CopyButton text={command} what={`the command: ${what}`} />
              </li>
            ))}
          </ul>
        </Panel>
        <Panel title="Where it keeps things">
          <div className="pad">
            <Facts
              items={[
                ['Program', programWords[node.program]],
                [detail.container === null ? 'Data' : 'Data volume', <Folder path={detail.folders.data} />],
                ['Log', <Folder path={detail.folders.log} />],
                ['MSP', <Folder path={detail.folders.msp} />],
                ['Log level', detail.logLevel ? detail.logLevel.spec : 'does not say'],
              ]}
            />
          </div>
        </Panel>
      </div>
    </div>
  );
}

function Folder({ path }: { path: string | null }) {
  if (path === null) return 'none';
  return (
    <span className="copy-id folder">
      <span className="mono wraps">{path}</span>
      <CopyButton text={path} what="path" />
    </span>
  );
}

const commandsFor = (
  { name, operations }: NodeStatus,
  isContainer: boolean,
): (readonly [string, string])[] => [
  ['Start', `cityflow nodes start ${name}`],
  ['Stop', `cityflow nodes stop ${name}`],
  ['Restart', `cityflow nodes restart ${name}`],
  ['Kill', `cityflow nodes kill ${name}`],
  ['Pause', `cityflow nodes pause ${name}`],
  ['Resume', `cityflow nodes resume ${name}`],
  ...(isContainer
    ? ([
        ['Make anew', `cityflow nodes recreate ${name}`],
        ['Remove container', `cityflow nodes remove ${name}`],
        ['Run in it', `cityflow nodes exec ${name} -- ls`],
      ] as const)
    : []),
  ['Follow its log', `cityflow logs --follow ${name}`],
  ...(operations === null
    ? []
    : ([
        ['Health', `curl http://${operations}/healthz`],
        ['Metrics', `curl http://${operations}/metrics`],
        ['Log level', `curl http://${operations}/logspec`],
      ] as const)),
];
