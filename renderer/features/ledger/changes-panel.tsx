import { useNavigate, useSearch } from '@tanstack/react-router';
import type { LedgerTransactionModel } from '../../../electron/api/ledger-models';
import { StateMark } from '../../ui/badge';
import { CopyButton } from '../../ui/copy-id';
import { formatBytes, plural } from '../../ui/format';
import { Panel } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import { SegmentedControl } from '../../ui/tabs';
import { ConfigurationChanges } from './configuration-changes';
import { ContentView } from './content-view';
import { hexDump } from './hex-dump';
import { layOutJson } from './json-layout';
import { DownloadPart, usePart } from './part';
import type { Place } from './part';
import { ReadsAndWrites } from './reads-and-writes';
import { transactionSearch } from './search';

/** Shown of JSON and bytes; the file has them whole. */
const JSON_BYTES = 256 * 1024;
const HEX_BYTES = 16 * 1024;

/** What it changed, or the envelope itself: with Fabric's field names, or byte by byte. */
export function ChangesPanel({ transaction, place }: { transaction: LedgerTransactionModel; place: Place }) {
  const { show = 'changes' } = transactionSearch.parse(useSearch({ strict: false }));
  const navigate = useNavigate();
  const isConfiguration = transaction.configuration !== null;
  return (
    <Panel
      title={isConfiguration ? 'Configuration' : 'Reads and writes'}
      note={noteOf(transaction)}
      className="lg-changes"
      aside={
        <SegmentedControl
          label="How to show it"
          items={[
            { id: 'changes', title: isConfiguration ? 'Changes' : 'Diff' },
            { id: 'json', title: 'JSON' },
            { id: 'hex', title: 'Hex' },
          ]}
          selected={show}
          onSelect={(id) =>
            void navigate({
              to: '.',
              search: (before) => ({ ...before, show: id === 'changes' ? undefined : id }),
            })
          }
        />
      }
    >
      <div className="lg-scroll" tabIndex={0} role="group" aria-label="Reads and writes">
        {show === 'json' ? (
          <RawJson place={place} />
        ) : show === 'hex' ? (
          <Hex place={place} />
        ) : (
          <>
            {transaction.configuration ? (
              <ConfigurationChanges configuration={transaction.configuration} place={place} />
            ) : (
              <ReadsAndWrites transaction={transaction} place={place} />
            )}
            <Unread transaction={transaction} place={place} />
          </>
        )}
      </div>
    </Panel>
  );
}

function noteOf({ actions, configuration }: LedgerTransactionModel): string {
  if (configuration) return configuration.comparedWith === 'first' ? 'the first one' : '';
  const namespaces = actions.flatMap((action) => action.namespaces);
  const collections = namespaces.flatMap((namespace) => namespace.collections);
  return [
    plural(namespaces.length, 'namespace'),
    ...(collections.length > 0 ? [plural(collections.length, 'private collection')] : []),
  ].join(', ');
}

/** What could not be read, or is not known here: its bytes all the same. */
function Unread({ transaction, place }: { transaction: LedgerTransactionModel; place: Place }) {
  return (
    <>
      {transaction.undecodable.map(({ what, reason, bytes }) => (
        <article key={what} className="lg-key">
          <h4>
            <StateMark tone="warn" word={`${what} cannot be read`} />
          </h4>
          <p className="lg-note">{reason}</p>
          <div className="lg-value">
            <ContentView content={bytes} place={place} label={what} />
          </div>
        </article>
      ))}
      {transaction.unknownFields.map(({ path, bytes }, index) => (
        <article key={index} className="lg-key">
          <h4>
            <code>{path}</code> <span className="quiet">a field this console does not know</span>
          </h4>
          <div className="lg-value">
            <ContentView content={bytes} place={place} label={path} />
          </div>
        </article>
      ))}
    </>
  );
}

function RawJson({ place }: { place: Place }) {
  const part = usePart(place, 'json', JSON_BYTES);
  return (
    <Resource of={part} what="Reading the envelope" lines={8}>
      {({ bytes, size }) => {
        const text = new TextDecoder().decode(bytes);
        const shown = bytes.length === size ? layOutJson(text) : text;
        return (
          <>
            <p className="lg-raw-head">
              <span className="quiet">The envelope with Fabric’s own field names, {formatBytes(size)}</span>
              {bytes.length === size && <CopyButton text={shown} what="JSON" />}
              <DownloadPart place={place} part="json" label="the JSON" />
            </p>
            <pre className="lg-raw">{shown}</pre>
          </>
        );
      }}
    </Resource>
  );
}

function Hex({ place }: { place: Place }) {
  const part = usePart(place, 'envelope', HEX_BYTES);
  return (
    <Resource of={part} what="Reading the envelope" lines={8}>
      {({ bytes, size }) => (
        <>
          <p className="lg-raw-head">
            <span className="quiet">
              {size > HEX_BYTES
                ? `The first ${formatBytes(HEX_BYTES)} of ${formatBytes(size)} in the block`
                : `All ${formatBytes(size)} in the block`}
            </span>
            <DownloadPart place={place} part="envelope" label="the envelope" />
          </p>
          <pre className="lg-raw lg-hex">{hexDump(bytes.subarray(0, HEX_BYTES))}</pre>
        </>
      )}
    </Resource>
  );
}
