import { useMemo, useState } from 'react';
import { useOfferCommands } from '../commands/provider';
import type { Identity } from '../../electron/api/models';
import { actAs, actingKeys, inActingOrder, useActingIdentity } from '../network/acting';
import { useIdentities } from '../network/use-network';
import { Menu } from '../ui/menu';
import { OrgTile, useOrganizationClass } from '../ui/organization';

const none: readonly Identity[] = [];

/** Who transactions are signed by, and everybody else it could be: one click, or one key. */
export function ActingIdentity() {
  const identities = useIdentities().data ?? none;
  const acting = useActingIdentity();
  const organizationClass = useOrganizationClass(acting?.organization ?? '');
  const [isOpen, setOpen] = useState(false);
  useOfferCommands(
    useMemo(
      () => [
        {
          id: 'act.choose',
          title: 'Choose who to act as',
          section: 'Identities',
          shortcut: 'a',
          run: () => setOpen(true),
        },
      ],
      [],
    ),
  );
  if (!acting) return null;
  const keys = actingKeys(identities);
  return (
    <>
      <span className="acting-label" aria-hidden="true">
        Acting as
      </span>
      <Menu
        label="Acting as"
        triggerClass={`pick acting ${organizationClass}`}
        selected={acting.id}
        isOpen={isOpen}
        onOpenChange={setOpen}
        trigger={
          <>
            <OrgTile name={acting.organization} />
            <span className="who">
              {acting.organization} / {acting.name} <small>{roleOf(acting)}</small>
            </span>
          </>
        }
        entries={inActingOrder(identities).map((identity) => {
          const key = keys.get(identity.id);
          return {
            id: identity.id,
            text: identity.id,
            content: (
              <>
                <OrgTile name={identity.organization} />
                {identity.organization} / {identity.name}
              </>
            ),
            note: identity.problem === null ? roleOf(identity) : 'nodes will refuse it',
            ...(key !== undefined && { shortcut: key }),
            onAction: () => actAs(identity.id),
          };
        })}
      />
    </>
  );
}

/** The contracts look at the attribute `role`; without it the certificate's own role says who this is. */
function roleOf({ attributes, role }: Identity): string {
  return attributes['role'] ? `role ${attributes['role']}` : role;
}
