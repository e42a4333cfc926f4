import { Link } from '@tanstack/react-router';
import type { Identity } from '../../../electron/api/models';
import { expiryOf } from '../../network/expiry';
import { StateMark } from '../../ui/badge';
import { formatDate, formatNumber } from '../../ui/format';
import { OrgTile } from '../../ui/organization';
import { Panel } from '../../ui/panel';
import { useNow } from '../../ui/time';

/** Days are told: seconds would only draw them again. */
const MINUTE_MS = 60_000;

const SHOWN = 3;

/** The next to expire. */
export function Certificates({ identities }: { identities: readonly Identity[] }) {
  const now = useNow(MINUTE_MS);
  const next = identities.toSorted((a, b) => a.expires.localeCompare(b.expires)).slice(0, SHOWN);
  if (next.length === 0) return null;
  return (
    <Panel
      title="Certificates"
      note={`next to expire, of ${formatNumber(identities.length)}`}
      className="certs"
      aside={
        <Link className="link" to="/identities">
          Open identities
        </Link>
      }
    >
      <table aria-label="Certificates that expire next">
        <tbody>
          {next.map(({ id, organization, name, role, expires }) => {
            const { tone, words, state } = expiryOf(expires, now);
            return (
              <tr key={id}>
                <td>
                  <OrgTile name={organization} titled /> <span className="mono">{name}</span>
                </td>
                <td className="soft">{role}</td>
                <td className="num" title={formatDate(expires)}>
                  {state === 'later' ? words : <StateMark tone={tone} icon="clock" word={words} />}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}
