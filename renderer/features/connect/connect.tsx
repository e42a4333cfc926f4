import { useNetworkStatus } from '../../network/use-network';
import type { NetworkStatus } from '../../../electron/api/models';
import { Badge } from '../../ui/badge';
import { PageHead } from '../../ui/page';
import { Resource } from '../../ui/resource';
import { Doctor } from './doctor';
import { Runtimes } from './runtimes';
import { SavedNetworks } from './saved-networks';
import { Starting, useStart } from './starting';
import type { Start } from './starting';
import './connect.css';

/** What there is to connect to, how it is started, and what stands in the way. */
export function Connect() {
  const status = useNetworkStatus();
  const start = useStart();
  return (
    <>
      <PageHead
        title="Connect"
        facts={status.data && <Verdict status={status.data} isStarting={start.isStarting} />}
      />
      <Resource of={status} what="Asking which networks there are">
        {(data) => <Networks status={data} start={start} />}
      </Resource>
    </>
  );
}

function Verdict({ status, isStarting }: { status: NetworkStatus; isStarting: boolean }) {
  if (status.state === 'running') return <Badge tone="ok">{status.network} is running</Badge>;
  if (isStarting) return <Badge tone="accent">{status.network} is starting</Badge>;
  if (status.state === 'degraded') return <Badge tone="warn">{status.network} is running in part</Badge>;
  if (status.state === 'starting') return <Badge tone="accent">{status.network} is starting</Badge>;
  return (
    <Badge tone="idle">
      {status.runtime === null ? `${status.network} was never started` : `${status.network} is stopped`}
    </Badge>
  );
}

function Networks({ status, start }: { status: NetworkStatus; start: Start }) {
  return (
    <div className="body connect">
      {start.task && <Starting task={start.task} />}
      <Runtimes status={status} start={start} />
      <SavedNetworks status={status} />
      <Doctor />
    </div>
  );
}
