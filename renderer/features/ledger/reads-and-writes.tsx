import { Link } from '@tanstack/react-router';
import type {
  LedgerActionModel,
  LedgerCollection,
  LedgerNamespace,
  LedgerRead,
  LedgerTransactionModel,
  LedgerVersion,
  LedgerWrite,
} from '../../../electron/api/ledger-models';
import { StateMark } from '../../ui/badge';
import { formatNumber, plural, shortId } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { ContentView, Rest } from './content-view';
import { DiffLines } from './diff-lines';
import { keyText, textOf, versionText } from './ledger-words';
import { lineDifference } from './line-difference';
import type { Place } from './part';

/** What each action read and wrote, key by key: where a value was read before it was written, what changed in it. */
export function ReadsAndWrites({
  transaction,
  place,
}: {
  transaction: LedgerTransactionModel;
  place: Place;
}) {
  const { actions, status, explanation } = transaction;
  return (
    <>
      {actions.map((action, index) => (
        <Action
          key={index}
          action={action}
          number={actions.length > 1 ? index + 1 : undefined}
          place={place}
          isValid={status === 'VALID'}
          lost={explanation?.conflict?.collection === null ? explanation.conflict : undefined}
        />
      ))}
    </>
  );
}

type Conflict = NonNullable<NonNullable<LedgerTransactionModel['explanation']>['conflict']>;

function Action({
  action: { namespaces, event, lifecycle },
  number,
  place,
  isValid,
  lost,
}: {
  action: LedgerActionModel;
  number: number | undefined;
  place: Place;
  isValid: boolean;
  lost: Conflict | undefined;
}) {
  // What the contract itself did comes first; that its definition was looked up, last.
  const ordered = namespaces.toSorted(
    (a, b) => Number(isSystem(a)) - Number(isSystem(b)) || a.name.localeCompare(b.name),
  );
  return (
    <>
      {number !== undefined && <h3 className="lg-ns lg-action">Action {number}</h3>}
      {lifecycle && <p className="lg-lifecycle">{lifecycle}</p>}
      {ordered.map((namespace) => (
        <Namespace key={namespace.name} namespace={namespace} place={place} lost={lost} />
      ))}
      {event && (
        <>
          <h3 className="lg-ns">
            <span className="section-title">Event</span> <b className="mono">{event.name}</b>
            <span className="quiet right">
              {isValid ? 'delivered with its block' : 'not delivered, the transaction is invalid'}
            </span>
          </h3>
          <div className="lg-value">
            <ContentView content={event.payload} place={place} label="the event" />
          </div>
        </>
      )}
      {namespaces.length === 0 && !event && (
        <p className="pad quiet">It read nothing, wrote nothing and set no event.</p>
      )}
    </>
  );
}

const isSystem = ({ name }: LedgerNamespace): boolean => name === '_lifecycle' || name === 'lscc';

function Namespace({
  namespace: { name, reads, rangeQueries, writes, metadataWrites, collections },
  place,
  lost,
}: {
  namespace: LedgerNamespace;
  place: Place;
  lost: Conflict | undefined;
}) {
  const onlyRead = reads.filter(({ key }) => !writes.some((write) => write.key === key));
  const lostHere = lost?.namespace === name ? lost : undefined;
  return (
    <>
      <h3 className="lg-ns">
        <span className="section-title">Namespace</span> <b className="mono">{name}</b>
        <span className="quiet right">
          {[
            plural(reads.length, 'read'),
            plural(writes.length, 'write'),
            ...(rangeQueries.length > 0 ? [plural(rangeQueries.length, 'range query', 'range queries')] : []),
          ].join(', ')}
        </span>
      </h3>
      {writes.map((write) => (
        <Write
          key={write.key}
          write={write}
          read={reads.find(({ key }) => key === write.key)}
          place={place}
          lost={lostHere?.key === write.key ? lostHere : undefined}
        />
      ))}
      {onlyRead.map((read) => (
        <Read
          key={read.key}
          read={read}
          lost={lostHere?.key === read.key ? lostHere : undefined}
          place={place}
        />
      ))}
      {rangeQueries.map((query, index) => (
        <article key={index} className="lg-key flat">
          <h4>
            <span className="quiet">range</span>
            <code>
              {keyText(query.startKey) || 'the beginning'} to {keyText(query.endKey) || 'the end'}
            </code>
            <span className="quiet right">
              {query.reads
                ? `${plural(query.reads.length, 'key')} read`
                : `only ${plural(query.merkle?.hashes.length ?? 0, 'hash', 'hashes')} of what was read`}
              {!query.exhausted && ', not to its end'}
            </span>
          </h4>
          {query.reads?.map((read) => (
            <p key={read.key} className="lg-in-range">
              <code>{keyText(read.key)}</code>
              <Version word="read" version={read.version} place={place} />
            </p>
          ))}
        </article>
      ))}
      {metadataWrites.map(({ key, entries }) => (
        <article key={key} className="lg-key flat">
          <h4>
            <code>{keyText(key)}</code>
            <span className="quiet">
              {entries.length === 0
                ? 'metadata deleted'
                : `metadata: ${entries.map((entry) => entry.name).join(', ')}`}
            </span>
          </h4>
        </article>
      ))}
      {collections.map((collection) => (
        <Collection key={collection.name} collection={collection} place={place} />
      ))}
    </>
  );
}

