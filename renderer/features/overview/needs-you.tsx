import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Attention } from '../../network/attention';
import { DRIFT } from '../../network/node-look';
import { Badge } from '../../ui/badge';
import { Icon } from '../../ui/icon';
import { Panel } from '../../ui/panel';

const SHOWN = 4;

export function NeedsYou({ attention }: { attention: readonly Attention[] }) {
  return (
    <Panel
      title="Needs you"
      className="attention"
      aside={attention.length > 0 && <Badge tone="warn">{attention.length}</Badge>}
    >
      {attention.length === 0 ? (
        <p className="all-well">
          <span className="state ok">
            <Icon name="check" />
          </span>
          Every node is up, every peer is level, no certificate expires soon.
        </p>
      ) : (
        <ul>
          {attention.slice(0, SHOWN).map((item) => (
            <li key={item.id}>
              <Where item={item}>
                <span className={`state ${item.tone}`}>
                  <Icon name={item.tone === 'danger' ? 'x' : 'warn'} />
                </span>
                <span>
                  <b>{item.title}</b>
                  <span>{item.detail}</span>
                </span>
              </Where>
            </li>
          ))}
          {attention.length > SHOWN && (
            <li className="alert">
              <span />
              <span>and {attention.length - SHOWN} more</span>
            </li>
          )}
        </ul>
      )}
    </Panel>
  );
}

/** Leads to the view that shows it best. */
function Where({ item, children }: { item: Attention; children: ReactNode }) {
  const { channel, node, identity, kept, drifted } = item;
  const content = (
    <>
      {children}
      <Icon name="next" />
    </>
  );
  if (channel !== undefined) {
    return (
      <Link className="alert" to="/channels" search={{ channel, ...(node !== undefined && { peer: node }) }}>
        {content}
      </Link>
    );
  }
  if (node !== undefined) {
    return (
      <Link className="alert" to="/network/$node" params={{ node }}>
        {content}
      </Link>
    );
  }
  if (identity !== undefined) {
    return (
      <Link className="alert" to="/identities" search={{ identity }}>
        {content}
      </Link>
    );
  }
  if (kept) {
    return (
      <Link className="alert" to="/settings" search={{ tab: 'kept' }}>
        {content}
      </Link>
    );
  }
  if (drifted) {
    return (
      <Link className="alert" to="/network" search={{ view: 'table', filter: DRIFT }}>
        {content}
      </Link>
    );
  }
  return <span className="alert">{children}</span>;
}
