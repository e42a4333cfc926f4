import { Link } from '@tanstack/react-router';
import type { LedgerTransactionModel } from '../../../electron/api/ledger-models';
import { shortId } from '../../ui/format';
import { Icon } from '../../ui/icon';
import { Prose } from '../../ui/prose';
import { versionText } from './ledger-words';

/** Why an invalid transaction counts for nothing, and the race it lost where it lost one. */
export function Verdict({ transaction }: { transaction: LedgerTransactionModel }) {
  const { explanation, channel, blockNumber, position } = transaction;
  if (!explanation) return null;
  const { title, detail, hint, conflict } = explanation;
  return (
    <section className="lg-verdict" aria-labelledby="lg-verdict">
      <div>
        <h2 id="lg-verdict">
          <Icon name="warn" />
          {title}
        </h2>
        <p>
          <Told detail={detail} channel={channel} writer={conflict?.writer.transactionId} />{' '}
          <Prose text={hint} />
        </p>
      </div>
      {conflict && (
        <ol className="lg-race" aria-label="The order of what happened">
          <li>
            <b className="mono">
              {conflict.read
                ? versionText({ block: conflict.read.blockNumber, position: conflict.read.position })
                : 'absent'}
            </b>
            <small>read here</small>
          </li>
          <li className="win">
            <b className="mono">
              {versionText({ block: conflict.writer.blockNumber, position: conflict.writer.position })}
            </b>
            <small>winner wrote it</small>
          </li>
          <li className="lost">
            <b className="mono">{versionText({ block: blockNumber, position })}</b>
            <small>this one, rejected</small>
          </li>
        </ol>
      )}
    </section>
  );
}

/** The winner's id, wherever the words name it, leads to it. */
function Told({ detail, channel, writer }: { detail: string; channel: string; writer: string | undefined }) {
  const [before, ...after] = writer === undefined || writer === '' ? [detail] : detail.split(writer);
  if (writer === undefined || after.length === 0) return <Prose text={detail} />;
  return (
    <>
      {before}
      <Link
        className="link mono"
        to="/ledger/$channel/tx/$transaction"
        params={{ channel, transaction: writer }}
        search={{ channel }}
        title={writer}
      >
        {shortId(writer, 8, 6)}
      </Link>
      {after.join(writer)}
    </>
  );
}
