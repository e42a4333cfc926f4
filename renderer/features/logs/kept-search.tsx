import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useOperation } from '../../client/use-operation';
import { levels } from '../../logs/log-line';
import type { LogView } from '../../logs/search';
import { nodeTitle } from '../../network/membership';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/fields';
import { formatNumber, plural } from '../../ui/format';
import { Panel } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import { FilterChip } from '../../ui/tabs';
import { Empty } from '../../ui/waiting';
import { FoundLines, useFound } from './found-lines';
import type { LogSearch } from '../../../electron/api/node-models';

const route = getRouteApi('/logs');
const TRANSACTION = /^[0-9a-f]{64}$/;

/** Looks for a text in all that is kept of all logs. An id of a transaction leads to everything about it. */
export function KeptSearch({
  view,
  onChange,
}: {
  view: LogView;
  onChange: (change: Partial<LogView>) => void;
}) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/logs' });
  const asked = view.text ?? '';
  const [typed, setTyped] = useState(asked);
  const submit = () => {
    const wanted = typed.trim();
    if (TRANSACTION.test(wanted)) void navigate({ search: { transaction: wanted } });
    else void navigate({ search: (before) => ({ ...before, text: wanted || undefined }) });
  };
  const found = useOperation('logs.search', { text: asked }, { enabled: asked !== '' });
  return (
    <div className="logs-view">
      <div className="log-filters">
        <div className="log-search" data-filter>
          <TextField
            label="Search all logs"
            hideLabel
            inputType="search"
            placeholder="Text, or id of a transaction"
            value={typed}
            onChange={setTyped}
            onSubmit={submit}
          />
        </div>
        <Button icon="search" onPress={submit} isPending={found.isFetching}>
          Search all logs
        </Button>
        <FilterChip
          isSelected={search.wrap ?? false}
          onChange={(wrap) => onChange({ wrap: wrap || undefined })}
        >
          Wrap
        </FilterChip>
      </div>
      {asked === '' ? (
        <div className="panel logs-result">
          <Empty title="Which logs?">
            Choose nodes above to read and follow their logs, or search all that is kept of all of them: a
            text, or the id of a transaction.
          </Empty>
        </div>
      ) : (
        <Panel className="logs-result" title={`Lines with “${asked}”`} {...noteOf(found.data)}>
          <Resource of={found} what="Reading all logs" lines={8}>
            {(answer) => <Result answer={answer} text={asked} view={view} />}
          </Resource>
        </Panel>
      )}
    </div>
  );
}

function noteOf(found: LogSearch | undefined): { note?: string } {
  if (!found) return {};
  const total = found.nodes.reduce((sum, { matches }) => sum + matches, 0);
  return {
    note: found.truncated
      ? `the newest ${formatNumber(found.matches.length)} of ${formatNumber(total)}`
      : plural(total, 'line'),
  };
}

function Result({ answer, text, view }: { answer: LogSearch; text: string; view: LogView }) {
  const all = useFound(answer);
  const level = levels.indexOf(view.level ?? 'debug');
  const lines = useMemo(() => all.filter((line) => levels.indexOf(line.level) >= level), [all, level]);
  if (lines.length === 0) {
    return (
      <>
        <Empty title="No line has this text">
          All that is kept of all logs was read, older files included.
        </Empty>
        <Unread answer={answer} />
      </>
    );
  }
  return (
    <>
      <PerNode answer={answer} text={text} />
      <FoundLines label={`Lines with ${text}`} lines={lines} text={text} isWrapped={view.wrap ?? false} />
      <Unread answer={answer} />
    </>
  );
}

/** How many lines each node has; opens that node's log with the same search. */
function PerNode({ answer, text }: { answer: LogSearch; text: string }) {
  const navigate = useNavigate({ from: '/logs' });
  return (
    <p className="logs-counts">
      {answer.nodes
        .filter(({ matches }) => matches > 0)
        .map(({ node, matches }) => (
          <Button
            key={node}
            small
            kind="quiet"
            onPress={() => void navigate({ search: { nodes: [node], text } })}
          >
            {nodeTitle(node)} <b>{formatNumber(matches)}</b>
          </Button>
        ))}
    </p>
  );
}

/** Nodes whose logs could not be read are part of the answer. */
export function Unread({ answer }: { answer: LogSearch }) {
  const unread = answer.nodes.filter(({ problem }) => problem !== null);
  if (unread.length === 0) return null;
  return (
    <div className="logs-unread">
      {unread.map(({ node, problem }) => (
        <p key={node}>
          <Badge tone="warn">not read</Badge> {nodeTitle(node)}: {problem}
        </p>
      ))}
    </div>
  );
}
