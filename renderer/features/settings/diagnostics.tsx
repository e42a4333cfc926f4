import { saveFile } from '../../client/save-file';
import { useCommand, useOperation } from '../../client/use-operation';
import type { BundleEntry } from '../../../electron/api/support-models';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { formatBytes, formatNumber, plural } from '../../ui/format';
import { Panel } from '../../ui/panel';
import { ProblemView } from '../../ui/problem-view';
import { Resource } from '../../ui/resource';
import { Table } from '../../ui/table';

/** What would be given away, then the archive with it. */
export function Diagnostics() {
  const contents = useOperation('diagnostics.contents', {});
  const bundle = useCommand('diagnostics.bundle');
  const made = bundle.data;
  const bytes = new Map(made?.entries.map((entry) => [entry.name, entry.bytes]));
  const make = () =>
    bundle.mutate(
      {},
      {
        onSuccess: ({ fileName, content }) =>
          saveFile(fileName, new Blob([bytesOf(content)], { type: 'application/gzip' })),
      },
    );
  return (
    <div className="body settings diagnostics">
      <Panel
        title="Diagnostics bundle"
        note="one archive for whoever helps"
        aside={
          <Button kind="primary" icon="download" onPress={make} isPending={bundle.isPending}>
            Make the bundle
          </Button>
        }
      >
        <div className="pad diagnostics-words">
          <p>
            It is made here and handed to you: nothing is sent. Left out are private keys, passwords and
            tokens, cookies and sign-in codes, transient data, arguments and results of contract calls. Logs
            are as the nodes wrote them, with what looks like a secret blackened: look through them before you
            give them away.
          </p>
          {made && (
            <p role="status">
              <Badge tone="ok">Made</Badge> {made.fileName}, {plural(made.entries.length, 'file')};{' '}
              {plural(made.redactions, 'place')} blackened.
            </p>
          )}
          {bundle.error && (
            <ProblemView problem={bundle.error.problem} onRetry={make} isRetrying={bundle.isPending} />
          )}
          <p className="quiet">
            The same on the command line: <code>cityflow diagnostics</code>
          </p>
        </div>
        <Resource of={contents} what="Listing what it would hold" lines={8}>
          {(entries) => (
            <Table
              label="What the bundle holds"
              columns={[
                {
                  id: 'name',
                  title: 'File',
                  cell: ({ name }: BundleEntry) => <span className="mono">{name}</span>,
                },
                { id: 'holds', title: 'Holds', cell: ({ holds }) => <span className="soft">{holds}</span> },
                {
                  id: 'bytes',
                  title: 'Size',
                  numeric: true,
                  width: '100px',
                  cell: ({ name }) => {
                    const size = bytes.get(name);
                    return size === undefined ? '' : size === 0 ? formatNumber(0) : formatBytes(size);
                  },
                },
              ]}
              rows={entries}
              rowKey={({ name }) => name}
            />
          )}
        </Resource>
      </Panel>
    </div>
  );
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
