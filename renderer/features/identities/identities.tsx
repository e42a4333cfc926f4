import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useOperation } from '../../client/use-operation';
import { useMay } from '../../client/use-role';
import { useActingIdentity } from '../../network/acting';
import { useIdentities } from '../../network/use-network';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { FilterField } from '../../ui/filter-field';
import { plural } from '../../ui/format';
import { Filters, PageHead } from '../../ui/page';
import { Resource } from '../../ui/resource';
import { SegmentedControl } from '../../ui/tabs';
import { useNow } from '../../ui/time';
import { Empty } from '../../ui/waiting';
import { expiryOf } from '../../network/expiry';
import { IdentityPanel } from './identity-panel';
import { IdentityTable } from './identity-table';
import { ImportDialog } from './import-dialog';
import { IssueDialog } from './issue-dialog';
import { matches, rowsOf } from './rows';
import type { IdentityRow } from './rows';
import { identitySorts } from './search';
import type { IdentitiesSearch } from './search';
import './identities.css';

/** Days are told: seconds would only draw them again. */
const MINUTE_MS = 60_000;

const route = getRouteApi('/identities');

/** The wallet: who can be acted as, what each certificate says, and how identities come and go. */
export function Identities() {
  const identities = useIdentities();
  const usage = useOperation('identity.usage', {});
  const acting = useActingIdentity();
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/identities' });
  const change = (part: Partial<IdentitiesSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), resetScroll: false, replace: 'q' in part });
  const rows = rowsOf(identities.data ?? [], usage.data ?? [], acting?.id);
  const mayImport = useMay('identity.import');
  const mayIssue = useMay('identity.issue');
  return (
    <>
      <PageHead
        title="Identities"
        facts={identities.data && <Summary rows={rows} />}
        actions={
          <>
            <Button icon="download" onPress={() => change({ form: 'import' })} refusal={mayImport.refusal}>
              Import
            </Button>
            <Button
              kind="primary"
              icon="plus"
              onPress={() => change({ form: 'issue' })}
              refusal={mayIssue.refusal}
            >
              Issue identity
            </Button>
          </>
        }
      />
      <Filters>
        <FilterField
          label="Filter identities"
          placeholder="Name, organization, role, fingerprint"
          value={search.q ?? ''}
          onChange={(q) => change({ q: q || undefined })}
        />
        <SegmentedControl
          label="Where from"
          items={sources.map(({ id, title }) => ({
            id,
            title,
            note: String(rows.filter((row) => id === 'all' || row.identity.source === id).length),
          }))}
          selected={search.source ?? 'all'}
          onSelect={(source) => change({ source: source === 'all' ? undefined : source })}
        />
      </Filters>
      <div className={search.identity ? 'body identities with-panel' : 'body identities'}>
        <section className="panel" aria-label="Identities">
          <Resource of={identities} what="Reading the wallet" lines={8}>
            {() => <Body rows={rows} search={search} change={change} />}
          </Resource>
        </section>
        {search.identity && (
          <IdentityPanel
            key={search.identity}
            id={search.identity}
            isActing={acting?.id === search.identity}
            usage={rows.find(({ identity }) => identity.id === search.identity)?.usage}
            onClose={() => change({ identity: undefined })}
          />
        )}
      </div>
      <ImportDialog
        isOpen={search.form === 'import' && mayImport.may}
        onClose={() => change({ form: undefined })}
        onDone={(identity) => change({ form: undefined, identity })}
      />
      <IssueDialog
        isOpen={search.form === 'issue' && mayIssue.may}
        onClose={() => change({ form: undefined })}
        onDone={(identity) => change({ form: undefined, identity })}
      />
    </>
  );
}

const sources = [
  { id: 'all', title: 'All' },
  { id: 'network', title: 'Of the network' },
  { id: 'issued', title: 'Issued here' },
  { id: 'imported', title: 'Imported' },
] as const;

function Summary({ rows }: { rows: readonly IdentityRow[] }) {
  const now = useNow(MINUTE_MS);
  const states = rows.map(({ identity }) => expiryOf(identity.expires, now).state);
  const expired = states.filter((state) => state === 'expired').length;
  const soon = states.filter((state) => state === 'soon').length;
  const refused = rows.filter(({ identity }) => identity.problem !== null).length - expired;
  const organizations = new Set(rows.map(({ identity }) => identity.organization)).size;
  return (
    <>
      {expired > 0 && <Badge tone="danger">{expired} expired</Badge>}
      {refused > 0 && <Badge tone="danger">{refused} refused by nodes</Badge>}
      {soon > 0 && (
        <Badge tone="warn" icon="clock">
          {soon} expiring within 30 days
        </Badge>
      )}
      {expired + refused + soon === 0 && rows.length > 0 && <Badge tone="ok">All usable</Badge>}
      <span>
        {plural(rows.length, 'identity', 'identities')} of {plural(organizations, 'organization')}
      </span>
    </>
  );
}

function Body({
  rows,
  search,
  change,
}: {
  rows: readonly IdentityRow[];
  search: IdentitiesSearch;
  change: (part: Partial<IdentitiesSearch>) => void;
}) {
  const { q = '', source = 'all' } = search;
  const shown = rows.filter((row) => (source === 'all' || row.identity.source === source) && matches(row, q));
  if (rows.length === 0) {
    return (
      <Empty title="No identity yet" command="cityflow up">
        The network’s first start issues certificates to the identities of its topology.
      </Empty>
    );
  }
  if (shown.length === 0) {
    return q === '' ? (
      <Empty
        title={source === 'issued' ? 'Nothing was issued here yet' : 'Nothing was imported yet'}
        command={
          source === 'issued'
            ? 'cityflow identities issue ParkingOperator/desk-2 --attribute role=operator'
            : 'cityflow identities import --certificate cert.pem --key key.pem'
        }
      >
        {source === 'issued'
          ? 'An identity that the CA of one of the organizations issues stands here, and its key stays encrypted.'
          : 'A certificate and key that a CA elsewhere issued stand here, the key encrypted.'}
      </Empty>
    ) : (
      <Empty
        title={`No identity matches “${q}”`}
        action={<Button onPress={() => change({ q: undefined, source: undefined })}>Show all</Button>}
      />
    );
  }
  return (
    <IdentityTable
      rows={shown}
      selected={search.identity}
      sort={{ column: search.sort ?? 'organization', descending: search.descending ?? false }}
      onSort={({ column, descending }) => {
        const sort = identitySorts.find((name) => name === column);
        change({ sort, descending: descending || undefined });
      }}
      onOpen={(identity) => change({ identity })}
    />
  );
}
