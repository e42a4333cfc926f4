import { Fragment, useState } from 'react';
import type { IdentityDetail, IdentityUsage } from '../../../electron/api/identity-models';
import { saveText } from '../../client/save-file';
import { useCommand, useOperation } from '../../client/use-operation';
import { useMay } from '../../client/use-role';
import { actAs } from '../../network/acting';
import { Badge } from '../../ui/badge';
import { Button, IconButton } from '../../ui/button';
import { CopyButton, CopyId } from '../../ui/copy-id';
import { ConfirmDialog } from '../../ui/dialog';
import { useEscape } from '../../ui/escape';
import { formatDate, formatNumber, formatTime, plural } from '../../ui/format';
import { OrgTile } from '../../ui/organization';
import { Facts } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import { useToast } from '../../ui/toast';
import { Age } from '../../ui/time';
import { Attributes, Expires } from './identity-table';
import { Proof } from './proof';
import { sourceWords } from './rows';

/** One identity: what its certificate says, where its key is, and what can be done with it. */
export function IdentityPanel({
  id,
  isActing,
  usage,
  onClose,
}: {
  id: string;
  isActing: boolean;
  usage: IdentityUsage | undefined;
  onClose: () => void;
}) {
  useEscape(onClose);
  const detail = useOperation('identity.show', { identity: id });
  const [organization = '', name = ''] = id.split('/');
  return (
    <aside className="panel identity-panel" aria-label={id}>
      <header>
        <OrgTile name={organization} titled />
        <span>
          <h2>{name}</h2>
          <small className="quiet">{organization}</small>
        </span>
        <span className="right">
          <IconButton label="Close" icon="x" onPress={onClose} />
        </span>
      </header>
      <Resource of={detail} what={`Reading the certificate of ${id}`} lines={10}>
        {(identity) => (
          <>
            <div className="identity-body">
              <Standing identity={identity} isActing={isActing} usage={usage} />
              <Proof identity={identity} />
              <CertificateSection identity={identity} />
              <CommandLine identity={identity} />
            </div>
            <Actions identity={identity} isActing={isActing} onRemoved={onClose} />
          </>
        )}
      </Resource>
    </aside>
  );
}

function Standing({
  identity,
  isActing,
  usage,
}: {
  identity: IdentityDetail;
  isActing: boolean;
  usage: IdentityUsage | undefined;
}) {
  return (
    <section>
      {identity.problem && (
        <p className="identity-problem" role="status">
          <Badge tone="danger">Nodes refuse it</Badge> {identity.problem}
        </p>
      )}
      <Facts
        items={[
          ['Role', identity.role],
          ['Attributes', <Attributes attributes={identity.attributes} />],
          ['Expires', <Expires at={identity.expires} />],
          [
            'Used here',
            <span className="wraps">
              {isActing && 'acting now; '}
              {usage ? (
                <>
                  {plural(usage.calls, 'call')}, {formatNumber(usage.failed)} failed, last{' '}
                  <Age since={usage.last} suffix=" ago" />
                </>
              ) : (
                'no calls in the history kept here'
              )}
            </span>,
          ],
          [
            'Channels',
            <span className="wraps">
              {identity.channels.length === 0
                ? 'none: its organization is a member of no channel'
                : identity.channels.map((channel, index) => (
                    <Fragment key={channel}>
                      {index > 0 && ', '}
                      <span className="nowrap">{channel}</span>
                    </Fragment>
                  ))}
            </span>,
          ],
          ['From', sourceWords[identity.source]],
          [
            'Key',
            <span className="wraps">
              {identity.keyAt === 'wallet'
                ? 'in the wallet, encrypted'
                : 'in the network’s folder, a file that only its owner may read'}
            </span>,
          ],
        ]}
      />
    </section>
  );
}

