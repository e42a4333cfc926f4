import { getRouteApi, Link } from '@tanstack/react-router';
import { useContracts } from '../../network/use-contracts';
import { useNetworkStatus } from '../../network/use-network';
import { PageHead } from '../../ui/page';
import { Resource } from '../../ui/resource';
import { Empty } from '../../ui/waiting';
import { chooseContract } from './choose-contract';
import { History } from './history';
import { Studio } from './studio';
import './transactions.css';

const route = getRouteApi('/transactions');

/** Runs functions of contracts as the acting identity, and shows what became of it. */
export function Transactions() {
  const status = useNetworkStatus();
  const search = route.useSearch();
  const running = status.data !== undefined && status.data.state !== 'stopped';
  const contracts = useContracts({ enabled: running });
  if (search.view === 'history') return <History />;
  if (status.data !== undefined && !running) {
    return (
      <>
        <PageHead title="Transactions" />
        <Empty
          title="The network is not running"
          command="cityflow up --detach"
          action={
            <Link from="/transactions" to="." search={{ view: 'history' }} className="btn">
              Look at the history
            </Link>
          }
        >
          Contracts are called through the gateways of their peers. What was run before is kept.
        </Empty>
      </>
    );
  }
  if (contracts.data === undefined) {
    return (
      <>
        <PageHead title="Transactions" />
        <Resource of={contracts} what="Asking which contracts there are">
          {() => null}
        </Resource>
      </>
    );
  }
  const chosen = chooseContract(contracts.data, search);
  return chosen ? (
    <Studio contracts={contracts.data} contract={chosen.contract} notice={chosen.notice} />
  ) : (
    <>
      <PageHead title="Transactions" />
      <Empty title="No contract is declared" command="cityflow contracts list">
        The topology names the contracts and their channels.
      </Empty>
    </>
  );
}
