import { Link } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react';
import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import { nodeTitle, shortChannelName, shortNodeName } from '../../network/membership';
import { nodeLook, portOf } from '../../network/node-look';
import { formatDecimal, formatNumber } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { useOrganizationClass } from '../../ui/organization';
import { MapLegend } from './map-legend';
import { channelsOfNode, describeStop, mapOf } from './map-model';
import type { Lane, NetworkMap as MapModel, Segment, Stop, Wire } from './map-model';
import { StopMark } from './stop-mark';
import type { StopShape } from './stop-mark';

const MIB = 1024 * 1024;

/** What the pointer or the focus is on; it lights up before what is chosen. */
type Pointed = { readonly node: string } | { readonly channel: string } | undefined;

interface Lit {
  readonly nodes: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
}

/**
 * A transit map: channels are vertical lines that begin at the orderer, nodes horizontal wires, a stop is a join.
 * Nodes are one stop of the Tab key; arrows move between them and Enter opens.
 */
export function NetworkMap({
  status,
  selected,
  channel,
  onOpen,
}: {
  status: NetworkStatus;
  selected: string | undefined;
  /** Chosen in the header. */
  channel: string | undefined;
  onOpen: (node: string) => void;
}) {
  const map = useMemo(() => mapOf(status), [status]);
  const [pointed, setPointed] = useState<Pointed>(undefined);
  const lit = litBy(status, pointed ?? (selected === undefined ? undefined : { node: selected }), channel);
  const graph = useRef<HTMLDivElement>(null);
  const order = [...map.lanes.flatMap(({ wires }) => wires.map(({ node }) => node)), ...map.contracts.flat()];
  const [focused, setFocused] = useState<string | undefined>(undefined);
  const tabStop = [focused, selected, order[0]?.name].find((name) =>
    order.some((node) => node.name === name),
  );
  /** Called by what is seen on it, then by `more`, which the map draws. */
  const node = (of: NodeStatus, content: ReactNode, className: string, more: string) => (
    <a
      key={of.name}
      href={`#/network/${of.name}`}
      data-node={of.name}
      className={className}
      aria-current={of.name === selected ? 'true' : undefined}
      tabIndex={of.name === tabStop ? 0 : -1}
      title={[of.name, ...of.health.reasons].join('\n')}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onOpen(of.name);
      }}
      onFocus={() => {
        setFocused(of.name);
        setPointed({ node: of.name });
      }}
      onBlur={() => setPointed(undefined)}
      onPointerEnter={() => setPointed({ node: of.name })}
      onPointerLeave={() => setPointed(undefined)}
    >
      {content}
      <span className="sr">, {more}</span>
    </a>
  );
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const target = neighbourOf(map, order, focused ?? tabStop, event.key);
    if (!target) return;
    event.preventDefault();
    graph.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(target)}"]`)?.focus();
  };
  return (
    <section className="panel graph-panel" aria-label="Map of nodes and channels">
      <div className="graph-scroll">
        <div
          className={status.state === 'stopped' ? 'graph asleep' : 'graph'}
          ref={graph}
          style={gridOf(map, status)}
          onKeyDown={onKeyDown}
        >
          <div className="heads">
            <span className="corner">
              Lines are channels.
              <br />A stop means the node has joined.
            </span>
            {status.channels.map((head) => (
              <ChannelHead
                key={head.name}
                channel={head}
                lit={lit.channels.has(head.name)}
                onPoint={setPointed}
              />
            ))}
          </div>
          {map.lanes.map((lane) => (
            <LaneRows
              key={lane.organization}
              lane={lane}
              lit={lit}
              channels={status.channels}
              segments={map.segments.slice(lane.firstRow)}
              node={(wire) =>
                node(
                  wire.node,
                  <NodeWords wire={wire} />,
                  'node',
                  wire.stops.flatMap((stop) => (stop ? describeStop(stop) : [])).join(', '),
                )
              }
            />
          ))}
          {map.contracts.some((nodes) => nodes.length > 0) && (
            <section className="lane org-orderer contracts" aria-label="Contracts">
              <h2>Contracts</h2>
              <div className="wire">
                <span className="corner">
                  One process for each contract.
                  <br />
                  All peers of its channel call it.
                </span>
                {map.contracts.map((nodes, index) => {
                  const name = status.channels[index]?.name ?? '';
                  return (
                    <span key={name} className="cell">
                      <Line segment={map.segments.at(-1)?.[index]} lit={lit.channels.has(name)} />
                      {nodes.map((contract) =>
                        node(
                          contract,
                          <ContractWords node={contract} />,
                          `node contract${lit.nodes.has(contract.name) ? ' lit' : ''}`,
                          `contract of ${name}, ${nodeLook(contract).word}`,
                        ),
                      )}
                    </span>
                  );
                })}
              </div>
            </section>
          )}
        </div>
      </div>
      <MapLegend status={status} />
    </section>
  );
}

function gridOf(map: MapModel, status: NetworkStatus): CSSProperties {
  const lanes = map.lanes.map(({ wires }) => `minmax(${wires.length * 44}px, ${wires.length}fr)`);
  const contracts = Math.max(0, ...map.contracts.map((nodes) => nodes.length));
  const rows = ['66px', ...lanes, ...(contracts > 0 ? [`minmax(${contracts * 44}px, ${contracts}fr)`] : [])];
  return { gridTemplateRows: rows.join(' '), '--channels': status.channels.length } as CSSProperties;
}

