import { Link } from '@tanstack/react-router';
import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import { lagsOf, organizationsOf, shortNodeName } from '../../network/membership';
import type { PeerLag } from '../../network/membership';
import { formatNumber, plural } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { OrgName } from '../../ui/organization';
import { Panel } from '../../ui/panel';

export function NodesByOrganization({ status }: { status: NetworkStatus }) {
  const organizations = organizationsOf(status);
  const lags = lagsOf(status);
  return (
    <Panel
      title="Nodes"
      note={plural(organizations.length, 'organization')}
      className="nodes"
      aside={
        <Link className="link" to="/network">
          Open network
        </Link>
      }
    >
      <ul className="nlist">
        {organizations.map(({ name }) => (
          <li key={name} className="nrow">
            <OrgName name={name} />
            <span className="nps">
              {status.nodes
                .filter((node) => node.organization === name && node.role !== 'contract')
                .map((node) => (
                  <Node key={node.name} node={node} lag={lags.find((lag) => lag.node === node)} />
                ))}
            </span>
          </li>
        ))}
        <li className="nrow contracts">
          Contracts
          <span className="nps">
            {status.nodes
              .filter(({ role }) => role === 'contract')
              .map((node) => (
                <Node key={node.name} node={node} lag={undefined} />
              ))}
          </span>
        </li>
      </ul>
    </Panel>
  );
}

function Node({ node, lag }: { node: NodeStatus; lag: PeerLag | undefined }) {
  const { tone, icon, word } = lookOf(node, lag);
  const title = `${node.name}, ${node.role} at ${node.address}: ${[word, ...node.health.reasons].join(', ')}`;
  return (
    <span className="np" title={title}>
      <span className={`state ${tone}`}>
        <Icon name={icon} />
        <span className="sr">{word}</span>
      </span>
      <span className="mono">{shortNodeName(node.name)}</span>
      {tone !== 'ok' && <small>{word}</small>}
    </span>
  );
}

function lookOf(node: NodeStatus, lag: PeerLag | undefined) {
  if (node.state === 'starting') return { tone: 'idle', icon: 'clock', word: 'starting' } as const;
  if (node.state !== 'running') return { tone: 'danger', icon: 'x', word: node.state } as const;
  if (node.health.status !== 'ok') return { tone: 'warn', icon: 'warn', word: node.health.status } as const;
  if (lag) return { tone: 'warn', icon: 'clock', word: `${formatNumber(lag.blocks)} behind` } as const;
  return { tone: 'ok', icon: 'check', word: 'running' } as const;
}
