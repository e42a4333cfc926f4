import { useState } from 'react';
import type { NetworkStatus, NodeStatus } from '../../../electron/api/models';
import type { ContainerFacts, NodeAction } from '../../../electron/api/node-models';
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

interface Wording {
  /** In a menu and on a button. */
  readonly offer: string;
  /** "Stop peer0.alpha": the question, and the button that does it. */
  readonly title: (node: string) => string;
  readonly done: string;
  readonly means: (container: ContainerFacts | null) => string;
}

const wordings: Record<NodeAction, Wording> = {
  stop: {
    offer: 'Stop…',
    title: (node) => `Stop ${node}`,
    done: 'is stopped',
    means: () =>
      'It ends in good order and keeps its data. Start brings it back, and it catches up by itself.',
  },
  restart: {
    offer: 'Restart…',
    title: (node) => `Restart ${node}`,
    done: 'was restarted',
    means: () => 'It ends in good order and is started again at once; it keeps its data.',
  },
  kill: {
    offer: 'Kill…',
    title: (node) => `Kill ${node}`,
    done: 'was killed',
    means: () =>
      'It ends at once, as in a crash, without writing what it holds. Start brings it back; it recovers from its ledger.',
  },
  pause: {
    offer: 'Pause…',
    title: (node) => `Pause ${node}`,
    done: 'is paused',
    means: () =>
      'It stands still: it keeps its memory and its ports, and answers nothing. Resume lets it go on where it was.',
  },
  remove: {
    offer: 'Remove container…',
    title: (node) => `Remove the container of ${node}`,
    done: 'has no container any more',
    means: (container) =>
      `It ends in good order, and its container goes. ${kept(container)} Start makes a new container, as the topology has it.`,
  },
  recreate: {
    offer: 'Make it anew…',
    title: (node) => `Make ${node} anew`,
    done: 'was made anew',
    means: (container) =>
      `It ends in good order, and a new container, as the topology has it, takes the place of this one. ${kept(container)}`,
  },
};

const kept = (container: ContainerFacts | null): string =>
  !container || container.volume === null
    ? 'It keeps no ledger, and its log stays in this console.'
    : `Its ledger stays in the volume ${container.volume}, its log in this console.`;

/** Whether this can be done with a node as it is now. */
function canDo(action: NodeAction, { state }: NodeStatus, container: ContainerFacts | null): boolean {
  switch (action) {
    case 'stop':
    case 'restart':
    case 'kill':
      return state === 'running' || state === 'starting' || state === 'paused';
    case 'pause':
      return state === 'running';
    case 'remove':
    case 'recreate':
      return container !== null && state !== 'starting' && state !== 'unknown';
  }
}

interface Question {
  readonly status: NetworkStatus;
  readonly node: NodeStatus;
  /** Null where it has none, or as long as it is not known. */
  readonly container: ContainerFacts | null;
  readonly onClose: () => void;
}

/** Asks before a node is ended, paused or made anew, saying what that breaks. */
export function NodeQuestion({ ask, ...rest }: Question & { ask: NodeAction | undefined }) {
  return ask === undefined ? null : <PossibleQuestion key={ask} {...rest} ask={ask} />;
}

/** What is being done changes the node: the question stays until it is over. */
function PossibleQuestion(question: Question & { ask: NodeAction }) {
  const { node, container, ask } = question;
  const { refusal } = useMay(`node.${ask}`);
  const { isPending } = useCommandState(`node.${ask}`, { node: node.name });
  return refusal === undefined && (isPending || canDo(ask, node, container)) ? (
    <OpenQuestion {...question} />
  ) : null;
}

function OpenQuestion({ status, node, container: asked, ask, onClose }: Question & { ask: NodeAction }) {
  // What is asked about may be gone before it is over.
  const [container] = useState(asked);
  const { title: titleOf, means, done } = wordings[ask];
  const title = nodeTitle(node.name);
  const toast = useToast();
  const command = useCommand(`node.${ask}`, refreshed);
  // Once it is being done, what was said before stays.
  const impact = useImpact(node.name, ask, !command.isPending);
  return (
    <ConfirmDialog
      title={`${titleOf(title)}?`}
      action={titleOf(title)}
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
      <p className="means">{means(container)}</p>
    </ConfirmDialog>
  );
}

export type StartingNode = ReturnType<typeof useStartNode>;

/** Start of a node that does not run, Resume of one that is paused. */
export function useStartNode(node: NodeStatus) {
  const toast = useToast();
  const starting = useCommand('node.start', refreshed);
  const resuming = useCommand('node.resume', refreshed);
  const isPaused = node.state === 'paused';
  const { mutate } = isPaused ? resuming : starting;
  return {
    ...useCommandState(isPaused ? 'node.resume' : 'node.start', { node: node.name }),
    start: () =>
      mutate({ node: node.name }, { onSuccess: () => toast(`${nodeTitle(node.name)} runs again.`) }),
  };
}

/** What can be done with a node as it is: on buttons what is done often, in a menu the rest. */
export function NodeButtons({
  node,
  container,
  starting: { start, isPending },
  networkStopped,
  onAsk,
  wide = false,
}: {
  node: NodeStatus;
  container: ContainerFacts | null;
  starting: StartingNode;
  networkStopped: boolean;
  onAsk: (action: NodeAction) => void;
  wide?: boolean;
}) {
  const { refusal } = useMay('node.stop');
  const isPaused = node.state === 'paused';
  const canStop = canDo('stop', node, container);
  const rest = (['pause', 'kill', 'recreate', 'remove'] as const).filter((action) =>
    canDo(action, node, container),
  );
  return (
    <>
      {(isPaused || !canStop) && (
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
          {isPaused ? 'Resume' : 'Start'}
        </Button>
      )}
      {canStop && (
        <Button kind="danger" icon="stop" wide={wide} onPress={() => onAsk('stop')} refusal={refusal}>
          Stop…
        </Button>
      )}
      {canStop && !isPaused && (
        <Button icon="restart" wide={wide} onPress={() => onAsk('restart')} refusal={refusal}>
          Restart…
        </Button>
      )}
      {rest.length > 0 && (
        <Menu
          label="More"
          triggerClass="btn ghost more"
          trigger={<Icon name="more" />}
          entries={[
            ...rest.map((action) => ({
              id: action,
              text: wordings[action].offer,
              ...(refusal === undefined ? notes[action] : { note: refusal }),
              isDisabled: refusal !== undefined,
              onAction: () => onAsk(action),
            })),
            ...(canStop ? (['stop', 'restart'] as const) : (['start'] as const)).map((verb, index) => ({
              id: `copy ${verb}`,
              text: `Copy the command to ${verb} it`,
              separated: index === 0,
              onAction: () => void navigator.clipboard.writeText(`cityflow nodes ${verb} ${node.name}`),
            })),
          ]}
        />
      )}
    </>
  );
}

const notes: Record<'pause' | 'kill' | 'recreate' | 'remove', { readonly note: string }> = {
  pause: { note: 'answers nothing' },
  kill: { note: 'as in a crash' },
  recreate: { note: 'as the topology has it' },
  remove: { note: 'the ledger stays' },
};
