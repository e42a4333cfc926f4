import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMay } from '../../client/use-role';
import { Filters, PageHead } from '../../ui/page';
import { SegmentedControl } from '../../ui/tabs';
import { Empty } from '../../ui/waiting';
import { About } from './about';
import { AuditLog } from './audit-log';
import { Diagnostics } from './diagnostics';
import { General } from './general';
import { Kept } from './kept';
import type { settingsTabs } from './search';
import './settings.css';

const route = getRouteApi('/settings');
type Tab = (typeof settingsTabs)[number];

const tabs: { id: Tab; title: string }[] = [
  { id: 'general', title: 'General' },
  { id: 'kept', title: 'What is kept' },
  { id: 'audit', title: 'Audit log' },
  { id: 'diagnostics', title: 'Diagnostics' },
  { id: 'about', title: 'About' },
];

/** How the console looks and behaves, what it keeps, who did what, and what it is. */
export function Settings() {
  const { tab = 'general' } = route.useSearch();
  const navigate = useNavigate({ from: '/settings' });
  return (
    <>
      <PageHead title="Settings" />
      <Filters>
        <SegmentedControl
          label="Which settings"
          items={tabs}
          selected={tab}
          onSelect={(id) => void navigate({ search: { tab: id } })}
        />
      </Filters>
      {tab === 'general' && <General />}
      {tab === 'kept' && <Kept />}
      {tab === 'audit' && (
        <AdminsOnly what="The audit log" operation="audit.list">
          <AuditLog />
        </AdminsOnly>
      )}
      {tab === 'diagnostics' && (
        <AdminsOnly what="A diagnostics bundle" operation="diagnostics.bundle">
          <Diagnostics />
        </AdminsOnly>
      )}
      {tab === 'about' && <About />}
    </>
  );
}

function AdminsOnly({
  what,
  operation,
  children,
}: {
  what: string;
  operation: 'audit.list' | 'diagnostics.bundle';
  children: React.ReactNode;
}) {
  const { may, refusal } = useMay(operation);
  if (may) return children;
  return <Empty title={`${what} is for admins`}>{refusal}</Empty>;
}
