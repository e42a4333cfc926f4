import { useState } from 'react';
import type { ImportCheck, ImportPreview } from '../../../electron/api/identity-models';
import { useCommand, useOperation } from '../../client/use-operation';
import { StateMark } from '../../ui/badge';
import type { Tone } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Select, TextField } from '../../ui/fields';
import { FileButton, FileDrop } from '../../ui/file-drop';
import { ProblemView } from '../../ui/problem-view';
import { Prose } from '../../ui/prose';
import { useToast } from '../../ui/toast';
import { readFiles } from './import-files';
import { useImportPreview } from './use-import-preview';

interface ImportDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Hears the id of what was imported. */
  readonly onDone: (identity: string) => void;
}

export function ImportDialog({ isOpen, onClose, onDone }: ImportDialogProps) {
  return (
    <Dialog title="Import an identity" isOpen={isOpen} onClose={onClose} wide="widest">
      <ImportForm onClose={onClose} onDone={onDone} />
    </Dialog>
  );
}

const ANY = '';

/** Certificate and key beside what the core finds about them, line by line, while they are typed or dropped. */
function ImportForm({ onClose, onDone }: Omit<ImportDialogProps, 'isOpen'>) {
  const [certificatePem, setCertificate] = useState('');
  const [privateKeyPem, setKey] = useState('');
  const [organization, setOrganization] = useState(ANY);
  const [name, setName] = useState('');
  const [notes, setNotes] = useState<readonly string[]>([]);
  const authorities = useOperation('identity.authorities', {});
  const toast = useToast();
  const request = {
    certificatePem,
    privateKeyPem,
    ...(organization !== ANY && { organization }),
    ...(name.trim() !== '' && { name: name.trim() }),
  };
  const { preview, problem } = useImportPreview(request);
  const save = useCommand('identity.import', ['identity.list']);
  const take = (files: readonly File[]) =>
    void readFiles(files).then((read) => {
      if (read.certificatePem !== undefined) setCertificate(read.certificatePem);
      if (read.privateKeyPem !== undefined) setKey(read.privateKeyPem);
      setNotes(read.notes);
    });
  return (
    <>
      <FileDrop label="Drop certificate and key here" onFiles={take}>
        <div className="import">
          <div className="import-fields">
            <div className="import-files">
              <FileButton accept={['.pem', '.crt', '.cer', '.key', '_sk', '.txt']} multiple onFiles={take}>
                Choose files
              </FileButton>
              <span className="quiet">
                or drop them here, or paste. Which is which is told from what is in them.
              </span>
            </div>
            {notes.map((note) => (
              <p key={note} className="quiet" role="status">
                {note}
              </p>
            ))}
            <TextField
              label="Certificate"
              type="PEM"
              rows={6}
              monospace
              value={certificatePem}
              onChange={setCertificate}
              placeholder="-----BEGIN CERTIFICATE-----"
            />
            <TextField
              label="Private key"
              type="PEM"
              rows={4}
              monospace
              value={privateKeyPem}
              onChange={setKey}
              placeholder="-----BEGIN PRIVATE KEY-----"
              hint="It goes to the core of this console only, which encrypts it before it is written."
            />
            <div className="import-row">
              <Select
                label="Organization"
                choices={[
                  { id: ANY, text: 'Whose CA issued it' },
                  ...(authorities.data ?? []).map((one) => ({
                    id: one.organization,
                    text: one.organization,
                    note: one.mspId,
                  })),
                ]}
                selected={organization}
                onSelect={setOrganization}
              />
              <TextField
                label="Name here"
                value={name}
                onChange={setName}
                placeholder={preview?.name ?? 'as in the certificate'}
              />
            </div>
          </div>
          <Checks
            preview={preview}
            onSwap={() => {
              setCertificate(privateKeyPem);
              setKey(certificatePem);
            }}
          />
        </div>
      </FileDrop>
      {(save.error ?? problem) && (
        <div className="import-problem">
          {save.error && <ProblemView problem={save.error.problem} />}
          {problem && <ProblemView problem={problem} />}
        </div>
      )}
      <footer>
        <Button onPress={onClose}>Cancel</Button>
        <Button
          kind="primary"
          isDisabled={!preview?.ready}
          isPending={save.isPending}
          onPress={() =>
            save.mutate(request, {
              onSuccess: ({ id }) => {
                toast(`${id} was imported.`);
                onDone(id);
              },
            })
          }
        >
          {preview?.ready && preview.name ? `Import ${preview.organization ?? ''}/${preview.name}` : 'Import'}
        </Button>
      </footer>
    </>
  );
}

const looks: Record<ImportCheck['outcome'], { tone: Tone; word: string }> = {
  passed: { tone: 'ok', word: 'passed' },
  warning: { tone: 'warn', word: 'to note' },
  failed: { tone: 'danger', word: 'failed' },
  skipped: { tone: 'idle', word: 'not looked at yet' },
};

function Checks({ preview, onSwap }: { preview: ImportPreview | undefined; onSwap: () => void }) {
  if (!preview) {
    return (
      <section className="import-checks" aria-label="What was found">
        <p className="quiet">
          As soon as something stands here it is looked at: can it be read, is it valid, whose CA issued it,
          does the key belong to it, does Fabric sign with it. Nothing is kept before you press Import.
        </p>
        <p className="quiet">
          Fabric’s tools leave both in an MSP folder: the certificate in <code>signcerts</code>, the key in{' '}
          <code>keystore</code>.
        </p>
      </section>
    );
  }
  return (
    <section className="import-checks" aria-label="What was found">
      <h3 className="section-title">{verdict(preview)}</h3>
      {preview.swapped && (
        <Button small icon="restart" onPress={onSwap}>
          Swap the two fields
        </Button>
      )}
      <ul aria-live="polite">
        {preview.checks.map(({ check, outcome, title, detail, hint }) => (
          <li key={check}>
            <StateMark {...looks[outcome]} quietWord />
            <div>
              <span className={outcome === 'skipped' ? 'quiet' : undefined}>{title}</span>
              {detail && (
                <p className="soft">
                  <Prose text={detail} />
                </p>
              )}
              {hint && (
                <p className="soft">
                  <Prose text={hint} />
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function verdict({ ready, checks }: ImportPreview): string {
  if (ready) return 'It can be imported.';
  const failed = checks.filter(({ outcome }) => outcome === 'failed').length;
  if (failed > 0) return failed === 1 ? 'One thing is wrong.' : `${failed} things are wrong.`;
  return 'Not complete yet.';
}
