import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import type { NodeAction } from '../../../electron/api/node-models';
import { useCommand, useCommandState } from '../../client/use-operation';
import { nodeTitle } from '../../network/membership';
import { useMay } from '../../client/use-role';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/dialog';
import { Icon } from '../../ui/icon';
import { Menu } from '../../ui/menu';
import { ProblemView } from '../../ui/problem-view';
import { useToast } from '../../ui/toast';
import { Waiting } from '../../ui/waiting';
import { ImpactList, useImpact } from './node-impact';

const refreshed = ['node.show', 'node.impact', 'channel.show'] as const;

const verbs: Record<NodeAction, { verb: string; done: string; means: string }> = {
  stop: {
    verb: 'Stop',
    done: 'is stopped',
    means: 'It ends in good order and keeps its data. Start brings it back, and it catches up by itself.',
  },
  restart: {
    verb: 'Restart',
    done: 'was restarted',
    means: 'It ends in good order and is started again at once; it keeps its data.',
  },
  kill: {
    verb: 'Kill',
    done: 'was killed',
    means:
      'It ends at once, as in a crash, without writing what it holds. Start brings it back; it recovers from its ledger.',
  },
};

/** A node can be ended while it runs or is about to. */
export const canEnd = ({ state }: NodeStatus): boolean => state === 'running' || state === 'starting';

/** Asks before a node is ended, saying what that breaks. */
export function NodeQuestion({
  status,
  node,
  ask,
  onClose,
}: {
  status: NetworkStatus;
  node: NodeStatus;
  ask: NodeAction | undefined;
  onClose: () => void;
}) {
  const { refusal } = useMay('node.stop');
  const isOpen = ask !== undefined && canEnd(node) && refusal === undefined;
  return isOpen ? <OpenQuestion key={ask} status={status} node={node} ask={ask} onClose={onClose} /> : null;
}

function OpenQuestion({
  status,
  node,
  ask,
  onClose,
}: {
  status: NetworkStatus;
  node: NodeStatus;
  ask: NodeAction;
  onClose: () => void;
}) {
  const { verb, means, done } = verbs[ask];
  const title = nodeTitle(node.name);
  const toast = useToast();
  const impact = useImpact(node.name, ask);
  const command = useCommand(`node.${ask}`, refreshed);
  return (
    <ConfirmDialog
      title={`${verb} ${title}?`}
      action={`${verb} ${title}`}
      isOpen
      isPending={command.isPending}
      problem={command.error?.problem}
      onClose={onClose}
      onConfirm={() =>
        command.mutate(
          { node: node.name },
          {
            onSuccess: () => {
              onClose();
              toast(`${title} ${done}.`);
            },
          },
        )
      }
    >
      {impact.data ? (
        <div className="impact">
          <p className="strong">{impact.data.summary}</p>
          <ImpactList status={status} impact={impact.data} />
        </div>
      ) : impact.error ? (
        <ProblemView problem={impact.error.problem} onRetry={() => void impact.refetch()} />
      ) : (
        <Waiting what="Working out what would break" lines={3} />
      )}
      <p className="means">{means}</p>
    </ConfirmDialog>
  );
}

export type StartingNode = ReturnType<typeof useStartNode>;

export function useStartNode(node: NodeStatus) {
  const toast = useToast();
  const { mutate } = useCommand('node.start', refreshed);
  return {
    ...useCommandState('node.start', { node: node.name }),
    start: () =>
      mutate({ node: node.name }, { onSuccess: () => toast(`${nodeTitle(node.name)} runs again.`) }),
  };
}

/** Stop, Restart and Kill of a node that runs, Start of one that does not. */
export function NodeButtons({
  node,
  starting: { start, isPending },
  networkStopped,
  onAsk,
  wide = false,
}: {
  node: NodeStatus;
  starting: StartingNode;
  networkStopped: boolean;
  onAsk: (action: NodeAction) => void;
  wide?: boolean;
}) {
  const { refusal } = useMay('node.stop');
  if (!canEnd(node)) {
    return (
      <Button
        kind="primary"
        icon="play"
        wide={wide}
        onPress={start}
        isPending={isPending}
        refusal={
          refusal ??
          (networkStopped ? 'The network is stopped: start it, and all its nodes with it.' : undefined)
        }
      >
        Start
      </Button>
    );
  }
  return (
    <>
      <Button kind="danger" icon="stop" wide={wide} onPress={() => onAsk('stop')} refusal={refusal}>
        Stop…
      </Button>
      <Button icon="restart" wide={wide} onPress={() => onAsk('restart')} refusal={refusal}>
        Restart…
      </Button>
      <Menu
        label="More"
        triggerClass="btn ghost more"
        trigger={<Icon name="more" />}
        entries={[
          {
            id: 'kill',
            text: 'Kill…',
            note: refusal ?? 'as in a crash',
            isDisabled: refusal !== undefined,
            onAction: () => onAsk('kill'),
          },
          ...(['stop', 'restart'] as const).map((verb) => ({
            id: `copy ${verb}`,
            text: `Copy the command to ${verb} it`,
            separated: verb === 'stop',
            onAction: () => void navigator.clipboard.writeText(`cityflow nodes ${verb} ${node.name}`),
          })),
        ]}
      />
    </>
  );
}
