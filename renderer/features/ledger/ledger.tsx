import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { NetworkStatus } from '../../../electron/api/models';
import { operationKey } from '../../client/use-operation';
import { useActingIdentity } from '../../network/acting';
import { shortChannelName } from '../../network/membership';
import { useNetworkStatus } from '../../network/use-network';
import { formatNumber, plural } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { Filters, PageHead } from '../../ui/page';
import { Resource } from '../../ui/resource';
import { SegmentedControl } from '../../ui/tabs';
import { Empty } from '../../ui/waiting';
import { BlockList } from './block-list';
import { OpenField } from './open-field';
import './ledger.css';

const route = getRouteApi('/ledger');

/** The blocks of a channel, newest first. */
export function Ledger() {
  const status = useNetworkStatus();
  const running = status.data !== undefined && status.data.state !== 'stopped';
  if (running) return <RunningLedger status={status.data} />;
  return (
    <>
      <PageHead title="Ledger" />
      <Resource of={status} what="Asking how many blocks there are">
        {() => (
          <Empty title="The network is not running" command="cityflow up --detach">
            Blocks are read from the peers. Their ledgers are kept.
          </Empty>
        )}
      </Resource>
    </>
  );
}

function RunningLedger({ status }: { status: NetworkStatus }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/ledger' });
  const channel = status.channels.find(({ name }) => name === search.channel) ?? status.channels[0];
  if (!channel) {
    return (
      <>
        <PageHead title="Ledger" />
        <Empty title="There is no channel" command="cityflow channels list">
          A ledger belongs to a channel, and the topology has none.
        </Empty>
      </>
    );
  }
  return (
    <>
      <PageHead
        title="Ledger"
        facts={
          <>
            <span>{channel.name}</span>
            <span>
              {channel.height === null ? 'no peer answers' : plural(Number(channel.height), 'block')}
            </span>
            <span className="quiet">{channel.members.join(', ')}</span>
          </>
        }
      />
      <Filters>
        <SegmentedControl
          label="Channel"
          items={status.channels.map(({ name, height }) => ({
            id: name,
            title: shortChannelName(name),
            ...(height !== null && { note: formatNumber(height) }),
          }))}
          selected={channel.name}
          onSelect={(name) => void navigate({ search: (before) => ({ ...before, channel: name }) })}
        />
        <OpenField key={channel.name} channel={channel.name} />
      </Filters>
      <div className="body">
        <Blocks key={channel.name} channel={channel} />
      </div>
    </>
  );
}

function Blocks({ channel: { name, height, members } }: { channel: NetworkStatus['channels'][number] }) {
  const queries = useQueryClient();
  const [shown, setShown] = useState(height === null ? 0 : Number(height));
  // What was shown stays while nobody answers.
  const live = height === null ? shown : Number(height);
  // Nothing was shown so far, or the network was recreated and its chain begins anew.
  const list = shown === 0 || live < shown ? live : shown;
  useEffect(() => {
    if (list === shown) return;
    // Blocks of the network before have the same numbers.
    for (const operation of ['ledger.blocks', 'ledger.block', 'ledger.transaction'] as const) {
      void queries.resetQueries({ queryKey: operationKey(operation) });
    }
    setShown(list);
  }, [list, shown, queries]);
  const fresh = live - list;
  return (
    <section className="panel lg-list" aria-label={`Blocks of ${name}`}>
      <Outsider channel={name} members={members} />
      {fresh > 0 && (
        <button type="button" className="new-rows lg-new" onClick={() => setShown(live)}>
          <Icon name="up" small />
          <span role="status">{plural(fresh, 'new block')}</span> – show
        </button>
      )}
      {list === 0 ? (
        <Empty title={`No peer of ${name} answers`} command="cityflow nodes list">
          Blocks are read from the peers that joined the channel: start one of them.
        </Empty>
      ) : (
        <BlockList channel={name} height={list} />
      )}
    </section>
  );
}

/** Reads are made as each peer's own organization; that the acting identity could not make them is said. */
export function Outsider({ channel, members }: { channel: string; members: readonly string[] }) {
  const acting = useActingIdentity();
  if (!acting || members.includes(acting.organization)) return null;
  return (
    <p className="lg-outsider">
      <Icon name="lock" small />
      <span>
        {acting.organization} is no member of {channel}: its peers would refuse {acting.id}. The console reads
        this as an admin of the peers’ own organizations ({members.join(', ')}).
      </span>
    </p>
  );
}
