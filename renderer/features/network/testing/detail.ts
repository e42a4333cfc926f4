import type { NodeStatus } from '../../../../electron/api/models';
import type { NodeDetail } from '../../../../electron/api/node-models';

const DAY_MS = 86_400_000;

/** A peer's detail: its identity expires in ten days, its TLS certificate did ten days ago. */
export function aDetail(node: NodeStatus, change: Partial<NodeDetail> = {}): NodeDetail {
  const certificate = {
    subject: `CN=${node.name}`,
    issuer: 'CN=ca.alpha.test',
    serialNumber: '0a0b',
    from: new Date(Date.now() - 30 * DAY_MS).toISOString(),
    hosts: [],
  };
  return {
    ...node,
    checks: [
      { check: 'process', verdict: 'ok', detail: 'It runs as process 42.' },
      { check: 'operations', verdict: 'ok', detail: '/healthz says OK.' },
      { check: 'gossip', verdict: 'not offered', detail: 'Embedded peers do not gossip.' },
    ],
    ports: [{ purpose: 'grpc', address: node.address }],
    environment: {
      CORE_PEER_ID: node.name,
      CORE_PEER_GOSSIP_BOOTSTRAP: 'localhost:7151',
      FABRIC_CFG_PATH: '/nowhere/configuration',
    },
    folders: { data: '/nowhere/data', log: '/nowhere/log', msp: null },
    certificates: [
      {
        ...certificate,
        use: 'identity',
        expires: new Date(Date.now() + 10 * DAY_MS).toISOString(),
        fingerprint: 'AA:BB',
      },
      {
        ...certificate,
        use: 'tls',
        expires: new Date(Date.now() - 10 * DAY_MS).toISOString(),
        fingerprint: 'CC:DD',
        hosts: ['localhost', '127.0.0.1'],
      },
    ],
    version: '2.5.4',
    logLevel: { spec: 'info', returns: null },
    restarts: 0,
    runningSince: new Date().toISOString(),
    container: null,
    lastExit: null,
    ...change,
  };
}
