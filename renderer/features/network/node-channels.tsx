import { Link } from '@tanstack/react-router';
import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import { Badge } from '../../ui/badge';
import { CopyButton, CopyId } from '../../ui/copy-id';
import { formatNumber, shortId } from '../../ui/format';
import { mapOf } from './map-model';
import type { Stop } from './map-model';

/** A node's channels: declared, joined, how far, by which hash. `full` has the hash to copy and the lag in a column. */
export function NodeChannels({
  status,
  node,
  full = false,
}: {
  status: NetworkStatus;
  node: NodeStatus;
  full?: boolean;
}) {
  const wire = mapOf(status)
    .lanes.flatMap(({ wires }) => wires)
    .find((candidate) => candidate.node.name === node.name);
  const stops = wire?.stops.filter((stop) => stop !== undefined) ?? [];
  const tipOf = (channel: string) => node.channels.find(({ name }) => name === channel)?.tipHash ?? null;
  return (
    <table className={full ? undefined : 'tight'} aria-label={`Channels of ${node.name}`}>
      <thead>
        <tr>
          <th scope="col">Channel</th>
          <th scope="col" className="num">
            Height
          </th>
          {full && <th scope="col">Lag</th>}
          {node.role === 'peer' && <th scope="col">Tip</th>}
          <th scope="col">Role</th>
        </tr>
      </thead>
      <tbody>
        {stops.map((stop) => {
          const tip = tipOf(stop.channel);
          return (
            <tr key={stop.channel}>
              <td>
                <Link
                  className="plain-link"
                  to="/channels"
                  search={{ channel: stop.channel, peer: node.name }}
                >
                  {stop.channel}
                </Link>
              </td>
              <td className="num">{stop.height === null ? '–' : formatNumber(stop.height)}</td>
              {full && <td>{<LagWords stop={stop} />}</td>}
              {node.role === 'peer' && (
                <td className="soft">
                  {tip === null ? (
                    '–'
                  ) : full ? (
                    <CopyId id={tip} what="hash" />
                  ) : (
                    <span className="copy-id">
                      <span className="id" title={tip}>
                        {shortId(tip, 4, 4)}
                      </span>
                      <CopyButton text={tip} what={`hash of the tip of ${stop.channel}`} />
                    </span>
                  )}
                </td>
              )}
              <td>
                {full || stop.kind === 'joined' || stop.kind === 'orders' ? (
                  roleOf(stop)
                ) : (
                  <LagWords stop={stop} />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function LagWords({ stop }: { stop: Stop }) {
  switch (stop.kind) {
    case 'behind':
      return (
        <Badge tone="warn" icon="clock">
          {stop.note}
        </Badge>
      );
    case 'missing':
      return <Badge tone="warn">not joined</Badge>;
    case 'silent':
      return <Badge tone="idle">does not say</Badge>;
    case 'orders':
      return <>–</>;
    case 'joined':
      return <Badge tone="ok">level</Badge>;
  }
}

function roleOf({ kind, anchor }: Stop): string {
  if (kind === 'orders') return 'orders';
  if (kind === 'missing' || kind === 'silent') return 'member';
  return anchor ? 'anchor' : 'member';
}
