import type { NetworkStatus } from '../../../electron/api/models';
import { organizationsOf, shortNodeName } from '../../network/membership';
import { Button } from '../../ui/button';
import { OrgTile } from '../../ui/organization';
import { FilterChip } from '../../ui/tabs';

/** Which nodes' logs are shown: each node by its organization's tile and its own name. */
export function NodeChoice({
  network,
  chosen,
  onChoose,
}: {
  network: NetworkStatus;
  chosen: readonly string[];
  onChoose: (nodes: readonly string[]) => void;
}) {
  const all = network.nodes.map(({ name }) => name);
  const toggle = (node: string, isChosen: boolean) =>
    onChoose(all.filter((name) => (name === node ? isChosen : chosen.includes(name))));
  return (
    <div className="logs-nodes" role="group" aria-label="Nodes">
      {organizationsOf(network).map(({ name: organization }) => (
        <span key={organization} className="logs-organization">
          <OrgTile name={organization} titled />
          {network.nodes
            .filter((node) => node.organization === organization)
            .map((node) => (
              <FilterChip
                key={node.name}
                isSelected={chosen.includes(node.name)}
                onChange={(isChosen) => toggle(node.name, isChosen)}
              >
                <span title={node.name}>{shortNodeName(node.name)}</span>
                {node.state !== 'running' && <span className="quiet">{node.state}</span>}
              </FilterChip>
            ))}
        </span>
      ))}
      <span className="right">
        {chosen.length < all.length && (
          <Button small kind="quiet" onPress={() => onChoose(all)}>
            All
          </Button>
        )}
        {chosen.length > 0 && (
          <Button small kind="quiet" onPress={() => onChoose([])}>
            None
          </Button>
        )}
      </span>
    </div>
  );
}
