import type { Identity } from '../../../electron/api/models';
import { actAs } from '../../network/acting';
import { useIdentities } from '../../network/use-network';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { speakerOf } from './speakers';

/** Why the acting identity can do nothing on this channel, and who could. What was entered stays. */
export function NotAMember({
  acting,
  channel,
  members,
}: {
  acting: Identity;
  channel: string;
  members: readonly string[];
}) {
  const identities = useIdentities().data ?? [];
  const others = members.flatMap((organization) => speakerOf(identities, organization) ?? []);
  return (
    <section className="problem warn not-a-member" role="status">
      <Icon name="lock" />
      <h3>
        {acting.organization} is no member of {channel}
      </h3>
      <p>None of its peers has this channel, so it can neither evaluate nor submit here.</p>
      <div className="actions">
        {others.map(({ id }) => (
          <Button key={id} small onPress={() => actAs(id)}>
            Act as {id}
          </Button>
        ))}
      </div>
    </section>
  );
}
