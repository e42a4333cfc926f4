import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useCommand } from '../../client/use-operation';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/fields';
import { ProblemView } from '../../ui/problem-view';
import { useToast } from '../../ui/toast';
import { argumentsOf, functionOf } from './contract-call';
import type { Called } from './contract-call';
import type { Draft } from './draft';

/** Keeps the call under a name. One of the same name is replaced. */
export function SaveRequest({
  called,
  draft,
  onClose,
}: {
  called: Called;
  draft: Draft;
  onClose: () => void;
}) {
  const navigate = useNavigate({ from: '/transactions' });
  const toast = useToast();
  const functionName = functionOf(called, draft);
  const [name, setName] = useState(functionName);
  const save = useCommand('transaction.save', ['transaction.saved']);
  const transientKeys = draft.transient.map((entry) => entry.name).filter((entry) => entry !== '');
  const submit = () => {
    if (name.trim() === '') return;
    save.mutate(
      {
        name: name.trim(),
        channel: called.channel,
        contract: called.contract,
        function: functionName,
        args: [...argumentsOf(called, draft)],
        transientKeys,
        endorsingOrganizations: draft.endorsers && [...draft.endorsers],
      },
      {
        onSuccess: ({ id, name: kept }) => {
          toast(`${kept} is saved`);
          void navigate({ search: (before) => ({ ...before, saved: id }) });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog title="Save request" isOpen onClose={onClose}>
      <div className="dialog-body">
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          onSubmit={submit}
          autoFocus
          hint={
            transientKeys.length > 0
              ? `Transient values are secrets and are not saved: ${transientKeys.join(', ')} will be asked for.`
              : 'Function, arguments and endorsers are saved; the identity is whoever acts then.'
          }
        />
      </div>
      {save.error && <ProblemView problem={save.error.problem} />}
      <footer>
        <Button onPress={onClose}>Cancel</Button>
        <Button kind="primary" onPress={submit} isPending={save.isPending} isDisabled={name.trim() === ''}>
          Save
        </Button>
      </footer>
    </Dialog>
  );
}
