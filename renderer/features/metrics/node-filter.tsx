import type { ChartNode } from '../../charts/use-chart-nodes';
import { nodeTitle } from '../../network/membership';
import { Button } from '../../ui/button';
import { Checkbox } from '../../ui/fields';
import { OrgTile } from '../../ui/organization';
import { PopoverButton } from '../../ui/popover';
import { plural } from '../../ui/format';

export interface NodeChoice {
  readonly organizations?: string[] | undefined;
  readonly nodes?: string[] | undefined;
}

/** The nodes that are shown: those of the organizations and those named; all where nothing is chosen. */
export function chosenNodes(all: readonly ChartNode[], choice: NodeChoice): readonly ChartNode[] {
  const { organizations = [], nodes = [] } = choice;
  const chosen = all.filter(
    ({ name, organization }) => organizations.includes(organization) || nodes.includes(name),
  );
  return chosen.length === 0 ? all : chosen;
}

const toggled = (values: readonly string[] = [], value: string): string[] | undefined => {
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  return next.length === 0 ? undefined : next;
};

/** Which organizations and nodes are shown. */
export function NodeFilter({
  all,
  choice,
  onChoose,
}: {
  all: readonly ChartNode[];
  choice: NodeChoice;
  onChoose: (choice: NodeChoice) => void;
}) {
  const shown = chosenNodes(all, choice);
  const words = shown.length === all.length ? 'All nodes' : plural(shown.length, 'node');
  const organizations = [...new Set(all.map(({ organization }) => organization))];
  return (
    <PopoverButton label={`Nodes shown: ${words}`} trigger={words}>
      {() => (
        <div className="node-filter">
          {organizations.map((organization) => {
            const whole = choice.organizations?.includes(organization) ?? false;
            return (
              <fieldset key={organization}>
                <legend>
                  <Checkbox
                    isSelected={whole}
                    onChange={() =>
                      onChoose({ ...choice, organizations: toggled(choice.organizations, organization) })
                    }
                  >
                    <OrgTile name={organization} />
                    {organization}
                  </Checkbox>
                </legend>
                {all
                  .filter((node) => node.organization === organization)
                  .map(({ name }) => (
                    <Checkbox
                      key={name}
                      isSelected={whole || (choice.nodes?.includes(name) ?? false)}
                      isDisabled={whole}
                      onChange={() => onChoose({ ...choice, nodes: toggled(choice.nodes, name) })}
                    >
                      {nodeTitle(name)}
                    </Checkbox>
                  ))}
              </fieldset>
            );
          })}
          <Button
            small
            onPress={() => onChoose({ organizations: undefined, nodes: undefined })}
            isDisabled={shown.length === all.length}
          >
            All nodes
          </Button>
        </div>
      )}
    </PopoverButton>
  );
}
