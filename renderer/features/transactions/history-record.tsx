import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { TransactionRecord } from '../../../electron/api/activity-models';
import { actAs, useActingIdentity } from '../../network/acting';
import { useIdentities, useNetworkStatus } from '../../network/use-network';
import { Button, IconButton } from '../../ui/button';
import { CopyId } from '../../ui/copy-id';
import { formatDate, formatNumber, formatTime } from '../../ui/format';
import { Facts } from '../../ui/panel';
import { AskTheLedger } from './ask-the-ledger';
import { changeDraft } from './draft';
import { endorserOf } from './endorser-answers';
import { OutcomeMark } from './history';
import { LedgerLink } from './ledger-link';
import { requestDraft } from './request-draft';
import { ResultValue } from './result-value';
import { Stages } from './stages';

/** One call that was run: what was sent, as whom, and what came of it. */
export function HistoryRecord({ record, onClose }: { record: TransactionRecord; onClose: () => void }) {
  const navigate = useNavigate({ from: '/transactions' });
  const identities = useIdentities().data;
  const acting = useActingIdentity();
  const status = useNetworkStatus().data;
  useEscape(onClose);
  const gone = identities !== undefined && !identities.some(({ id }) => id === record.as);
  const again = (as: string | undefined) => {
    const { key, draft, search } = requestDraft(record);
    changeDraft(key, draft);
    if (as !== undefined) actAs(as);
    void navigate({ search });
  };
  const { transactionId } = record;
  return (
    <aside className="panel" aria-label={`${record.function} of ${record.contract}`}>
      <header>
        <h2 className="mono">{record.function}</h2>
        <OutcomeMark record={record} />
        <span className="right">
          <IconButton label="Close" icon="x" onPress={onClose} />
        </span>
      </header>
      <div className="record-body">
        <div className="pad">
          <Facts
            items={[
              ['When', `${formatDate(record.at)} ${formatTime(record.at)}`],
              ['As', gone ? `${record.as}, which is no longer in the wallet` : record.as],
              ['Contract', `${record.contract} on ${record.channel}`],
              ...(transactionId === null
                ? []
                : ([['Transaction', <CopyId id={transactionId} what="transaction id" />]] as const)),
              ...(record.blockNumber === null
                ? []
                : ([
                    [
                      'Block',
                      <>
                        {formatNumber(record.blockNumber)}{' '}
                        {transactionId !== null && (
                          <LedgerLink channel={record.channel} transactionId={transactionId} />
                        )}
                      </>,
                    ],
                  ] as const)),
              [
                'Endorsed by',
                record.endorsingOrganizations === null
                  ? 'as the policy needs'
                  : record.endorsingOrganizations.join(', '),
              ],
              ...(record.transientKeys.length === 0
                ? []
                : ([['Transient', `${record.transientKeys.join(', ')}, values not kept`]] as const)),
            ]}
          />
        </div>
        <div className="json">
          <h3 className="section-title">As sent</h3>
          <pre tabIndex={0} aria-label="As sent">
            {record.function}
            {'\n'}
            {JSON.stringify(record.args)}
          </pre>
        </div>
        {record.stagesMs && (
          <Stages
            steps={['Proposal', 'Endorse', 'Order', 'Commit'].map((name) => ({
              name,
              state: 'done',
              startedMs: 0,
              durationMs: null,
              detail: '',
            }))}
            durations={record.stagesMs}
            block={record.blockNumber ?? undefined}
          />
        )}
        {record.problem && (
          <div className="json said-verbatim">
            <h3 className="section-title">{record.problem.title}</h3>
            {record.problem.detail && <p>{record.problem.detail}</p>}
            {record.problem.sources.map(({ name, mspId = '', address = name, message }) => (
              <p key={`${name} ${message}`}>
                <span className="quiet">
                  {[endorserOf(status, mspId, address).node, mspId].filter(Boolean).join(' · ')}
                </span>
                <br />
                <code>{message}</code>
              </p>
            ))}
          </div>
        )}
        {record.outcome === 'COMMIT_UNKNOWN' && transactionId !== null && (
          <p className="pad row">
            <AskTheLedger channel={record.channel} transactionId={transactionId} />
          </p>
        )}
        {record.outcome === 'OK' && record.result !== null && <ResultValue value={record.result} />}
        {record.outcome === 'OK' && record.result === null && (
          <p className="pad quiet">No result is kept: there was none, or it was large.</p>
        )}
      </div>
      <footer>
        <Button kind="primary" icon="restart" onPress={() => again(undefined)}>
          Fill the form
        </Button>
        {!gone && acting?.id !== record.as && (
          <Button onPress={() => again(record.as)}>Fill and act as {record.as}</Button>
        )}
      </footer>
    </aside>
  );
}

function useEscape(close: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) close();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [close]);
}
