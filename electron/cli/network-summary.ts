import type { NetworkStatus } from '../api/models';
import { table } from './output';

/** What is reachable where, and what to type next. */
export function networkSummary(status: NetworkStatus): string {
  const lines = [
    '',
    `${status.network} · ${status.runtime} runtime · ${status.folder}`,
    '',
    table(
      ['channel', 'height', 'contract', 'members'],
      status.channels.map((channel) => [
        channel.name,
        channel.height ?? '–',
        channel.contract ? `${channel.contract.name} ${channel.contract.version}` : '–',
        channel.members.join(', '),
      ]),
      { right: ['height'] },
    ),
    '',
    table(
      ['node', 'gRPC', 'metrics'],
      status.nodes.map((node) => [
        node.name,
        node.address,
        node.operations ? `http://${node.operations}/metrics` : '',
      ]),
    ),
    '',
    'What to type next, in another terminal:',
    '  npm run -s cityflow -- demo',
    '  npm run -s cityflow -- status',
    '  npm run -s cityflow -- --help',
  ];
  if (status.runtime === 'embedded') {
    lines.push(
      '',
      'The embedded nodes are for demonstrations, tests and a first look, never for production.',
    );
  }
  return lines.join('\n');
}
