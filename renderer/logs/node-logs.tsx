import { useState } from 'react';
import { DownloadButton } from './download-button';
import { LogFilters } from './log-filters';
import { LogLevelButton } from './log-level-button';
import { LogPane } from './log-pane';
import { useLogView } from './use-log-view';
import { useLogSources } from './use-log-source';
import './logs.css';

/**
 * The log of one node, following it. Takes the height it is given; what is searched for and shown stands in the
 * address (`logViewSearch`).
 * @param node full name
 */
export function NodeLogs({ node }: { node: string }) {
  const [view, change] = useLogView();
  const [source] = useLogSources([node], view.at);
  const [nextRequest, setNextRequest] = useState(0);
  if (!source) return null;
  return (
    <div className="node-logs">
      <LogPane
        key={`${node} ${view.at ?? ''}`}
        source={source}
        title={`Log of ${node}`}
        heading={
          <LogFilters view={view} onChange={change} onNext={() => setNextRequest((count) => count + 1)} />
        }
        view={view}
        nextRequest={nextRequest}
        actions={
          <>
            <DownloadButton nodes={[node]} />
            <LogLevelButton node={node} />
          </>
        }
      />
    </div>
  );
}
