import type { NodeDetail } from '../../../electron/api/node-models';
import { Badge } from '../../ui/badge';
import { CopyId } from '../../ui/copy-id';
import { formatAge, formatDate } from '../../ui/format';
import { Facts } from '../../ui/panel';
import { useNow } from '../../ui/time';
import { Empty } from '../../ui/waiting';

/** Days are told: seconds would only draw them again. */
const MINUTE_MS = 60_000;

type Certificate = NodeDetail['certificates'][number];

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

const uses: Record<Certificate['use'], string> = {
  identity: 'Identity: what it signs with',
  tls: 'TLS: what it serves connections with',
};

export function Certificates({ certificates }: { certificates: readonly Certificate[] }) {
  if (certificates.length === 0) {
    return (
      <Empty title="No certificates yet" command="cityflow up --detach">
        They are made when the network is started for the first time.
      </Empty>
    );
  }
  return (
    <div className="certificates">
      {certificates.map((certificate) => (
        <section key={certificate.fingerprint} aria-label={uses[certificate.use]}>
          <h3>
            {uses[certificate.use]} <Validity certificate={certificate} />
          </h3>
          <Facts
            items={[
              ['Subject', <Long text={certificate.subject} />],
              ['Issuer', <Long text={certificate.issuer} />],
              ...(certificate.hosts.length > 0
                ? [['Hosts', <Long text={certificate.hosts.join(', ')} />] as const]
                : []),
              ['Valid', `${formatDate(certificate.from)} – ${formatDate(certificate.expires)}`],
              ['Serial number', <CopyId id={certificate.serialNumber} what="serial number" />],
              ['Fingerprint', <CopyId id={certificate.fingerprint} what="fingerprint" />],
            ]}
          />
        </section>
      ))}
    </div>
  );
}

const Long = ({ text }: { text: string }) => <span className="mono wraps">{text}</span>;

function Validity({ certificate: { from, expires } }: { certificate: Certificate }) {
  const now = useNow(MINUTE_MS);
  const left = Date.parse(expires) - now;
  if (Date.parse(from) > now) return <Badge tone="danger">not valid yet</Badge>;
  if (left <= 0) return <Badge tone="danger">expired</Badge>;
  return left < SOON_DAYS * DAY_MS ? (
    <Badge tone="warn">expires in {formatAge(left)}</Badge>
  ) : (
    <Badge tone="ok">valid</Badge>
  );
}
