import { Fragment } from 'react';
import type { ReactNode } from 'react';
import type { ContainerFacts, NodeAction } from '../../../electron/api/node-models';
import { useMay } from '../../client/use-role';
import { Button } from '../../ui/button';
import { CopyButton, CopyId } from '../../ui/copy-id';
import { formatBytes, plural } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { Facts, Panel } from '../../ui/panel';

type Fact = readonly [label: string, value: ReactNode];

/** What the engine knows of a node's container. */
export function ContainerPanel({ container }: { container: ContainerFacts }) {
  return (
    <Panel title="Container" note="as the engine has it">
      <div className="pad">
        <Facts items={containerFacts(container)} />
      </div>
    </Panel>
  );
}

function containerFacts(container: ContainerFacts): Fact[] {
  return [
    ['Name', <Whole text={container.name} what="name of the container" />],
    ['Id', <CopyId id={container.id} what="id of the container" short={false} />],
    ['Image', <Whole text={container.image} what="name of the image" />],
    ['Digest', <CopyId id={container.imageDigest.replace(ALGORITHM, '')} what="digest of the image" />],
    [
      'Ledger volume',
      container.volume === null ? (
        'none, it keeps no ledger'
      ) : (
        <Whole text={container.volume} what="name of the volume" />
      ),
    ],
    ['Started again', container.restarts === 0 ? 'never by the engine' : restarts(container)],
    ['Memory limit', container.memoryLimitBytes === null ? 'none' : formatBytes(container.memoryLimitBytes)],
    ['Processor limit', container.processorLimit === null ? 'none' : cores(container.processorLimit)],
    ...trafficFacts(container),
  ];
}

const ALGORITHM = /^sha256:/;

/** The few of the side panel. */
export function shortContainerFacts(container: ContainerFacts): Fact[] {
  return [
    ['Container', <CopyId id={container.id} what="id of the container" short={false} />],
    ['Image', <span title={`${container.image} ${container.imageDigest}`}>{container.image}</span>],
    ['Limits', limits(container)],
    ...(container.restarts > 0 ? [['Started again', restarts(container)] as const] : []),
    ...trafficFacts(container),
  ];
}

/** Since its start. */
function trafficFacts({ network, disk }: ContainerFacts): Fact[] {
  if (network === null) return [];
  return [
    ['Network', `${formatBytes(network.receivedBytes)} received, ${formatBytes(network.sentBytes)} sent`],
    [
      'Disk',
      disk === null
        ? 'not counted by the engine'
        : `${formatBytes(disk.readBytes)} read, ${formatBytes(disk.writtenBytes)} written`,
    ],
  ];
}

function limits({ memoryLimitBytes, processorLimit }: ContainerFacts): string {
  const parts = [
    memoryLimitBytes !== null && `${formatBytes(memoryLimitBytes)} of memory`,
    processorLimit !== null && cores(processorLimit),
  ];
  return parts.filter(Boolean).join(', ') || 'none';
}

const restarts = (container: ContainerFacts): string => `${plural(container.restarts, 'time')} by the engine`;

/** A limit may be a part of one. */
const cores = (limit: number): string =>
  Number.isInteger(limit) ? plural(limit, 'core') : `${String(limit)} cores`;

/** Names say most at their ends: they break at their parts rather than end in an ellipsis. */
function Whole({ text, what }: { text: string; what: string }) {
  return (
    <span className="copy-id whole">
      <span className="mono wraps">
        {text.split(/(?<=[._/])/).map((part, index) => (
          <Fragment key={index}>
            <wbr />
            {part}
          </Fragment>
        ))}
      </span>
      <CopyButton text={text} what={what} />
    </span>
  );
}

/** In which settings a container is not as the topology has it, and what brings it there. */
export function Drift({
  container,
  onAsk,
}: {
  container: ContainerFacts | null;
  onAsk: (action: NodeAction) => void;
}) {
  const { refusal } = useMay('node.recreate');
  if (container === null || container.drift.length === 0) return null;
  return (
    <section className="breaks drift" aria-labelledby="drift">
      <h2 id="drift">
        <Icon name="warn" />
        Not as the topology has it
      </h2>
      <ul>
        {container.drift.map((setting) => (
          <li key={setting}>{sentence(setting)}</li>
        ))}
      </ul>
      <p>What it was made with holds until it is made anew; its ledger stays.</p>
      <Button small icon="restart" onPress={() => onAsk('recreate')} refusal={refusal}>
        Make it anew…
      </Button>
    </section>
  );
}

const sentence = (setting: string): string => setting.charAt(0).toUpperCase() + setting.slice(1);
