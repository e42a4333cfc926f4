import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ContractEndorsement } from '../../../electron/api/contract-models';
import type { Identity } from '../../../electron/api/models';
import { shortcutLabel } from '../../commands/shortcuts';
import { useOfferCommands } from '../../commands/provider';
import { useMay } from '../../client/use-role';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/fields';
import type { Loadable } from '../../ui/resource';
import { SegmentedControl } from '../../ui/tabs';
import { argumentsFromJson } from './argument-json';
import { EndorsersChoice, TransientData } from './call-options';
import { argumentsOf, callOf, firstFault, functionOf, parametersOf } from './contract-call';
import type { Called, ContractCallRequest } from './contract-call';
import { changeDraft } from './draft';
import type { Draft } from './draft';
import { CallText, JsonArguments } from './call-views';
import { NotAMember } from './not-a-member';
import { FreeArguments, ParameterFields } from './parameter-fields';
import type { RequestTab } from './search';

const tabs: { id: RequestTab; title: string }[] = [
  { id: 'form', title: 'Form' },
  { id: 'json', title: 'JSON' },
  { id: 'cli', title: 'CLI' },
  { id: 'typescript', title: 'TypeScript' },
];

/** The call as it is written: as a form, as JSON, as a command, as code; and the two ways to run it. */
export function RequestPanel({
  called,
  draftKey,
  draft,
  tab,
  acting,
  endorsement,
  members,
  onEvaluate,
  onSubmit,
}: {
  called: Called;
  draftKey: string;
  draft: Draft;
  tab: RequestTab;
  acting: Identity;
  endorsement: Loadable<ContractEndorsement>;
  /** Organizations that are members of the channel. */
  members: readonly string[];
  onEvaluate: (call: ContractCallRequest) => void;
  onSubmit: (call: ContractCallRequest) => void;
}) {
  const navigate = useNavigate({ from: '/transactions' });
  const { refusal } = useMay('transaction.run');
  const isMember = members.includes(acting.organization);
  const body = useRef<HTMLDivElement>(null);
  const [attempts, setAttempts] = useState(0);
  const fault = firstFault(called, draft);
  const may = refusal === undefined && isMember;

  const attempt = (run: (call: ContractCallRequest) => void) => {
    if (!may) return;
    if (fault === undefined) {
      run(callOf(called, draft, acting.id));
      return;
    }
    changeDraft(draftKey, { tried: true });
    setAttempts((before) => before + 1);
  };
  useEffect(() => {
    if (attempts > 0)
      body.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid] button')?.focus();
  }, [attempts]);
  useRunCommands(
    () => attempt(onEvaluate),
    () => attempt(onSubmit),
  );

  const name = functionOf(called, draft);
  const change = (part: Partial<Draft>) => changeDraft(draftKey, part);
  return (
    <section className="panel form" aria-label="Request">
      <header>
        <h2 className="mono">{called.described?.call ?? 'Any function'}</h2>
        <span className="right">
          <SegmentedControl
            label="How the call is shown"
            items={tabs}
            selected={tab}
            onSelect={(id) => void navigate({ search: (before) => ({ ...before, tab: id }) })}
          />
        </span>
      </header>
      <div className="form-body" ref={body}>
        {tab === 'form' || tab === 'json' ? (
          <>
            {called.described?.description && <p className="about">{called.described.description}.</p>}
            {!called.described && (
              <div className="fields">
                <div className="full">
                  <TextField
                    label="Function"
                    hint="As the contract calls it; Contract:function where a chaincode has several contracts."
                    monospace
                    value={draft.functionName ?? called.named}
                    error={draft.tried && name === '' ? 'Name the function to call.' : undefined}
                    onChange={(functionName) => change({ functionName })}
                  />
                </div>
              </div>
            )}
            {tab === 'form' ? (
              <Arguments called={called} draft={draft} onChange={change} />
            ) : (
              <JsonArguments called={called} draft={draft} onChange={change} />
            )}
            <div className="opts">
              <EndorsersChoice
                endorsement={endorsement}
                endorsers={draft.endorsers}
                onChange={(endorsers) => change({ endorsers })}
              />
              <TransientData transient={draft.transient} onChange={(transient) => change({ transient })} />
            </div>
            {tab === 'form' && <AsSent called={called} draft={draft} />}
          </>
        ) : (
          <CallText called={called} draft={draft} acting={acting} tab={tab} />
        )}
      </div>
      {!isMember && <NotAMember acting={acting} channel={called.channel} members={members} />}
      {isMember && (
        <p className="differ">
          Evaluate asks one peer and writes nothing.
          <br />
          {called.described?.kind === 'evaluate' ? (
            <>{called.described.name} only reads: a submit would be ordered all the same.</>
          ) : (
            <>
              Submit writes to <b>{called.channel}</b> as {acting.organization}.
            </>
          )}
        </p>
      )}
      {refusal !== undefined && <p className="differ hint bad">{refusal}</p>}
      {attempts > 0 && fault !== undefined && (
        <p className="differ hint bad" role="alert">
          {fault} Nothing was sent.
        </p>
      )}
      <footer className="send">
        <Button
          wide
          isDisabled={!may}
          onPress={() => attempt(onEvaluate)}
          shortcut={shortcutLabel('mod+enter')}
        >
          Evaluate
        </Button>
        <Button
          wide
          kind="primary"
          isDisabled={!may}
          onPress={() => attempt(onSubmit)}
          shortcut={shortcutLabel('mod+shift+enter')}
        >
          Submit
        </Button>
      </footer>
    </section>
  );
}

/** The commands stay the same while what they do changes with each key. */
function useRunCommands(evaluate: () => void, submit: () => void): void {
  const latest = useRef({ evaluate, submit });
  useEffect(() => {
    latest.current = { evaluate, submit };
  });
  useOfferCommands(
    useMemo(
      () => [
        {
          id: 'transaction.evaluate',
          title: 'Evaluate this call',
          section: 'Transactions',
          shortcut: 'mod+enter',
          run: () => latest.current.evaluate(),
        },
        {
          id: 'transaction.submit',
          title: 'Submit this call',
          section: 'Transactions',
          shortcut: 'mod+shift+enter',
          run: () => latest.current.submit(),
        },
      ],
      [],
    ),
  );
}

function Arguments({
  called,
  draft,
  onChange,
}: {
  called: Called;
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}) {
  const parameters = parametersOf(called);
  const args = argumentsOf(called, draft);
  return (
    <>
      {draft.json !== undefined && argumentsFromJson(parameters, draft.json).args === undefined && (
        <p className="about hint warn" role="status">
          The JSON cannot be understood. The form shows what it said before; changing it here replaces the
          JSON.
        </p>
      )}
      {parameters === null ? (
        <FreeArguments args={args} onChange={(changed) => onChange({ args: changed })} />
      ) : (
        <ParameterFields
          parameters={parameters}
          args={args}
          tried={draft.tried ?? false}
          onChange={(changed) => onChange({ args: changed })}
        />
      )}
    </>
  );
}

function AsSent({ called, draft }: { called: Called; draft: Draft }) {
  const name = functionOf(called, draft);
  return (
    <div className="json">
      <h3 className="section-title">As sent</h3>
      <pre tabIndex={0} aria-label="As sent">
        {name || '(no function)'}
        {'\n'}
        {`[${argumentsOf(called, draft)
          .map((arg) => JSON.stringify(arg))
          .join(', ')}]`}
      </pre>
    </div>
  );
}