function litBy(status: NetworkStatus, pointed: Pointed, chosen: string | undefined): Lit {
  const channels = new Set<string>();
  const nodes = new Set<string>();
  if (pointed && 'node' in pointed) {
    const node = status.nodes.find(({ name }) => name === pointed.node);
    nodes.add(pointed.node);
    if (node) for (const name of channelsOfNode(status, node)) channels.add(name);
  } else {
    const name = pointed?.channel ?? chosen;
    if (name !== undefined) {
      channels.add(name);
      for (const node of status.nodes) {
        if (pointed && channelsOfNode(status, node).includes(name)) nodes.add(node.name);
      }
    }
  }
  return { nodes, channels };
}

/** Up and down the rows; on the contracts' row from one to the next. */
function neighbourOf(
  map: MapModel,
  order: readonly NodeStatus[],
  from: string | undefined,
  key: string,
): string | undefined {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key];
  if (key === 'Home') return order[0]?.name;
  if (key === 'End') return order.at(-1)?.name;
  if (step === undefined) return undefined;
  const index = order.findIndex(({ name }) => name === from);
  const onContracts = order[index]?.role === 'contract';
  const wires = order.length - map.contracts.flat().length;
  if (onContracts && key === 'ArrowUp') return order[wires - 1]?.name;
  if (onContracts && key === 'ArrowDown') return undefined;
  return order[Math.min(order.length - 1, Math.max(0, index + step))]?.name;
}

function ChannelHead({
  channel: { name, height, contract },
  lit,
  onPoint,
}: {
  channel: NetworkStatus['channels'][number];
  lit: boolean;
  onPoint: (pointed: Pointed) => void;
}) {
  return (
    <Link
      to="/channels"
      search={{ channel: name }}
      className={lit ? 'bus-head on' : 'bus-head'}
      title={`${name}: membership, configuration, policies`}
      onFocus={() => onPoint({ channel: name })}
      onBlur={() => onPoint(undefined)}
      onPointerEnter={() => onPoint({ channel: name })}
      onPointerLeave={() => onPoint(undefined)}
    >
      <b>
        {shortChannelName(name)}
        <span>{name.slice(shortChannelName(name).length)}</span>
      </b>
      <small>{height === null ? 'height not known' : `${formatNumber(height)} blocks`}</small>
      <small className="mono">
        {contract
          ? `${contract.name} ${contract.version}`
          : height === null
            ? 'contract not known'
            : 'no contract'}
      </small>
    </Link>
  );
}

function LaneRows({
  lane,
  lit,
  channels,
  segments,
  node,
}: {
  lane: Lane;
  lit: Lit;
  channels: NetworkStatus['channels'];
  segments: readonly (readonly Segment[])[];
  node: (wire: Wire) => ReactNode;
}) {
  return (
    <section className={`lane ${useOrganizationClass(lane.organization)}`} aria-label={lane.organization}>
      <h2>{lane.organization}</h2>
      {lane.wires.map((wire, index) => {
        const last = wire.stops.findLastIndex((stop) => stop !== undefined);
        const state =
          wire.node.state === 'running' ? '' : wire.node.state === 'starting' ? ' coming' : ' down';
        return (
          <div key={wire.node.name} className={`wire${lit.nodes.has(wire.node.name) ? ' sel' : ''}${state}`}>
            {node(wire)}
            {channels.map(({ name }, place) => (
              <StopCell
                key={name}
                stop={wire.stops[place]}
                segment={segments[index]?.[place]}
                reach={place < last ? 'through' : place === last ? 'end' : 'none'}
                lit={lit.channels.has(name)}
              />
            ))}
          </div>
        );
      })}
    </section>
  );
}

function StopCell({
  stop,
  segment,
  reach,
  lit,
}: {
  stop: Stop | undefined;
  segment: Segment;
  /** Of the node's wire: it ends at its last stop. */
  reach: 'through' | 'end' | 'none';
  lit: boolean;
}) {
  return (
    <span className={`cell ${reach}`} title={stop && titleOf(stop)}>
      <Line segment={segment} lit={lit} />
      {stop && (
        <>
          <StopMark shape={shapeOf(stop)} />
          {stop.note && <em>{stop.note}</em>}
        </>
      )}
    </span>
  );
}

const titleOf = (stop: Stop): string =>
  [describeStop(stop), stop.height !== null && `height ${formatNumber(stop.height)}`]
    .filter(Boolean)
    .join(', ');

const shapeOf = ({ kind, anchor }: Stop): StopShape => (kind === 'joined' && anchor ? 'anchor' : kind);

function Line({ segment, lit }: { segment: Segment; lit: boolean }) {
  return segment ? <i className={`line ${segment}${lit ? ' on' : ''}`} /> : null;
}

function NodeWords({ wire: { node, behind } }: { wire: Wire }) {
  const { tone, icon, word } = nodeLook(node, behind);
  const facts = [
    word,
    portOf(node.address),
    node.cpuPercent !== null && `${formatDecimal(node.cpuPercent, 1)} %`,
    node.residentBytes !== null && `${formatNumber(Math.round(node.residentBytes / MIB))} MB`,
  ];
  return (
    <>
      <span className={`state ${tone}`}>
        <Icon name={icon} />
      </span>
      <span className="nm">
        <b>{nodeTitle(node.name)}</b>
        <small>{facts.filter(Boolean).join(' · ')}</small>
      </span>
    </>
  );
}

function ContractWords({ node }: { node: NodeStatus }) {
  const { tone, icon, word } = nodeLook(node);
  return (
    <>
      <span className={`state ${tone}`}>
        <Icon name={icon} />
      </span>
      <span className="nm">
        <b>{shortNodeName(node.name)}</b>
        <small>{tone === 'ok' ? portOf(node.address) : word}</small>
      </span>
    </>
  );
}
