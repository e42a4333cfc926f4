import type { ReactNode } from 'react';
import type { NodeStatus } from '../../../electron/api/models';
import type { NodeDetail } from '../../../electron/api/node-models';
import { shortContainerFacts } from './container-facts';
import { portOf } from '../../network/node-look';
import { StateMark } from '../../ui/badge';
import { CopyButton } from '../../ui/copy-id';
import { formatBytes, formatDate, formatDecimal, formatTime } from '../../ui/format';
import { Age } from '../../ui/time';

type Fact = readonly [label: string, value: ReactNode];

export const programWords: Record<NodeStatus['program'], string> = {
  embedded: 'embedded',
  genuine: 'Hyperledger Fabric',
  contract: 'contract process',
};

const addressLabels: Record<NodeStatus['role'], string> = {
  orderer: 'Orders at',
  peer: 'Gateway',
  contract: 'Called at',
};

/** The few facts of the side panel; the node's page has all. */
export function panelFacts(node: NodeStatus, detail: NodeDetail | undefined): Fact[] {
  const runs = node.state === 'running';
  const facts: (Fact | false)[] = [
    [addressLabels[node.role], <Address address={node.address} what="address" />],
    runs &&
      node.operations !== null && [
        'Operations',
        <>
          <span className="mono">{portOf(node.operations)}</span> <Answer node={node} />
        </>,
      ],
    runs && ['Started', <Started detail={detail} />],
    ['Program', <VersionOf node={node} detail={detail} />],
    runs && ['Load', <Load node={node} />],
    ['TLS certificate', <Expiry detail={detail} use="tls" />],
    ...(detail?.container ? shortContainerFacts(detail.container) : []),
  ];
  return facts.filter((fact) => fact !== false);
}

export function Address({ address, what }: { address: string; what: string }) {
  return (
    <span className="copy-id">
      <span className="mono">{address}</span>
      <CopyButton text={address} what={what} />
    </span>
  );
}

function Answer({ node: { health } }: { node: NodeStatus }) {
  if (health.status === 'unknown') return <StateMark tone="idle" icon="clock" word="not asked yet" />;
  return health.status === 'ok' ? (
    <StateMark tone="ok" word={health.reasons.length > 0 ? 'healthy, settling' : 'healthy'} />
  ) : (
    <StateMark
      tone={health.status === 'failed' ? 'danger' : 'warn'}
      icon="warn"
      word={health.reasons[0] ?? health.status}
    />
  );
}

/** Of a node that runs. */
export function Started({ detail }: { detail: NodeDetail | undefined }) {
  if (!detail) return '…';
  if (detail.runningSince === null) return 'before this console';
  return (
    <span>
      {formatTime(detail.runningSince)}, <Age since={detail.runningSince} suffix=" ago" />
    </span>
  );
}

export function VersionOf({ node, detail }: { node: NodeStatus; detail: NodeDetail | undefined }) {
  if (!detail) return '…';
  return (
    <span>
      {detail.version && <span className="mono">{detail.version}</span>}
      {detail.version ? ', ' : node.state === 'running' && 'does not say, '}
      {programWords[node.program]}
    </span>
  );
}

export function Load({ node: { cpuPercent, residentBytes } }: { node: NodeStatus }) {
  if (cpuPercent === null && residentBytes === null) return 'not measured';
  const parts = [
    cpuPercent !== null && `${formatDecimal(cpuPercent, 1)} % of one core`,
    residentBytes !== null && formatBytes(residentBytes),
  ];
  return parts.filter(Boolean).join(', ');
}

function Expiry({ detail, use }: { detail: NodeDetail | undefined; use: 'tls' | 'identity' }) {
  if (!detail) return '…';
  const certificate = detail.certificates.find((candidate) => candidate.use === use);
  return certificate ? `until ${formatDate(certificate.expires)}` : 'none yet';
}
