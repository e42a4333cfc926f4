import { Link } from '@tanstack/react-router';
import { formatNumber } from '../../ui/format';

/** Where one is in the ledger, and the ways back. */
export function Crumbs({ channel, block }: { channel: string; block?: string | undefined }) {
  return (
    <nav className="lg-crumbs" aria-label="In the ledger">
      <Link className="link" to="/ledger" search={{ channel }}>
        {channel}
      </Link>
      {block !== undefined && (
        <>
          <span aria-hidden="true">/</span>
          <Link
            className="link"
            to="/ledger/$channel/blocks/$block"
            params={{ channel, block }}
            search={{ channel }}
          >
            Block {formatNumber(block)}
          </Link>
        </>
      )}
    </nav>
  );
}
