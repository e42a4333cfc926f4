import { useState } from 'react';
import type { Identity } from '../../../electron/api/models';
import type { Problem } from '../../../electron/api/problems';
import { useClient } from '../../client/context';
import { actAs } from '../../network/acting';
import { useIdentities, useNetworkStatus } from '../../network/use-network';
import { organizationsOf } from '../../network/membership';
import { StateMark } from '../../ui/badge';
import { Button } from '../../ui/button';
import { formatDuration } from '../../ui/format';
import { OrgTile } from '../../ui/organization';
import { Panel } from '../../ui/panel';
import { ProblemView } from '../../ui/problem-view';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import type { ContractCallRequest } from './contract-call';
import { textOf } from './result-value';
import { speakerOf } from './speakers';

interface Row {
  readonly identity: Identity;
  /** Undefined: being asked. */
  readonly answer:
    | { readonly ok: true; readonly result: unknown; readonly ms: number }
    | { readonly ok: false; readonly problem: Problem; readonly ms: number }
    | undefined;
}

/** The same call evaluated as one identity of each organization: who may, and whether they get the same answer. */
export function Comparison({
  call,
  acting,
  reason,
}: {
  /** Undefined: it can't be asked yet. */
  call: ContractCallRequest | undefined;
  acting: Identity;
  /** Why it can't be asked. */
  reason: string | undefined;
}) {
  const client = useClient();
  const status = useNetworkStatus().data;
  const identities = useIdentities().data ?? [];
  const [compared, setCompared] = useState<{ args: string; rows: readonly Row[] } | undefined>(undefined);
  const [open, setOpen] = useState<string | undefined>(undefined);
  const speakers = status
    ? organizationsOf(status)
        .filter(({ ordering }) => !ordering)
        .flatMap(({ name }) => speakerOf(identities, name, acting) ?? [])
    : [];
  const asking = compared?.rows.some(({ answer }) => answer === undefined) ?? false;

  const ask = async (asked: ContractCallRequest) => {
    setOpen(undefined);
    setCompared({
      args: JSON.stringify(asked.args),
      rows: speakers.map((identity) => ({ identity, answer: undefined })),
    });
    await Promise.all(
      speakers.map(async (identity) => {
        const began = performance.now();
        const outcome = await client.call('transaction.evaluate', { ...asked, as: identity.id });
        const ms = performance.now() - began;
        const answer: Row['answer'] = outcome.ok
          ? { ok: true, result: outcome.value.result, ms: outcome.value.durationMs }
          : { ok: false, problem: outcome.problem, ms };
        setCompared(
          (before) =>
            before && {
              ...before,
              rows: before.rows.map((row) => (row.identity.id === identity.id ? { identity, answer } : row)),
            },
        );
      }),
    );
  };

  const changed = compared !== undefined && call !== undefined && compared.args !== JSON.stringify(call.args);
  const opened = compared?.rows.find(({ identity }) => identity.id === open);
  return (
    <Panel
      title="The same as each organization"
      note={changed ? 'the call has changed since' : 'evaluated, nothing written'}
      className="grow"
      aside={
        <Button
          small
          icon="restart"
          isDisabled={call === undefined}
          isPending={asking}
          onPress={() => call && void ask(call)}
        >
          {compared ? 'Run again' : 'Run as each'}
        </Button>
      }
    >
      {compared ? (
        <>
          <Agreement rows={compared.rows} />
          <Table
            label="Answers by organization"
            rows={compared.rows}
            rowKey={({ identity }) => identity.id}
            columns={columns}
            selected={open ?? ''}
            onOpen={({ identity }) => setOpen(identity.id === open ? undefined : identity.id)}
          />
          {opened?.answer && !opened.answer.ok && (
            <div className="pad">
              <ProblemView
                problem={opened.answer.problem}
                actions={
                  <Button small onPress={() => actAs(opened.identity.id)}>
                    Act as {opened.identity.id}
                  </Button>
                }
              />
            </div>
          )}
        </>
      ) : (
        <p className="pad quiet compare-hint">
          {reason ?? 'Shows who may call it, and whether every organization gets the same answer.'}
        </p>
      )}
    </Panel>
  );
}

function Agreement({ rows }: { rows: readonly Row[] }) {
  const answers = rows.flatMap(({ answer }) => (answer?.ok ? [JSON.stringify(answer.result)] : []));
  if (rows.some(({ answer }) => answer === undefined) || answers.length < 2) return null;
  const same = new Set(answers).size === 1;
  return (
    <p className="agreement" role="status">
      {same ? (
        <StateMark tone="ok" word={`All ${String(answers.length)} that were answered got the same`} />
      ) : (
        <StateMark tone="warn" word="They got different answers" />
      )}
    </p>
  );
}

function mark({ answer }: Row) {
  if (answer === undefined) return <StateMark tone="idle" icon="clock" word="asking" />;
  if (answer.ok) return <StateMark tone="ok" word="200" />;
  const { code, sources } = answer.problem;
  if (code === 'ACCESS_DENIED') return <StateMark tone="danger" icon="lock" word="denied" />;
  const response = sources.map(({ message }) => /chaincode response (\d+)/.exec(message)?.[1]).find(Boolean);
  return <StateMark tone="danger" word={response ?? 'failed'} />;
}

function words({ answer }: Row): string {
  if (answer === undefined) return '';
  if (answer.ok) return JSON.stringify(answer.result) ?? textOf(answer.result) ?? '';
  const { code, title, detail } = answer.problem;
  return code === 'CONTRACT_REFUSED' ? detail : title;
}

const columns: Column<Row>[] = [
  {
    id: 'who',
    title: 'Identity',
    cell: ({ identity }) => (
      <span className="endorser">
        <OrgTile name={identity.organization} titled />
        <span>
          <span className="strong">{identity.organization}</span>{' '}
          <span className="quiet">/ {identity.name}</span>
        </span>
      </span>
    ),
  },
  { id: 'status', title: 'Status', cell: mark },
  {
    id: 'answer',
    title: 'Answer',
    className: 'answer-cell',
    cell: (row) => (
      <span className={row.answer?.ok ? 'mono' : undefined} title={words(row)}>
        {words(row)}
      </span>
    ),
  },
  {
    id: 'time',
    title: 'Time',
    numeric: true,
    cell: ({ answer }) => (answer ? formatDuration(answer.ms) : ''),
  },
];
