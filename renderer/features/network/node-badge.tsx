import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import { lagsOf } from '../../network/membership';
import { nodeLook } from '../../network/node-look';
import { Badge } from '../../ui/badge';

export function NodeBadge({ status, node }: { status: NetworkStatus; node: NodeStatus }) {
  const behind = lagsOf(status).find((lag) => lag.node.name === node.name)?.blocks ?? 0n;
  const { tone, icon, word } = nodeLook(node, behind, status.state === 'stopped');
  return (
    <Badge tone={tone} icon={icon}>
      {word.charAt(0).toUpperCase() + word.slice(1)}
    </Badge>
  );
}