function Version({
  word,
  version,
  place,
  tone = '',
}: {
  word: string;
  version: LedgerVersion | null;
  place: Place;
  tone?: 'was' | 'now' | '';
}) {
  if (version === null) return <span className={`lg-version ${tone}`}>{word} as absent</span>;
  return (
    <Link
      className={`lg-version ${tone}`}
      to="/ledger/$channel/blocks/$block/$position"
      params={{ channel: place.channel, block: version.block, position: String(version.position) }}
      title={`Written by transaction ${version.position} of block ${formatNumber(version.block)}`}
    >
      {word} {versionText(version)}
    </Link>
  );
}

/** Where the key that decided stood when this was validated. */
function MovedOn({ lost, place }: { lost: Conflict | undefined; place: Place }) {
  if (!lost) return null;
  const { blockNumber, position } = lost.writer;
  return (
    <>
      <Icon name="arrow" small />
      <Version word="now" version={{ block: blockNumber, position }} place={place} tone="now" />
      <span className="right">
        <StateMark tone="danger" word="version moved on" />
      </span>
    </>
  );
}

function Read({ read, lost, place }: { read: LedgerRead; lost: Conflict | undefined; place: Place }) {
  return (
    <article className={lost ? 'lg-key flat bad' : 'lg-key flat'}>
      <h4>
        <code title={read.words ?? undefined}>{keyText(read.key)}</code>
        <Version word="read" version={read.version} place={place} tone={lost ? 'was' : ''} />
        <MovedOn lost={lost} place={place} />
      </h4>
    </article>
  );
}

const change = ({ isDelete, before }: LedgerWrite): string =>
  isDelete ? 'delete' : before.kind === 'absent' ? 'create' : before.kind === 'value' ? 'change' : 'write';

function Write({
  write,
  read,
  lost,
  place,
}: {
  write: LedgerWrite;
  read: LedgerRead | undefined;
  lost: Conflict | undefined;
  place: Place;
}) {
  const { before } = write;
  return (
    <article className={lost ? 'lg-key bad' : 'lg-key'}>
      <h4>
        <code>{keyText(write.key)}</code>
        {read && (
          <>
            <Version word="read" version={read.version} place={place} tone={lost ? 'was' : ''} />
            {!lost && <Icon name="arrow" small />}
          </>
        )}
        {!lost && <span className="lg-version">{change(write)}</span>}
        <MovedOn lost={lost} place={place} />
      </h4>
      {write.words && <p className="lg-note">{write.words}</p>}
      {before.kind === 'unknown' && read && <p className="lg-note">{before.reason}</p>}
      <Difference write={write} place={place} />
    </article>
  );
}

function Difference({ write, place }: { write: LedgerWrite; place: Place }) {
  const { before, value, valueWords, isDelete } = write;
  // What is told in words is held against bytes by nobody.
  const old = before.kind === 'value' && valueWords === null ? textOf(before.value) : undefined;
  const fresh = isDelete ? undefined : (valueWords ?? textOf(value));
  const lines =
    old !== undefined && fresh !== undefined
      ? lineDifference(old, fresh)
      : old !== undefined
        ? lineDifference(old, '').filter(({ kind }) => kind === 'removed')
        : (fresh ?? '').split('\n').map((text) => ({
            // Only where it is known that nothing was there is all of it new.
            kind: before.kind === 'absent' ? ('added' as const) : ('same' as const),
            text,
          }));
  return (
    <>
      {!(isDelete && old === undefined) && <DiffLines lines={lines} />}
      {!isDelete && valueWords === null && <Rest content={value} place={place} label={keyText(write.key)} />}
    </>
  );
}

function Collection({ collection, place }: { collection: LedgerCollection; place: Place }) {
  const { name, reads, writes } = collection;
  const hashes = [...new Set([...writes, ...reads].map(({ keyHash }) => keyHash))];
  return (
    <>
      <h3 className="lg-ns">
        <span className="section-title">Private</span> <b className="mono">{name}</b>
        <span className="quiet right">blocks hold hashes only</span>
      </h3>
      {hashes.map((keyHash) => {
        const read = reads.find((one) => one.keyHash === keyHash);
        const write = writes.find((one) => one.keyHash === keyHash);
        const key = write?.key ?? read?.key ?? null;
        return (
          <article key={keyHash} className="lg-key flat">
            <h4>
              <Icon name="lock" small />
              {key === null ? (
                <span className="id" title={keyHash}>
                  key {shortId(keyHash, 8, 6)}
                </span>
              ) : (
                <code title={keyHash}>{key}</code>
              )}
              {read && <Version word="read" version={read.version} place={place} />}
              {write && (
                <>
                  <span className="lg-version">{write.kind}</span>
                  {write.kind === 'write' && (
                    <span className="id quiet" title={`SHA-256 of the value: ${write.valueHash}`}>
                      value {shortId(write.valueHash)}
                    </span>
                  )}
                </>
              )}
            </h4>
          </article>
        );
      })}
    </>
  );
}
