import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { SavedRequest } from '../../../electron/api/activity-models';
import type { RequestOf } from '../../../electron/api/operations';
import type { ContractStatus } from '../../../electron/api/models';
import { useCommand } from '../../client/use-operation';
import { Button, IconButton } from '../../ui/button';
import { useRefusal } from '../../network/use-role';
import { ProblemView } from '../../ui/problem-view';
import { Resource } from '../../ui/resource';
import type { Loadable } from '../../ui/resource';
import { changeDraft } from './draft';
import { requestDraft } from './request-draft';

/** As it was before it was given an id. */
const requestOf = (saved: SavedRequest): RequestOf<'transaction.save'> => ({
  name: saved.name,
  channel: saved.channel,
  contract: saved.contract,
  function: saved.function,
  args: saved.args,
  transientKeys: saved.transientKeys,
  endorsingOrganizations: saved.endorsingOrganizations,
});

/** Saved requests of this contract first; those of others name it. */
export function SavedList({
  saved,
  contract,
  shown,
  selected,
}: {
  saved: Loadable<SavedRequest[]>;
  contract: ContractStatus;
  shown: (name: string) => boolean;
  selected: string | undefined;
}) {
  const refusal = useRefusal('operator');
  const [removed, setRemoved] = useState<SavedRequest | undefined>(undefined);
  const navigate = useNavigate({ from: '/transactions' });
  const forget = useCommand('transaction.forget', ['transaction.saved']);
  const save = useCommand('transaction.save', ['transaction.saved']);
  const own = (request: SavedRequest) =>
    request.contract === contract.name && request.channel === contract.channel;
  const problem = forget.error?.problem ?? save.error?.problem;
  if (refusal !== undefined) {
    return (
      <>
        <h2 className="section-title saved">Saved</h2>
        <p className="why-none">{refusal}</p>
      </>
    );
  }
  return (
    <>
      <h2 className="section-title saved">Saved</h2>
      <Resource of={saved} what="Asking for saved requests" lines={2}>
        {(all) =>
          all.length === 0 ? (
            <p className="why-none">None yet. Save request keeps a call under a name.</p>
          ) : (
            <ul>
              {[...all.filter(own), ...all.filter((request) => !own(request))]
                .filter(({ name }) => shown(name))
                .map((request) => (
                  <li key={request.id} className="saved-entry">
                    <Link
                      from="/transactions"
                      to="."
                      search={({ tab, task }) => ({
                        tab,
                        task,
                        ...requestDraft(request).search,
                        saved: request.id,
                      })}
                      title={`${request.function} of ${request.contract}`}
                      aria-current={request.id === selected ? true : undefined}
                      onClick={() => {
                        const { key, draft } = requestDraft(request);
                        changeDraft(key, draft);
                      }}
                    >
                      <span>{request.name}</span>
                      {!own(request) && <small className="quiet">{request.contract}</small>}
                    </Link>
                    <IconButton
                      label={`Remove ${request.name}`}
                      icon="x"
                      onPress={() => {
                        forget.mutate({ id: request.id }, { onSuccess: () => setRemoved(request) });
                        if (request.id === selected)
                          void navigate({ search: (before) => ({ ...before, saved: undefined }) });
                      }}
                    />
                  </li>
                ))}
            </ul>
          )
        }
      </Resource>
      {removed && (
        <p className="why-none" role="status">
          {removed.name} is removed.{' '}
          <Button
            kind="quiet"
            small
            onPress={() => {
              save.mutate(requestOf(removed), { onSuccess: () => setRemoved(undefined) });
            }}
          >
            Undo
          </Button>
        </p>
      )}
      {problem && <ProblemView problem={problem} />}
    </>
  );
}
