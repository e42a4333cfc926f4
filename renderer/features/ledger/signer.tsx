import type { LedgerIdentity } from '../../../electron/api/ledger-models';
import { CopyButton, CopyId } from '../../ui/copy-id';
import { formatDate } from '../../ui/format';
import { OrgTile, useOrganizationClass } from '../../ui/organization';
import { shortSubject, useOrganizationOf } from './identity-line';

/** Who signed something, as the certificate says, and the signature itself. */
export function Signer({ identity, signature }: { identity: LedgerIdentity; signature: string }) {
  const { mspId, role, subject, issuer, notAfter, pem, problem } = identity;
  const organization = useOrganizationOf(mspId);
  const colours = useOrganizationClass(organization);
  return (
    <article className={`lg-signer ${colours}`}>
      <h3>
        <OrgTile name={organization} titled />
        <span>{shortSubject(identity)}</span>
        {role !== null && <span className="quiet">{role}</span>}
        {pem !== null && (
          <span className="right">
            <CopyButton text={pem} what="certificate" />
          </span>
        )}
      </h3>
      <dl className="kv">
        <div>
          <dt>MSP</dt>
          <dd>{mspId}</dd>
        </div>
        <div>
          <dt>Subject</dt>
          <dd title={subject ?? undefined}>{subject ?? problem}</dd>
        </div>
        <div>
          <dt>Issuer</dt>
          <dd title={issuer ?? undefined}>
            {issuer === null ? '–' : (/CN=([^,]+)/.exec(issuer)?.[1] ?? issuer)}
            {notAfter !== null && <span className="quiet">, until {formatDate(notAfter)}</span>}
          </dd>
        </div>
        <div>
          <dt>Signature</dt>
          <dd>
            <CopyId id={signature} what="signature" />
          </dd>
        </div>
      </dl>
    </article>
  );
}
