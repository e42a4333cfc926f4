import { getRouteApi } from '@tanstack/react-router';
import { useOperation } from '../../client/use-operation';
import type { LedgerTransactionModel, TransactionPlace } from '../../../electron/api/ledger-models';
import { nodeTitle } from '../../network/membership';
import { useNetworkStatus } from '../../network/use-network';
import { saveText } from '../../client/save-file';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { CopyButton } from '../../ui/copy-id';
import { shortId } from '../../ui/format';
import { PageHead } from '../../ui/page';
import { Resource } from '../../ui/resource';
import { ChangesPanel } from './changes-panel';
import { Crumbs } from './crumbs';
import { Endorsements, Fingerprints } from './endorsements';
import { Outsider } from './ledger';
import { Arguments, BlockNeighbours, Facts } from './transaction-facts';
import { Verdict } from './verdict';
import './ledger.css';

const byId = getRouteApi('/ledger/$channel/tx/$transaction');
const byPlace = getRouteApi('/ledger/$channel/blocks/$block/$position');

/** One transaction, by its id. */
export function TransactionPage() {
  const { channel, transaction } = byId.useParams();
  return (
    <Shown
      key={transaction}
      place={{ channel, transactionId: transaction }}
      words={shortId(transaction, 12, 8)}
    />
  );
}

/** One transaction by where it stands: it need not have an id of its own. */
export function TransactionAtPage() {
  const { channel, block, position } = byPlace.useParams();
  return (
    <Shown
      key={`${block}:${position}`}
      place={{ channel, block, position: Number(position) }}
      words={`Transaction ${position} of block ${block}`}
    />
  );
}

function Shown({ place, words }: { place: TransactionPlace; words: string }) {
  const { channel } = place;
  const found = useOperation('ledger.transaction', place);
  const members = useNetworkStatus().data?.channels.find(({ name }) => name === channel)?.members;
  const { data } = found;
  const id = data?.transactionId ?? ('transactionId' in place ? place.transactionId : undefined);
  return (
    <>
      <PageHead
        title={id === undefined ? words : shortId(id, 12, 8)}
        facts={
          <>
            {id !== undefined && <CopyButton text={id} what="transaction id" />}
            {data && <Code transaction={data} />}
            <Crumbs channel={channel} block={data?.blockNumber} />
            {data && <span className="quiet">Transaction {data.position}</span>}
            {data && <span className="quiet only-wide">read from {nodeTitle(data.readFrom)}</span>}
          </>
        }
        actions={data && <Export transaction={data} />}
      />
      {members && <Outsider channel={channel} members={members} />}
      <div className={found.data ? 'lg-page' : 'lg-page lg-without'}>
        <Resource of={found} what={`Reading the transaction from ${channel}`} lines={8}>
          {(transaction) => <Whole transaction={transaction} />}
        </Resource>
      </div>
    </>
  );
}

function Code({ transaction: { status, code } }: { transaction: LedgerTransactionModel }) {
  return (
    <Badge tone={status === 'VALID' ? 'ok' : 'danger'}>
      {status}, code {code}
    </Badge>
  );
}

function Export({ transaction }: { transaction: LedgerTransactionModel }) {
  const { channel, blockNumber, position } = transaction;
  return (
    <Button
      icon="download"
      onPress={() =>
        saveText(
          `${channel}-${blockNumber}-${position}.json`,
          JSON.stringify(transaction, null, 2),
          'application/json',
        )
      }
    >
      Export
    </Button>
  );
}

function Whole({ transaction }: { transaction: LedgerTransactionModel }) {
  const { channel, blockNumber: block, position } = transaction;
  const place = { channel, block, position };
  return (
    <div className={transaction.explanation ? 'body lg-tx lost' : 'body lg-tx'}>
      <Verdict transaction={transaction} />
      <div className="lg-column lg-left">
        <Facts transaction={transaction} />
        {transaction.actions.map((action, index) => (
          <Arguments
            key={index}
            action={action}
            number={transaction.actions.length > 1 ? index + 1 : undefined}
            place={place}
          />
        ))}
        <BlockNeighbours place={place} />
      </div>
      <ChangesPanel transaction={transaction} place={place} />
      <div className="lg-column lg-right">
        <Endorsements transaction={transaction} />
        <Fingerprints transaction={transaction} place={place} />
      </div>
    </div>
  );
}