function CertificateSection({ identity: { certificate, chain, mspId } }: { identity: IdentityDetail }) {
  const moment = (iso: string) => `${formatDate(iso)} ${formatTime(iso)}`;
  const wraps = (text: string) => <span className="wraps">{text}</span>;
  const internal = Object.entries(certificate.attributes).filter(([name]) => name.startsWith('hf.'));
  return (
    <section>
      <h3 className="section-title">Certificate</h3>
      <Facts
        items={[
          ['MSP', <span className="mono">{mspId}</span>],
          ['Subject', wraps(certificate.subject)],
          ['Issuer', wraps(certificate.issuer)],
          [
            'Chain',
            wraps(chain.length > 1 ? chain.slice(1).join(' ← ') : 'leads to no CA of its organization'),
          ],
          ['Serial number', <CopyId id={certificate.serialNumber} what="serial number" />],
          ['Valid', wraps(`${moment(certificate.from)} – ${moment(certificate.expires)}`)],
          ['SHA-256', <CopyId id={certificate.fingerprint} what="fingerprint" />],
          ['Units (OU)', wraps(certificate.organizationalUnits.join(', ') || 'none')],
          ['Other names', wraps(certificate.alternativeNames.join(', ') || 'none')],
          ['Key', wraps(certificate.keyType)],
          ['Signed with', wraps(certificate.signatureAlgorithm)],
          ['Usages', wraps([...certificate.keyUsages, ...certificate.extendedKeyUsages].join(', ') || 'any')],
          [
            'Enrollment',
            internal.length === 0
              ? 'none'
              : wraps(internal.map(([name, value]) => `${name}=${value}`).join(', ')),
          ],
        ]}
      />
    </section>
  );
}

function CommandLine({ identity }: { identity: IdentityDetail }) {
  const command = `eval "$(cityflow env ${identity.id})"`;
  return (
    <section>
      <h3 className="section-title">With the genuine peer command</h3>
      {identity.noEnvironment === null ? (
        <p className="command">
          <code>{command}</code>
          <CopyButton text={command} what="command" />
        </p>
      ) : (
        <p className="soft">
          Not possible for this identity. {identity.noEnvironment} Here and on the command line it is used by{' '}
          <code>--as {identity.id}</code>.
        </p>
      )}
    </section>
  );
}

function Actions({
  identity,
  isActing,
  onRemoved,
}: {
  identity: IdentityDetail;
  isActing: boolean;
  onRemoved: () => void;
}) {
  const toast = useToast();
  const remove = useCommand('identity.remove', ['identity.list']);
  const { refusal } = useMay('identity.remove');
  const [asking, setAsking] = useState(false);
  const fileName = `${identity.name}-${identity.organization}-cert.pem`;
  const notRemovable = identity.notRemovable ?? refusal;
  return (
    <footer className="identity-actions">
      <Button kind="primary" wide isDisabled={isActing} onPress={() => actAs(identity.id)}>
        {isActing ? 'Acting as this' : 'Act as this'}
      </Button>
      <Button
        icon="download"
        onPress={() => {
          saveText(fileName, identity.certificatePem, 'application/x-pem-file');
          toast(`${fileName} was handed to your downloads. The key stays here.`);
        }}
      >
        Certificate
      </Button>
      <Button kind="danger" refusal={notRemovable} onPress={() => setAsking(true)}>
        Remove
      </Button>
      <ConfirmDialog
        title={`Remove ${identity.id}?`}
        action={`Remove ${identity.name}`}
        isOpen={asking}
        onClose={() => setAsking(false)}
        isPending={remove.isPending}
        problem={remove.error?.problem}
        typeToConfirm={{ label: 'Type the identity’s name', name: identity.name }}
        onConfirm={() =>
          remove.mutate(
            { identity: identity.id },
            {
              onSuccess: () => {
                toast(`${identity.id} was removed.`);
                onRemoved();
              },
            },
          )
        }
      >
        <p>
          Its private key is deleted and cannot be brought back. What it has signed stays on the ledgers, and
          its certificate stays valid until {formatDate(identity.expires)}: removing it here revokes nothing.
        </p>
      </ConfirmDialog>
    </footer>
  );
}
