import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ContractEndorsement } from '../../../electron/api/contract-models';
import type { ContractStatus } from '../../../electron/api/models';
import { useOperation } from '../../client/use-operation';
import { useActingIdentity } from '../../network/acting';
import { useNetworkStatus } from '../../network/use-network';
import { useMay } from '../../client/use-role';
import { StateMark } from '../../ui/badge';
import { Button } from '../../ui/button';
import { PageHead } from '../../ui/page';
import type { Loadable } from '../../ui/resource';
import { Empty, Waiting } from '../../ui/waiting';
import { callOf, firstFault } from './contract-call';
import type { Called } from './contract-call';
import { Comparison } from './comparison';
import { draftKey, useDraft } from './draft';
import { FunctionsPanel } from './functions-panel';
import { RequestPanel } from './request-panel';
import { ResultPanels } from './result-panel';
import { useRun } from './run-store';
import { SaveRequest } from './save-request';
import { useRunner } from './use-runner';

const route = getRouteApi('/transactions');

/** Functions, the call, and what became of it, side by side. */
export function Studio({
  contracts,
  contract,
  notice,
}: {
  contracts: readonly ContractStatus[];
  contract: ContractStatus;
  notice: string | undefined;
}) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/transactions' });
  const acting = useActingIdentity();
  const { refusal } = useMay('transaction.run');
  const status = useNetworkStatus().data;
  const detail = useOperation('contract.show', { contract: contract.name });
  const endorsement = useOperation('contract.endorsement', { contract: contract.name });
  const saved = useOperation('transaction.saved', {}, { enabled: refusal === undefined });
  const [saving, setSaving] = useState(false);
  const run = useRun();
  const { evaluate, submit } = useRunner();

  const functions = detail.data?.functions ?? [];
  const described = search.free
    ? undefined
    : search.function === undefined
      ? functions[0]
      : functions.find(({ call }) => call === search.function);
  const called: Called = {
    contract: contract.name,
    channel: contract.channel,
    described,
    named: search.free ? '' : (search.function ?? ''),
  };
  // Which form it will be is known when the contract has answered, or has failed to.
  const asking = detail.data === undefined && detail.error === null && search.free !== true;
  const key = draftKey(contract.name, described?.call ?? (search.free ? undefined : search.function));
  const draft = useDraft(key);
  const members = status?.channels.find(({ name }) => name === contract.channel)?.members ?? [];
  const fault = firstFault(called, draft);
  const again = run && (() => void (run.kind === 'evaluate' ? evaluate(run.call) : submit(run.call)));

  return (
    <>
      <PageHead
        title="Transactions"
        facts={
          <>
            <span>
              Contract <b className="strong">{contract.name}</b>{' '}
              {contract.committed
                ? `${contract.committed.version}, sequence ${contract.committed.sequence}`
                : 'is not committed yet'}
            </span>
            <PolicyState endorsement={endorsement} />
          </>
        }
        actions={
          <>
            <Button
              kind="quiet"
              icon="clock"
              onPress={() => void navigate({ search: ({ channel }) => ({ channel, view: 'history' }) })}
            >
              History
            </Button>
            <Button icon="save" isDisabled={refusal !== undefined} onPress={() => setSaving(true)}>
              Save request
            </Button>
          </>
        }
      />
      {[notice, endorsement.data?.reason ?? undefined]
        .filter((words) => words !== undefined)
        .map((words) => (
          <p key={words} className="tx-notice" role="status">
            <StateMark tone="warn" word={words} />
          </p>
        ))}
      <div className="body studio">
        <FunctionsPanel
          contract={contract}
          contracts={contracts}
          detail={detail}
          selected={described?.call}
          saved={saved}
          selectedSaved={search.saved}
        />
        {!acting ? (
          <section className="panel form" aria-label="Request">
            <Empty title="There is no identity to act as" command="cityflow identities list">
              Identities are made with the network; others are issued or imported under Identities.
            </Empty>
          </section>
        ) : asking ? (
          <section className="panel form" aria-label="Request">
            <Waiting what={`Asking ${contract.name} what it takes`} lines={8} />
          </section>
        ) : (
          <RequestPanel
            key={key}
            called={called}
            draftKey={key}
            draft={draft}
            tab={search.tab ?? 'form'}
            acting={acting}
            endorsement={endorsement}
            members={members}
            onEvaluate={(call) => void evaluate(call)}
            onSubmit={(call) => void submit(call)}
          />
        )}
        <div className="result">
          <ResultPanels run={run} task={search.task} onAgain={again} />
          {acting && (
            <Comparison
              key={key}
              call={
                !asking && fault === undefined && refusal === undefined
                  ? callOf(called, draft, acting.id)
                  : undefined
              }
              acting={acting}
              reason={refusal ?? (asking ? undefined : fault)}
            />
          )}
        </div>
      </div>
      {saving && <SaveRequest called={called} draft={draft} onClose={() => setSaving(false)} />}
    </>
  );
}

function PolicyState({ endorsement }: { endorsement: Loadable<ContractEndorsement> }) {
  const known = endorsement.data;
  if (!known) return null;
  return known.canBeMet ? (
    <StateMark tone="ok" word="Policy can be met now" />
  ) : (
    <StateMark tone="danger" word="Policy cannot be met now" />
  );
}
