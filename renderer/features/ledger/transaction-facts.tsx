import { Link } from '@tanstack/react-router';
import { useOperation } from '../../client/use-operation';
import type { LedgerActionModel, LedgerTransactionModel } from '../../../electron/api/ledger-models';
import { useNetworkStatus } from '../../network/use-network';
import { StateMark } from '../../ui/badge';
import { formatDate, formatNumber, formatTime, plural, shortId } from '../../ui/format';
import { OrgName } from '../../ui/organization';
import { Facts as FactList, Panel } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import { ContentView } from './content-view';
import { shortSubject, useOrganizationOf } from './identity-line';
import { textOf, whatItDid } from './ledger-words';
import type { Place } from './part';

/** The time to the millisecond where it is one of a calendar, else as it was claimed. */
function claimed(time: string): string {
  const known = new Date(time);
  if (Number.isNaN(known.getTime())) return time;
  const thousandth = /\.(\d{3})/.exec(time)?.[1];
  return `${formatTime(time)}${thousandth === undefined ? '' : `.${thousandth}`}`;
}

const functionOf = ({ args: [name] }: LedgerActionModel): string =>
  name === undefined ? 'none' : textOf(name);

/** What it is and who made it. */
export function Facts({ transaction }: { transaction: LedgerTransactionModel }) {
  const { creator, claimedTime, actions, configuration, type } = transaction;
  const organization = useOrganizationOf(creator?.mspId ?? '');
  const [action] = actions;
  return (
    <Panel title="Overview">
      <div className="lg-facts">
        <FactList
          items={[
            ...(action
              ? ([
                  [
                    'Contract',
                    action.contract ? (
                      <>
                        <b className="strong">{action.contract.name}</b> {action.contract.version}
                      </>
                    ) : (
                      'not readable'
                    ),
                  ],
                  ['Function', <code title={functionOf(action)}>{functionOf(action)}</code>],
                ] as const)
              : ([
                  [
                    'Kind',
                    configuration === null
                      ? (type ?? 'not readable')
                      : configuration.sequence === null
                        ? 'configuration update'
                        : `configuration ${formatNumber(configuration.sequence)}`,
                  ],
                ] as const)),
            ['Creator', creator ? <OrgName name={organization} /> : <span className="quiet">nobody</span>],
            ...(creator
              ? ([
                  [
                    'Identity',
                    <span title={creator.subject ?? creator.problem ?? undefined}>
                      {shortSubject(creator)} <span className="quiet">{creator.role}</span>
                    </span>,
                  ],
                ] as const)
              : []),
            [
              'Claimed',
              claimedTime === null ? (
                <span className="quiet">no time</span>
              ) : (
                <span title={`${claimedTime}, ${formatDate(claimedTime)}`}>
                  {claimed(claimedTime)} <span className="quiet">by the client</span>
                </span>
              ),
            ],
            ...(action?.response
              ? ([
                  [
                    'Response',
                    <span title={action.response.message}>
                      {action.response.status}{' '}
                      <span className="quiet">{action.response.message || 'from the contract'}</span>
                    </span>,
                  ],
                ] as const)
              : []),
          ]}
        />
      </div>
    </Panel>
  );
}

/** Names of parameters, where the contract declares as many as were given; it may have been another version then. */
function useParameterNames(action: LedgerActionModel): readonly string[] {
  const name = action.contract?.name ?? '';
  const isOurs = useNetworkStatus().data?.channels.some(({ contract }) => contract?.name === name) ?? false;
  const contract = useOperation('contract.show', { contract: name }, { enabled: isOurs });
  const called = functionOf(action);
  const parameters = contract.data?.functions?.find(
    (one) => one.call === called || one.name === called,
  )?.parameters;
  return parameters?.length === action.args.length - 1 ? parameters.map((parameter) => parameter.name) : [];
}

/** What the function was called with, the function itself left out. */
export function Arguments({
  action,
  number,
  place,
}: {
  action: LedgerActionModel;
  number: number | undefined;
  place: Place;
}) {
  const names = useParameterNames(action);
  const args = action.args.slice(1);
  return (
    <Panel
      title={number === undefined ? 'Arguments' : `Arguments of action ${number}`}
      note={args.length === 0 ? 'none' : `${args.length}, transient data is not kept`}
      className="lg-args"
    >
      {args.length > 0 && (
        <div className="lg-scroll" tabIndex={0} role="group" aria-label="Arguments">
          <table aria-label="Arguments">
            <tbody>
              {args.map((arg, index) => (
                <tr key={index}>
                  <th scope="row">{names[index] ?? index + 1}</th>
                  <td>
                    <ContentView
                      content={arg}
                      place={place}
                      label={names[index] ?? `argument ${index + 1}`}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

/** The block it stands in, with what else stands there. */
export function BlockNeighbours({ place: { channel, block, position } }: { place: Place }) {
  const found = useOperation('ledger.block', { channel, block });
  const valid = found.data?.transactions.filter(({ status }) => status === 'VALID').length;
  return (
    <Panel
      title={`Block ${formatNumber(block)}`}
      note={found.data && `${plural(found.data.transactions.length, 'transaction')}, ${valid ?? 0} valid`}
      className="lg-grow"
    >
      <Resource of={found} what={`Reading block ${block}`} lines={2}>
        {({ transactions }) => (
          <ol className="lg-neighbours">
            {transactions.map((line, index) => (
              <li key={index}>
                <Link
                  to="/ledger/$channel/blocks/$block/$position"
                  params={{ channel, block, position: String(index) }}
                  search={{ channel }}
                  {...(index === position && { 'aria-current': 'true' as const })}
                >
                  <span className="quiet">{index}</span>
                  <span className="id soft">
                    {line.transactionId === '' ? 'no id' : shortId(line.transactionId, 6, 4)}
                  </span>
                  <span className="lg-function">{whatItDid(line)}</span>
                  <StateMark tone={line.status === 'VALID' ? 'ok' : 'danger'} word={line.status} quietWord />
                </Link>
              </li>
            ))}
          </ol>
        )}
      </Resource>
    </Panel>
  );
}
